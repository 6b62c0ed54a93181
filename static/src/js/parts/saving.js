// What both autosaves share: what became of a save, the line that says so, and not leaving while something is unsaved.
// "Saved" is said only when everything on the page is stored. What it says stands in the page: components/saving.html.
const words = () => document.getElementById('saving-words').dataset;

export const say = (name, gaps = {}) =>
  Object.entries(gaps).reduce((text, [gap, value]) => text.replace(`{${gap}}`, () => value), words()[name] ?? '');

// --- what became of it: { answer } is kept; { again } may succeed later, `after` ms from now when the server said when;
// --- { refused } will not until something changes --------------------------------------------------------------------

const TRY_AGAIN = new Set([408, 425, 429]);

const read = async response => {
  try {
    return await response.json();
  } catch {
    return {}; // a page: the proxy's, or a sign-in
  }
};

const whyNot = (status, answer) => {
  const said = answer.sentence ?? answer.problem;
  if (said) return say('not', { why: said });
  if (status === 401) return say('signedOut');
  return say(status === 413 ? 'large' : 'gone');
};

// When a server that cannot take it now says to come back: Retry-After, in seconds, at most five minutes.
const MOST_AFTER_S = 300;
export const afterOf = told => (Number(told) > 0 ? Math.min(Number(told), MOST_AFTER_S) * 1000 : undefined);

const busy = async response => {
  const { sentence } = await read(response);
  return { again: sentence ? say('not', { why: sentence }) : say('busy'), after: afterOf(response.headers.get('Retry-After')) };
};

export const send = async (url, options) => {
  let response;
  try {
    response = await fetch(url, { method: 'POST', ...options });
  } catch {
    return { again: say('offline') };
  }
  const { status } = response;
  if (status >= 500 || TRY_AGAIN.has(status)) return busy(response);
  const answer = await read(response);
  // A script is never led elsewhere: where it was, something else answered than the save.
  if (response.redirected) return { refused: say('gone'), answer };
  return response.ok ? { answer, kept: true } : { status, answer, refused: whyNot(status, answer) };
};

// --- the line ------------------------------------------------------------------------------------------------------

export const savedLine = () => {
  const line = document.querySelector('[data-save-line]');
  const write = (text, not) => {
    if (!line) return;
    line.querySelector('[data-saved-words]').textContent = text;
    line.querySelector('[data-saved-mark]').hidden = !not;
    line.classList.toggle('at-saved--not', not);
  };
  return { saved: text => write(text, false), not: text => write(text, true) };
};

// --- one field -----------------------------------------------------------------------------------------------------

const controlOf = (form, name) => {
  const found = form.elements[name];
  return found instanceof RadioNodeList ? found[0] : found;
};

export const clearError = (form, name) => {
  const control = controlOf(form, name);
  const id = `id_${name}-error`;
  document.getElementById(id)?.remove();
  if (!control) return;
  control.closest('.govuk-form-group')?.classList.remove('govuk-form-group--error');
  control.classList.remove('govuk-input--error', 'govuk-textarea--error');
  control.removeAttribute('aria-invalid');
  const rest = (control.getAttribute('aria-describedby') ?? '').split(' ').filter(one => one && one !== id);
  if (rest.length) control.setAttribute('aria-describedby', rest.join(' '));
  else control.removeAttribute('aria-describedby');
};

export const showError = (form, name, sentence) => {
  clearError(form, name);
  const control = controlOf(form, name);
  const group = control?.closest('.govuk-form-group');
  if (!group) return;
  const place = document.createElement('p');
  place.className = 'govuk-error-message';
  place.id = `id_${name}-error`;
  place.textContent = sentence;
  const radios = group.querySelector('.govuk-radios');
  (radios ?? control).before(place);
  group.classList.add('govuk-form-group--error');
  if (control.matches('textarea')) control.classList.add('govuk-textarea--error');
  else if (control.matches('input:not([type=radio])')) control.classList.add('govuk-input--error');
  control.setAttribute('aria-invalid', 'true');
  control.setAttribute('aria-describedby', `${control.getAttribute('aria-describedby') ?? ''} ${place.id}`.trim());
};

// --- leaving -------------------------------------------------------------------------------------------------------

const LEFT_MS = 10_000;

const plainLink = event => {
  const link = event.target.closest?.('a[href]');
  const plain = !event.defaultPrevented && event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey);
  if (!plain || !link || link.target || link.download) return null;
  const there = new URL(link.href, location.href);
  return there.origin === location.origin && there.pathname !== location.pathname ? link : null;
};

// Asks before a page is left on which something is unsaved. A link within the product saves first and asks only when that
// did not help; a form of the page takes what is typed with it.
export const guardLeaving = (form, { unsaved, save }) => {
  let leaving = false;
  document.addEventListener('submit', event => {
    if (event.target !== form || event.defaultPrevented) return;
    leaving = true;
    setTimeout(() => {
      leaving = false;
    }, LEFT_MS);
  });
  addEventListener('pageshow', () => {
    leaving = false;
  });
  addEventListener('beforeunload', event => {
    if (!leaving && unsaved()) event.preventDefault();
  });
  document.addEventListener('click', async event => {
    const link = plainLink(event);
    if (!link || !unsaved()) return;
    event.preventDefault();
    await save();
    location.assign(link.href);
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && !leaving) save();
  });
};
