// Shortcuts, always with Alt, and only where the person has not turned them off.
import { allMet } from './judging.js';
import { playOrPause } from './stage.js';

const decide = (form, number, value) => {
  const radio = form.querySelectorAll('[data-mapping]')[number - 1]?.querySelector(`input[type=radio][value=${value}]`);
  if (!radio || radio.disabled) return;
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event('change', { bubbles: true }));
};

const press = (form, key) => form.querySelector(`[data-key=${key}]`)?.click();

const ACTS = {
  KeyA: allMet,
  KeyW: form => form.querySelector('#id_feedback').focus(),
  KeyS: form => press(form, 'save'),
  KeyB: form => press(form, 'return'),
};

export const startKeys = form => {
  if (document.body.dataset.shortcuts === 'off') return;
  document.addEventListener('keydown', event => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const digit = event.code.match(/^Digit([1-9])$/)?.[1];
    let done = true;
    if (event.code === 'KeyG') document.querySelector('[data-next-gap]')?.click();
    else if (event.code === 'KeyP' && form) playOrPause();
    else if (form && digit) decide(form, Number(digit), event.shiftKey ? 'not_yet' : 'met');
    else if (form && ACTS[event.code]) ACTS[event.code](form);
    else done = false;
    if (done) event.preventDefault();
  });
};
