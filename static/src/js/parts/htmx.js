// What htmx brings in is started like the rest; what goes wrong is said in words, once, in the status region.
// A server speaks through HX-Trigger: {"at:toast": {"text": "…", "level": "info"}}.
import { showToast } from './toasts.js';
import { startComponents } from './components.js';

const words = name => document.getElementById('toasts')?.dataset[name];

export const listenToHtmx = () => {
  document.addEventListener('htmx:load', event => startComponents(event.detail.elt));
  document.addEventListener('at:toast', event => showToast(event.detail.text, event.detail.level));
  document.addEventListener('htmx:responseError', () => showToast(words('error'), 'error'));
  document.addEventListener('htmx:sendError', () => showToast(words('offline'), 'error'));
};
