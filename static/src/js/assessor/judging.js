// Verdicts: "Met: all", what is missing, the five words, the setting, and the count at the foot.
const radios = (mapping, value) => mapping.querySelector(`input[type=radio][value=${value}]`);
const chosen = mapping => mapping.querySelector('input[type=radio]:checked')?.value ?? '';
const openMappings = form => [...form.querySelectorAll('[data-mapping]')].filter(c => c.dataset.open && radios(c, 'met'));

const count = form => {
  const values = openMappings(form).map(chosen);
  const of = value => values.filter(one => one === value).length;
  const met = of('met');
  const notYet = of('not_yet');
  const notRelevant = of('not_relevant');
  return { all: values.length, met, notYet, notRelevant, done: met + notYet + notRelevant };
};

const showTally = form => {
  const box = form.querySelector('[data-tally]');
  const n = count(form);
  const words = (text, number) => text.replace('{n}', number);
  const { decided, met, notYet, notRelevant, left } = box.dataset;
  box.querySelector('[data-tally-done]').textContent = decided.replace('{done}', n.done).replace('{all}', n.all);
  box.querySelector('[data-tally-parts]').textContent = [
    words(met, n.met),
    n.notYet ? words(notYet, n.notYet) : '',
    n.notRelevant ? words(notRelevant, n.notRelevant) : '',
    n.all - n.done ? words(left, n.all - n.done) : '',
  ]
    .filter(Boolean)
    .join(', ');
};

const showMissing = form => {
  for (const mapping of form.querySelectorAll('[data-mapping]')) {
    const more = mapping.querySelector('[data-missing]');
    if (more) more.hidden = chosen(mapping) !== 'not_yet' && !more.querySelector('input').value;
  }
};

const showNote = form => {
  const note = form.querySelector('[data-vacsr-note]');
  const off = form.querySelector('.at-standing__tick:checked');
  note.hidden = !off && !note.querySelector('input').value;
};

// What the assessor says about the place bars Met as much as what the learner said (R61), and nothing is met before it
// was all seen (R69). The server has the last word.
const showSetting = (form, changed) => {
  const select = form.querySelector('#id_setting_confirmed');
  if (!select) return;
  const word = form.querySelector('[data-setting-word]');
  if (changed && word) word.textContent = select.selectedOptions[0].textContent;
  for (const mapping of form.querySelectorAll('[data-mapping]')) {
    const met = radios(mapping, 'met');
    if (!met || met.hasAttribute('data-barred')) continue;
    const counts = mapping.dataset.counts?.split(' ');
    const barred = Boolean(counts && select.value && !counts.includes(select.value));
    met.disabled = barred || Boolean(form.dataset.unseen);
    if (barred) met.checked = false;
  }
};

// All of it was seen: from now on it can be met.
export const unlock = () => {
  const form = document.getElementById('judge');
  if (!form) return;
  form.dataset.unseen = '';
  const all = form.querySelector('[data-all-met]');
  if (all) all.disabled = false;
  for (const met of form.querySelectorAll('input[aria-describedby=waits]')) met.removeAttribute('aria-describedby');
  all?.removeAttribute('aria-describedby');
  refresh(form);
};

export const refresh = form => {
  showSetting(form, false);
  showMissing(form);
  showNote(form);
  showTally(form);
};

export const allMet = form => {
  for (const mapping of openMappings(form)) {
    const met = radios(mapping, 'met');
    if (!chosen(mapping) && !met.disabled) met.checked = true;
  }
  form.dispatchEvent(new Event('change', { bubbles: true }));
};

// What is still to be said comes next: a word to the learner, or where it happened and how the assessor knows.
const writeNext = form => {
  const asked = ['#id_setting_confirmed', '#id_setting_basis', '#id_currency_note', '#id_feedback'];
  const next = asked.map(one => form.querySelector(one)).find(one => one && !one.value && !one.closest('details:not([open])'));
  if (next && !(next.id === 'id_feedback' && form.dataset.answered)) next.focus();
};

export const startJudging = form => {
  form.addEventListener('change', event => {
    if (event.target.id === 'id_setting_confirmed') showSetting(form, true);
    refresh(form);
    if (event.target.value === 'not_yet' && event.target.type === 'radio') {
      event.target.closest('[data-mapping]').querySelector('[data-missing] input').focus();
    }
  });
  form.querySelector('[data-all-met]')?.addEventListener('click', event => {
    event.preventDefault();
    allMet(form);
    writeNext(form);
  });
  // Enter in a line of text writes nothing and sends nothing; in the search it searches.
  form.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.target.tagName !== 'INPUT') return;
    event.preventDefault();
    if (event.target.name === 'find') form.querySelector('button[value=find]').click();
  });
  form.querySelectorAll('[data-phrase]').forEach(button => button.addEventListener('click', () => addPhrase(form, button)));
  refresh(form);
};

const addPhrase = (form, button) => {
  const text = form.querySelector('#id_feedback');
  const gap = text.value && !/\s$/.test(text.value) ? ' ' : '';
  text.value += gap + button.textContent.trim();
  button.closest('details').open = false;
  text.focus();
  text.dispatchEvent(new Event('input', { bubbles: true }));
};
