// Files go as soon as they are chosen, two at a time, each with its own progress. The first one makes the draft.
// What a finished file looks like comes from the server; only a file on its way is drawn here.
import { afterOf } from '../parts/saving.js';
import { say, filesize } from './words.js';

const AT_ONCE = 2;
const POLL_MS = 1500;
const MOST_POLLS = 120;
const MOST_BY_ITSELF = 10; // how often a file goes again by itself where the server says when to come back

// The form was refused, so there is no draft to take files.
class Refused extends Error {}

// The server cannot take anything now, and said in words why and when to come back.
class Away extends Error {
  constructor(sentence, after) {
    super(sentence);
    this.after = after;
  }
}

export const startUploads = (form, autosave) => {
  const queue = [];
  const broken = new Set(); // on this page only: they can be tried again, or taken out
  const arrived = new Map(); // id → row: the server has it, the list does not show it yet
  let active = 0;
  let creating = null;
  let first = null; // what makes the draft: the same again when its answer got lost, so that there is one draft
  let waitingButton = null;
  let polls = 0;

  const list = () => document.getElementById('file-list');
  const rows = () => list().querySelector('[data-file-rows]');
  const note = document.querySelector('[data-dock-note]');
  const unfinished = () => queue.length + active;

  // --- the draft ---------------------------------------------------------------------------------------------------

  // The page of the new draft knows where to send files and what revision it has; this page takes that over.
  const takeOver = (html, url) => {
    const made = new DOMParser().parseFromString(html, 'text/html').querySelector('form[data-draft]');
    if (!made?.dataset.upload) throw new Error('no draft');
    form.setAttribute('action', made.getAttribute('action'));
    Object.assign(form.dataset, { autosave: made.dataset.autosave, upload: made.dataset.upload });
    form.elements.revision.value = made.elements.revision.value;
    form.elements.idempotency_key.value = made.elements.idempotency_key.value;
    list().dataset.files = made.querySelector('#file-list').dataset.files;
    for (const aimed of form.querySelectorAll('input[name="unit"], input[name="thing"]')) aimed.remove();
    history.replaceState(null, '', url);
  };

  // Why no draft can be made, in the server's words.
  const showProblems = html => {
    const summary = new DOMParser().parseFromString(html, 'text/html').querySelector('.govuk-error-summary');
    if (!summary) return;
    document.querySelector('.govuk-error-summary')?.remove();
    form.before(summary);
    summary.focus();
  };

  const create = async () => {
    first ??= { data: new FormData(form), values: autosave.values() };
    first.data.set('action', 'save');
    const response = await fetch(form.getAttribute('action'), { method: 'POST', body: first.data });
    if (response.status >= 500) throw new Away(say('broken'), afterOf(response.headers.get('Retry-After')));
    if (response.status === 422 || response.status === 409) {
      showProblems(await response.text());
      first = null; // what was refused is mended in the form
      throw new Refused(say('mend'));
    }
    if (response.status === 401) throw new Refused(say('signedOut'));
    if (!response.ok || !response.redirected) throw new Error('no draft');
    takeOver(await response.text(), response.url);
    autosave.adopt(first.values);
  };

  const ensureDraft = async () => {
    if (form.dataset.upload) return;
    creating ??= create().finally(() => {
      creating = null;
    });
    await creating;
  };

  // --- one file ----------------------------------------------------------------------------------------------------

  const drawRow = file => {
    const row = document.getElementById('file-row').content.firstElementChild.cloneNode(true);
    row.querySelector('[data-name]').textContent = file.name;
    row.querySelector('[data-state]').textContent = `${say('waiting')} · ${filesize(file.size)}`;
    row.querySelector('[data-cancel]').setAttribute('aria-label', say('remove', { name: file.name }));
    rows().append(row);
    list().hidden = false;
    return row;
  };

  const state = (job, text, tone = 'wait') => {
    const line = job.row.querySelector('[data-state]');
    line.textContent = text;
    line.className = `at-file__state at-file__state--${tone}`;
  };

  const stopWith = (job, text) => {
    state(job, text, 'back');
    job.row.querySelector('[data-bar]')?.remove();
  };

  const goAgain = (job, byItself = 0) => {
    clearTimeout(job.timer);
    broken.delete(job);
    job.row.remove();
    add(job.file, { again: true, byItself });
    next();
  };

  // `after`: the server said when it may take it. Then it goes again by itself, and a person need not wait for that.
  const offerAgain = (job, text = say('broken'), after = undefined) => {
    stopWith(job, text);
    broken.add(job);
    autosave.tell();
    const tried = job.byItself ?? 0;
    if (after && tried < MOST_BY_ITSELF) job.timer = setTimeout(() => goAgain(job, tried + 1), after);
    const again = document.createElement('button');
    again.type = 'button';
    again.className = 'govuk-button govuk-button--secondary at-button--sm';
    again.textContent = say('again');
    again.addEventListener('click', () => {
      goAgain(job);
      list().querySelector('#files-title').focus();
    });
    job.row.querySelector('[data-state]').after(again);
  };

  const read = request => {
    try {
      return JSON.parse(request.responseText);
    } catch {
      return {}; // a page: the proxy's, or a sign-in
    }
  };

  // The row stays until the list has the file: with the connection gone the list cannot be asked for.
  const isThere = async (job, id) => {
    state(job, say('there'), 'wait');
    job.row.querySelector('[data-bar]')?.remove();
    job.row.querySelector('[data-cancel]').remove(); // it is taken out by the list's own button
    arrived.set(id, job.row);
    await refresh().catch(poll);
  };

  const WHY = { 401: 'signedOut', 413: 'large' };

  // What may succeed the next time is offered again; what cannot says why.
  const sent = async job => {
    const { status } = job.request;
    const answer = read(job.request);
    if (status === 201) return isThere(job, answer.id);
    if (job.again && answer.codes?.includes('same-file')) return isThere(job, ''); // the try before did arrive
    if (status >= 500) return offerAgain(job, answer.sentence, afterOf(job.request.getResponseHeader('Retry-After')));
    if (answer.sentences) return stopWith(job, answer.sentences.join(' '));
    if (status in WHY) return stopWith(job, say(WHY[status]));
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) return stopWith(job, say('gone'));
    return offerAgain(job);
  };

  const transfer = job =>
    new Promise(resolve => {
      const data = new FormData();
      data.set('csrfmiddlewaretoken', form.elements.csrfmiddlewaretoken.value);
      data.set('file', job.file, job.file.name);
      const request = new XMLHttpRequest();
      job.request = request;
      request.open('POST', form.dataset.upload);
      request.setRequestHeader('X-Requested-With', 'XMLHttpRequest');
      request.upload.addEventListener('progress', event => {
        job.row.querySelector('[data-bar]').value = (100 * event.loaded) / event.total;
        state(job, say('sending', { done: filesize(event.loaded), all: filesize(event.total) }));
        if (event.loaded === event.total) state(job, say('checking'));
      });
      request.addEventListener('load', () => resolve(sent(job).catch(() => offerAgain(job))));
      request.addEventListener('error', () => {
        if (navigator.onLine) offerAgain(job);
        else pause(job);
        resolve();
      });
      request.addEventListener('abort', resolve);
      request.send(data);
    });

  const pause = job => {
    job.again = true; // all of it may have arrived, and only the answer was lost
    state(job, say('paused'));
    queue.unshift(job);
    document.querySelector('[data-offline]').hidden = false;
  };

  const run = async job => {
    try {
      await ensureDraft();
      await transfer(job);
    } catch (error) {
      if (error instanceof Refused) offerAgain(job, error.message);
      else if (error instanceof Away) offerAgain(job, error.message, error.after);
      else if (navigator.onLine) offerAgain(job);
      else pause(job);
    }
  };

  const next = () => {
    while (active < AT_ONCE && queue.length && navigator.onLine) {
      const job = queue.shift();
      if (job.cancelled) continue;
      active += 1;
      run(job).finally(() => {
        active -= 1;
        next();
      });
    }
    goOn();
  };

  const add = (file, options = {}) => {
    const job = { file, row: drawRow(file), ...options };
    job.row.querySelector('[data-cancel]').addEventListener('click', () => {
      job.cancelled = true;
      broken.delete(job);
      clearTimeout(job.timer);
      job.request?.abort();
      job.row.remove();
      list().querySelector('#files-title').focus();
      next();
    });
    if (!file.size) {
      stopWith(job, say('empty'));
      return;
    }
    queue.push(job);
  };

  const addAll = files => {
    for (const file of files) add(file);
    next();
  };

  // --- the list as the server has it -------------------------------------------------------------------------------

  const refresh = async () => {
    if (!list().dataset.files) return;
    const response = await fetch(list().dataset.files, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
    if (!response.ok) throw new Error('no list');
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById('file-list');
    for (const [id, row] of arrived) {
      if (id && !fresh.querySelector(`[data-file="${CSS.escape(id)}"]`)) continue;
      row.remove();
      arrived.delete(id);
    }
    const mine = [...rows().children].filter(row => !row.dataset.file);
    const focused = document.activeElement?.id;
    if (fresh.outerHTML !== refresh.last) {
      refresh.last = fresh.outerHTML;
      list().replaceWith(fresh);
      window.htmx?.process(fresh);
      if (focused) document.getElementById(focused)?.focus();
    }
    for (const row of mine) if (!row.isConnected) rows().append(row);
    if (mine.length) list().hidden = false;
    suggestTitle(fresh);
    poll();
  };

  const poll = () => {
    clearTimeout(poll.timer);
    polls += 1;
    const waits = list().dataset.unsettled || arrived.size;
    if (waits && polls < MOST_POLLS) poll.timer = setTimeout(() => refresh().catch(poll), POLL_MS);
  };

  // The name is filled in from what came first, where the learner has not written one.
  const suggestTitle = fresh => {
    const title = form.elements.title;
    if (title && !title.value && fresh.dataset.title) {
      title.value = fresh.dataset.title;
      title.dispatchEvent(new Event('input', { bubbles: true }));
    }
  };

  // --- going on ----------------------------------------------------------------------------------------------------

  // A file that did not arrive is on this page only: whoever goes on without a look would lose it.
  const goOn = () => {
    autosave.tell();
    if (waitingButton && !unfinished() && broken.size) {
      waitingButton = null;
      if (note) note.textContent = say('notThere');
      return;
    }
    if (note && (waitingButton || !broken.size)) note.textContent = waitingButton && unfinished() ? say('busy') : '';
    if (!waitingButton || unfinished()) return;
    const button = waitingButton;
    waitingButton = null;
    form.requestSubmit(button);
  };

  form.addEventListener(
    'submit',
    event => {
      if (!unfinished() && !broken.size) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      waitingButton = event.submitter;
      goOn();
    },
    true,
  );
  addEventListener('beforeunload', event => {
    if (unfinished() || broken.size) event.preventDefault();
  });
  addEventListener('online', () => {
    document.querySelector('[data-offline]').hidden = true;
    polls = 0;
    refresh().catch(poll);
    next();
  });
  addEventListener('offline', () => {
    document.querySelector('[data-offline]').hidden = false;
  });

  autosave.watch(() => unfinished() > 0 || broken.size > 0);

  // --- choosing ----------------------------------------------------------------------------------------------------

  const take = input => {
    addAll([...input.files]);
    input.value = '';
  };
  for (const input of form.querySelectorAll('[data-add]')) {
    input.addEventListener('change', () => take(input));
    if (input.files.length) take(input); // chosen before this script was there
  }
  const drop = form.querySelector('[data-drop]');
  if (matchMedia('(pointer: fine)').matches) drop.querySelector('[data-drop-hint]').hidden = false;
  document.addEventListener('dragover', event => event.preventDefault());
  document.addEventListener('drop', event => {
    event.preventDefault();
    if (event.dataTransfer?.files.length) addAll([...event.dataTransfer.files]);
  });
  if (list().dataset.unsettled) poll();
};
