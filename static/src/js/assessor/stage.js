// The stage: going to a moment, larger, smaller, turned. Sizes are classes, because pages carry no styles.
const ZOOMS = 4;
const TURNS = 4;

const player = () => document.getElementById('player');

const mark = seconds => {
  for (const pin of document.querySelectorAll('.at-pin[data-seconds]')) {
    if (Number(pin.dataset.seconds) === seconds) pin.setAttribute('aria-current', 'true');
    else pin.removeAttribute('aria-current');
  }
  for (const mapping of document.querySelectorAll('[data-mapping][data-seconds]')) {
    mapping.classList.toggle('is-now', Number(mapping.dataset.seconds) === seconds);
  }
};

const goTo = seconds => {
  const media = player();
  media.currentTime = seconds;
  media.play().catch(() => {});
  mark(seconds);
};

const follow = () => {
  const media = player();
  const line = document.querySelector('[data-line]');
  if (!media) return;
  if (line && media.duration) {
    line.className = line.className.replace(/at-p\d+/, `at-p${Math.round((media.currentTime * 100) / media.duration)}`);
  }
  const times = [...document.querySelectorAll('.at-pin[data-seconds]')].map(pin => Number(pin.dataset.seconds));
  const passed = times.filter(time => time <= media.currentTime + 0.5);
  if (passed.length && !media.paused) mark(Math.max(...passed));
};

const step = (view, name, by, limit) => {
  const now = Number(view.dataset[name] ?? 0);
  const next = name === 'turn' ? (now + by + limit) % limit : Math.min(limit - 1, Math.max(0, now + by));
  view.classList.remove(`at-view--${name}${now}`);
  view.classList.add(`at-view--${name}${next}`);
  view.dataset[name] = next;
};

export const playOrPause = () => {
  const media = player();
  if (media) media.paused ? media.play().catch(() => {}) : media.pause();
};

export const startStage = () => {
  document.addEventListener('click', event => {
    const moment = event.target.closest('a[data-seconds]');
    if (moment && player()) {
      event.preventDefault();
      goTo(Number(moment.dataset.seconds));
    }
    const tool = event.target.closest('button[data-view]');
    const view = document.getElementById('view');
    if (!tool || !view) return;
    if (tool.dataset.view === 'larger') step(view, 'zoom', 1, ZOOMS);
    if (tool.dataset.view === 'smaller') step(view, 'zoom', -1, ZOOMS);
    if (tool.dataset.view === 'turn') step(view, 'turn', 1, TURNS);
  });
  document.addEventListener('timeupdate', follow, true);
};
