// The learner's pages. Every page works without this: it saves what is typed, sends files at once and counts ticks.
import { startAutosave } from './learner/autosave.js';
import { startFields } from './learner/fields.js';
import { startRead } from './learner/read.js';
import { startShows } from './learner/shows.js';
import { startUploads } from './learner/uploads.js';

const draft = document.querySelector('form[data-draft]');
if (draft) {
  const autosave = startAutosave(draft);
  startFields(draft);
  if (draft.querySelector('[data-drop]')) startUploads(draft, autosave);
}
const shows = document.querySelector('form[data-shows]');
if (shows) startShows(shows);
const unread = document.querySelector('form[data-read]');
if (unread) startRead(unread);
