// What is typed is saved a moment after the last key. The revision tells the server which text was on this page:
// if another tab was faster, both texts are shown and nothing is overwritten until the learner says so.
import { say } from './words.js';

const WAIT_MS = 1500;
const AGAIN_MS = 8000;
const SKIP = new Set(['csrfmiddlewaretoken', 'idempotency_key', 'revision', 'unit', 'thing', 'declared', 'files']);

const values = form => {
  const found = {};
  for (const [name, value] of new FormData(form)) {
    if (!SKIP.has(name) && typeof value === 'string') found[name] = value;
  }
  return found;
};

export const startAutosave = form => {
  const line = document.querySelector('[data-saved]');
  const revision = () => form.elements.revision;
  let known = JSON.stringify(values(form));
  let timer = null;
  let running = null;
  let stopped = false;

  const tell = text => {
    if (line) line.textContent = text;
  };

  const schedule = wait => {
    clearTimeout(timer);
    if (!stopped && form.dataset.autosave) timer = setTimeout(save, wait);
  };

  const settle = async (response, sent) => {
    if (response.status === 409) return showConflict(await response.json());
    if (response.status === 400) return tell((await response.json()).sentence); // trying the same again would not help
    if (!response.ok) return response.status === 422 ? tell('') : retry();
    const answer = await response.json();
    revision().value = answer.revision;
    known = sent;
    tell(say('saved', { at: answer.saved }));
  };

  const retry = () => {
    tell(say('unsaved'));
    schedule(AGAIN_MS);
  };

  const post = async sent => {
    try {
      const response = await fetch(form.dataset.autosave, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'X-CSRFToken': form.elements.csrfmiddlewaretoken.value,
          'X-Requested-With': 'XMLHttpRequest',
        },
        body: JSON.stringify({ revision: Number(revision().value), fields: JSON.parse(sent) }),
      });
      await settle(response, sent);
    } catch {
      retry();
    }
  };

  const save = async () => {
    clearTimeout(timer);
    const sent = JSON.stringify(values(form));
    if (stopped || !form.dataset.autosave || sent === known) return;
    running = post(sent);
    await running;
    running = null;
  };

  const showConflict = answer => {
    stopped = true;
    tell('');
    const place = document.querySelector('[data-conflict]');
    const part = document.getElementById('conflict').content.cloneNode(true);
    part.querySelector('[data-sentence]').textContent = `${answer.sentence} `;
    const theirs = part.querySelector('[data-theirs]');
    for (const [name, text] of Object.entries(answer.theirs)) {
      if (!form.elements[name] || form.elements[name].value === text) continue;
      const row = document.createElement('p');
      row.textContent = say('there', { text: text || '–' });
      theirs.append(row);
    }
    const go = use => {
      if (use) use();
      revision().value = answer.revision;
      stopped = false;
      known = '';
      place.hidden = true;
      place.replaceChildren();
      save();
    };
    const takeOther = () => {
      for (const [name, text] of Object.entries(answer.theirs)) if (form.elements[name]) form.elements[name].value = text;
    };
    part.querySelector('[data-mine]').addEventListener('click', () => go());
    part.querySelector('[data-other]').addEventListener('click', () => go(takeOther));
    if (!answer.draft) part.querySelector('[data-mine]').parentElement.remove();
    place.replaceChildren(part);
    place.hidden = false;
    place.scrollIntoView({ block: 'center' });
  };

  form.addEventListener('input', event => {
    if (event.target.type !== 'file') schedule(WAIT_MS);
  });
  form.addEventListener('change', event => {
    if (event.target.type !== 'file') schedule(200);
  });
  addEventListener('online', () => schedule(200));
  // A save that is on its way would make the form's own revision stale: the form goes after it.
  form.addEventListener(
    'submit',
    event => {
      clearTimeout(timer);
      if (!running) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = event.submitter;
      running.then(() => form.requestSubmit(button));
    },
    true,
  );

  return {
    // After the draft was made, what is in the form is what the server has.
    adopt() {
      known = JSON.stringify(values(form));
    },
    save,
  };
};
