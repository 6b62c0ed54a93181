// Keeps what is typed on the server every few seconds, and hears who else has the piece open.
import { guardLeaving, savedLine, say, send } from '../parts/saving.js';

const PAUSE_MS = 2500;
const AGAIN_MS = 8000;
const HERE_MS = 45_000;
const MOST_KEEPALIVE = 60_000; // bytes that a browser sends after its page is gone

const skip = name => name === 'csrfmiddlewaretoken' || name === 'idempotency_key' || name.startsWith('round-');
const content = form =>
  JSON.stringify(Object.fromEntries([...new FormData(form)].filter(([name, value]) => !skip(name) && typeof value === 'string')));

const showHere = lines => {
  const region = document.getElementById('here');
  if (!region || region.textContent.trim() === lines.join('')) return;
  region.replaceChildren(
    ...lines.map(line => {
      const banner = document.createElement('div');
      banner.className = 'at-banner at-banner--sun';
      banner.textContent = line;
      return banner;
    }),
  );
};

export const startAutosave = form => {
  const token = form.querySelector('[name=csrfmiddlewaretoken]').value;
  const line = savedLine();
  // What the server has. After decisions that were refused, what is on the page is stored nowhere.
  let last = form.dataset.unstored ? '' : content(form);
  let refused = '';
  let timer = null;
  let running = null;

  const unsaved = () => content(form) !== last;

  const settle = ({ after, answer, again, kept, refused: why }, now) => {
    const typed = now !== last;
    if (kept) {
      last = now;
      refused = '';
      if (typed) line.saved(unsaved() ? '' : answer.saved);
      showHere(answer.here);
      return;
    }
    if (!typed) return; // only that the page is open was to be said
    line.not(again ?? why);
    if (again) soon(after ?? AGAIN_MS);
    else refused = now;
  };

  const post = async now => {
    const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': token, 'X-Requested-With': 'fetch' };
    settle(await send(form.dataset.draft, { headers, body: now, keepalive: now.length < MOST_KEEPALIVE }), now);
  };

  // One at a time: the last one wins, so the older must not come in behind the newer.
  const save = async () => {
    clearTimeout(timer);
    const now = content(form);
    if (running) {
      soon();
      return running;
    }
    if (now === refused) return undefined;
    running = post(now).finally(() => {
      running = null;
    });
    return running;
  };

  const soon = (wait = PAUSE_MS) => {
    clearTimeout(timer);
    if (!form.dataset.sent) timer = setTimeout(save, wait);
  };
  const changed = () => {
    if (unsaved() && !refused) line.saved('');
    soon();
  };
  form.addEventListener('input', changed);
  form.addEventListener('change', changed);
  form.addEventListener('submit', () => clearTimeout(timer));
  addEventListener('online', () => soon(200));
  guardLeaving(form, { unsaved, save: async () => unsaved() && save() });
  setInterval(() => {
    if (document.visibilityState === 'visible' && !form.dataset.sent) save();
  }, HERE_MS);
  if (form.dataset.unstored) soon(200);
};
