// One region with role=status is on every page. What comes with the page is put in again a moment later, because
// screen readers speak what changes, not what was there from the start.
const STAYS_MS = 10_000;

const region = () => document.getElementById('toasts');

const dismissible = toast => {
  toast.querySelector('[data-dismiss]')?.addEventListener('click', () => toast.remove());
  if (toast.dataset.level === 'error' || toast.querySelector('form')) return;
  let timer = setTimeout(() => toast.remove(), STAYS_MS);
  const hold = () => clearTimeout(timer);
  const release = () => {
    hold();
    timer = setTimeout(() => toast.remove(), STAYS_MS);
  };
  toast.addEventListener('mouseenter', hold);
  toast.addEventListener('focusin', hold);
  toast.addEventListener('mouseleave', release);
  toast.addEventListener('focusout', release);
};

export const showToast = (text, level = 'info') => {
  const template = document.getElementById('toast-template');
  if (!template || !text) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.dataset.level = level;
  toast.querySelector('[data-text]').textContent = text;
  region().append(toast);
  dismissible(toast);
};

export const announceToasts = () => {
  const toasts = [...(region()?.children ?? [])];
  toasts.forEach(toast => toast.remove());
  setTimeout(() => {
    for (const toast of toasts) {
      region().append(toast);
      dismissible(toast);
    }
  }, 60);
};
