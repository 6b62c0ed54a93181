// What is typed is saved a moment after the last key. The revision tells the server which text was on this page:
// if another tab was faster, both texts are shown and nothing is overwritten until the learner says so.
// Each field is kept or refused by itself: what is refused is said at once and is not tried again before it was changed.
import { clearError, guardLeaving, savedLine, say, send, showError } from '../parts/saving.js';
import { say as sayHere } from './words.js';

const WAIT_MS = 1500;
const AGAIN_MS = 8000;
const MOST_KEEPALIVE = 60_000; // bytes that a browser sends after its page is gone
// Not the words of the piece (web.learner.forms.BESIDE).
const SKIP = new Set(['csrfmiddlewaretoken', 'idempotency_key', 'revision', 'unit', 'thing', 'declared', 'files', 'seen']);

const values = form => {
  const found = {};
  for (const [name, value] of new FormData(form)) {
    if (!SKIP.has(name) && typeof value === 'string') found[name] = value;
  }
  return found;
};

export const startAutosave = form => {
  const line = savedLine();
  const revision = () => form.elements.revision;
  // What the server has. After a form that was refused nothing on the page is known to be stored.
  let known = form.dataset.unstored ? {} : values(form);
  let stopped = form.dataset.unstored === 'stale'; // both texts are shown: saving waits for the learner
  let refused = {}; // field → why it is not stored
  let tried = {}; // field → what was refused
  let lost = null; // what was sent and never answered: it may be stored
  let trouble = '';
  let savedAt = '';
  let halted = ''; // the page as it was when the server refused it whole
  let elsewhere = () => false; // is anything that is no text of this form not stored?
  let timer = null;
  let running = null;

  const unsaved = () => {
    const now = values(form);
    return Object.keys(now).filter(name => now[name] !== known[name]);
  };
  const savable = now =>
    stopped || !form.dataset.autosave || halted === JSON.stringify(now)
      ? []
      : unsaved().filter(name => !(name in refused && tried[name] === now[name]));

  const tell = () => {
    const why = [...new Set(Object.values(refused))].join(' ');
    if (why) line.not(say('not', { why }));
    else if (trouble) line.not(trouble);
    else line.saved(unsaved().length || elsewhere() || !savedAt ? '' : say('saved', { at: savedAt }));
  };

  const schedule = wait => {
    clearTimeout(timer);
    if (!stopped && form.dataset.autosave) timer = setTimeout(save, wait);
  };

  const forget = name => {
    delete refused[name];
    delete tried[name];
    clearError(form, name);
  };

  const refuse = (name, sentence, text) => {
    refused[name] = sentence;
    tried[name] = text;
    if (form.elements[name]) showError(form, name, sentence);
  };

  const keep = (answer, sent) => {
    revision().value = answer.revision;
    for (const [name, text] of Object.entries(sent)) {
      if (answer.errors[name]) {
        refuse(name, answer.errors[name], text);
        continue;
      }
      known[name] = text;
      if (name in refused || document.getElementById(`id_${name}-error`)) forget(name);
    }
    savedAt = answer.saved || savedAt;
    tell();
    if (savable(values(form)).length) schedule(WAIT_MS);
  };

  // The answer to an earlier save got lost: what "another tab" wrote is what was typed here.
  const isOwn = answer =>
    lost && Object.entries(answer.theirs).every(([name, text]) => !(name in lost) || lost[name].trim() === text.trim());

  const takeUp = answer => {
    for (const name of Object.keys(lost)) if (name in answer.theirs) known[name] = lost[name];
    lost = null;
    revision().value = answer.revision;
    schedule(0);
  };

  const overtaken = answer => (answer.draft && isOwn(answer) ? takeUp(answer) : showConflict(answer));

  const settle = ({ after, answer, again, kept, refused: why, status }, sent) => {
    trouble = again ?? '';
    if (again) {
      lost = { ...lost, ...sent };
      tell();
      return schedule(after ?? AGAIN_MS);
    }
    if (status === 409) return overtaken(answer);
    lost = null;
    if (kept) return keep(answer, sent);
    if (answer.errors) {
      for (const [name, sentence] of Object.entries(answer.errors)) refuse(name, sentence, sent[name]);
    } else {
      trouble = why;
      halted = JSON.stringify(values(form));
    }
    tell();
  };

  const post = async sent => {
    const body = JSON.stringify({ revision: Number(revision().value), fields: sent });
    const headers = {
      'Content-Type': 'application/json',
      'X-CSRFToken': form.elements.csrfmiddlewaretoken.value,
      'X-Requested-With': 'XMLHttpRequest',
    };
    settle(await send(form.dataset.autosave, { headers, body, keepalive: body.length < MOST_KEEPALIVE }), sent);
  };

  // One at a time: a second save would carry a revision that the first is just making old.
  const save = async () => {
    clearTimeout(timer);
    if (running) {
      schedule(WAIT_MS);
      return running;
    }
    const now = values(form);
    const names = savable(now);
    if (!names.length) return undefined;
    running = post(Object.fromEntries(names.map(name => [name, now[name]]))).finally(() => {
      running = null;
    });
    return running;
  };

  const showConflict = answer => {
    stopped = true;
    line.saved('');
    const place = document.querySelector('[data-conflict]');
    const part = document.getElementById('conflict').content.cloneNode(true);
    part.querySelector('[data-sentence]').textContent = `${answer.sentence} `;
    const theirs = part.querySelector('[data-theirs]');
    for (const [name, text] of Object.entries(answer.theirs)) {
      if (!form.elements[name] || form.elements[name].value === text) continue;
      const row = document.createElement('p');
      row.textContent = sayHere('theirs', { text: text || '–' });
      theirs.append(row);
    }
    const close = () => {
      revision().value = answer.revision;
      place.hidden = true;
      place.replaceChildren();
    };
    const keepMine = () => {
      close();
      stopped = false;
      known = {};
      save();
    };
    const takeOther = () => {
      for (const [name, text] of Object.entries(answer.theirs)) {
        if (!form.elements[name]) continue;
        form.elements[name].value = text;
        forget(name);
      }
      if (answer.draft) return keepMine();
      close(); // it was sent: there is nothing to write on any more
      known = values(form);
    };
    part.querySelector('[data-mine]').addEventListener('click', keepMine);
    part.querySelector('[data-other]').addEventListener('click', takeOther);
    if (!answer.draft) part.querySelector('[data-mine]').remove();
    place.replaceChildren(part);
    place.hidden = false;
    place.scrollIntoView({ block: 'center' });
  };

  const changed = wait => event => {
    if (event.target.type === 'file') return;
    const { name } = event.target;
    if (name in refused && values(form)[name] === known[name]) forget(name);
    tell();
    schedule(wait);
  };
  form.addEventListener('input', changed(WAIT_MS));
  form.addEventListener('change', changed(200));
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
  guardLeaving(form, { unsaved: () => unsaved().length > 0, save });
  if (form.dataset.unstored && !stopped) schedule(200);

  return {
    values: () => values(form),
    // After the draft was made, the server has what was in the form then. What was typed meanwhile is saved now.
    adopt(sent) {
      known = { ...known, ...sent };
      tell();
      schedule(WAIT_MS);
    },
    // "Saved" is about everything on the page: files that did not arrive too.
    watch(check) {
      elsewhere = check;
    },
    tell,
    save,
  };
};
