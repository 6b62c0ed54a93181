// Keeps what is typed on the server every few seconds, and hears who else has the piece open.
const PAUSE_MS = 2500;
const HERE_MS = 45_000;

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
  const saved = form.querySelector('[data-saved]');
  let last = content(form);
  let timer = null;

  const save = async () => {
    const now = content(form);
    const typed = now !== last;
    try {
      const response = await fetch(form.dataset.draft, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token, 'X-Requested-With': 'fetch' },
        body: now,
        keepalive: now.length < 60_000,
      });
      const answer = await response.json();
      if (response.ok) {
        last = now;
        if (typed) saved.textContent = answer.saved;
        showHere(answer.here);
      } else if (answer.problem) saved.textContent = answer.problem;
    } catch {
      // No signal: the text is still on the page, and the next change tries again.
    }
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  };
  form.addEventListener('input', soon);
  form.addEventListener('change', soon);
  form.addEventListener('submit', () => clearTimeout(timer));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && !form.dataset.sent && content(form) !== last) save();
  });
  setInterval(() => {
    if (document.visibilityState === 'visible' && !form.dataset.sent) save();
  }, HERE_MS);
};
