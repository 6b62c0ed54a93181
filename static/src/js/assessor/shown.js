// What was shown is noted file by file: a picture that was drawn, a recording that played, a file that was taken, words
// on the screen. A page that nobody looks at yet (fetched ahead, in a tab behind) notes nothing.
import { showToast } from '../parts/toasts.js';
import { unlock } from './judging.js';

const LATE_MS = 1200;
const AGAIN_MS = 5000;
const PLAYED_S = 2;

const noted = new Set();
const looking = () => !document.prerendering && document.visibilityState === 'visible';
const stage = () => document.getElementById('stage');

const showWaits = answer => {
  for (const link of document.querySelectorAll('[data-waits-for]')) {
    if (!answer.waits.includes(link.dataset.waitsFor)) link.remove();
  }
  if (!answer.seen) return;
  document.querySelector('[data-waits]')?.remove();
  unlock();
};

// Nothing can be written where Attest keeps things: what is seen cannot be noted, so judging waits. Said once.
let told = false;
const tellWhy = async response => {
  if (told || response.status < 500) return;
  told = true;
  const { sentence } = await response.json().catch(() => ({}));
  showToast(sentence, 'error');
};

const note = async file => {
  const { shown, token, version } = stage().dataset;
  const key = `${version} ${file}`;
  if (noted.has(key)) return;
  noted.add(key);
  try {
    const response = await fetch(shown, {
      method: 'POST',
      headers: { 'X-CSRFToken': token, 'X-Requested-With': 'fetch' },
      body: new URLSearchParams({ version, file }),
      keepalive: true,
    });
    if (!response.ok) {
      await tellWhy(response);
      throw new Error(response.status);
    }
    showWaits(await response.json());
  } catch {
    // No signal: it was seen all the same, so it is said again.
    noted.delete(key);
    setTimeout(look, AGAIN_MS);
  }
};

const look = () => {
  const here = stage();
  if (!here || !looking()) return;
  const { shows, file } = here.dataset;
  if (shows === 'words' || shows === 'text') note(file);
  if (shows !== 'pictures') return;
  const picture = here.querySelector('#view img');
  if (picture?.complete && picture.naturalWidth) note(file);
  else picture?.addEventListener('load', look, { once: true });
};

const played = media => {
  let seconds = 0;
  for (let n = 0; n < media.played.length; n += 1) seconds += media.played.end(n) - media.played.start(n);
  return seconds >= Math.min(PLAYED_S, (media.duration || PLAYED_S) * 0.4);
};

export const startShown = () => {
  if (!stage()) return;
  for (const name of ['visibilitychange', 'prerenderingchange', 'htmx:load']) document.addEventListener(name, look);
  document.addEventListener(
    'timeupdate',
    event => {
      if (event.target.id === 'player' && played(event.target)) note(stage().dataset.file);
    },
    true,
  );
  document.addEventListener('click', event => {
    const taken = event.target.closest('a[data-opens]');
    if (taken) note(taken.dataset.opens);
  });
  setTimeout(() => document.querySelector('[data-waits]')?.setAttribute('data-late', ''), LATE_MS);
  look();
};
