// The matrix is one tab stop: arrows, Home and End move, Enter explains the cell at the side, Escape comes back.
const stops = row => [...row.querySelectorAll('a.at-matrix__ac, td[role=gridcell]')];
const target = stop => (stop.matches('a') ? stop : (stop.querySelector('a') ?? stop));

const rowsOf = table => [...table.querySelectorAll('tr')].map(stops).filter(row => row.length);

const place = (rows, element) => {
  for (let y = 0; y < rows.length; y += 1) {
    const x = rows[y].findIndex(stop => stop === element || stop.contains(element));
    if (x >= 0) return [y, x];
  }
  return null;
};

export const startMatrix = table => {
  if (!table) return;
  const rows = rowsOf(table);
  let current = target(rows[1]?.[0] ?? rows[0][0]);
  let from = null;

  const settle = () => {
    table.querySelectorAll('a').forEach(link => link.setAttribute('tabindex', '-1'));
    current.setAttribute('tabindex', '0');
  };

  const move = (y, x) => {
    const stop = rows[Math.min(rows.length - 1, Math.max(0, y))];
    const next = target(stop[Math.min(stop.length - 1, Math.max(0, x))]);
    current.setAttribute('tabindex', '-1');
    next.setAttribute('tabindex', '0');
    current = next;
    next.focus();
    next.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };

  const explain = async (href, focus) => {
    table.querySelectorAll('.is-open').forEach(cell => cell.classList.remove('is-open'));
    current.closest('.at-matrix__cell')?.classList.add('is-open');
    await window.htmx.ajax('GET', href, { target: '#chosen', swap: 'outerHTML' });
    const chosen = document.getElementById('chosen');
    if (focus) (chosen.querySelector('a.govuk-button') ?? chosen).focus();
  };

  const KEYS = {
    ArrowRight: ([y, x]) => [y, x + 1],
    ArrowLeft: ([y, x]) => [y, x - 1],
    ArrowDown: ([y, x]) => [y + 1, x],
    ArrowUp: ([y, x]) => [y - 1, x],
    Home: ([y]) => [y, 0],
    End: ([y]) => [y, Infinity],
  };

  table.addEventListener('keydown', event => {
    const here = place(rows, event.target);
    if (!here || event.altKey || event.ctrlKey || event.metaKey) return;
    if (KEYS[event.key]) {
      event.preventDefault();
      move(...KEYS[event.key](here));
    } else if (event.key === 'Enter' && event.target.matches('a')) {
      event.preventDefault();
      from = event.target;
      explain(event.target.getAttribute('href'), true);
    }
  });

  table.addEventListener('click', event => {
    const link = event.target.closest('a.at-matrix__cell, a.at-matrix__ac');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    current.setAttribute('tabindex', '-1');
    current = link;
    link.setAttribute('tabindex', '0');
    link.focus();
    from = link;
    explain(link.getAttribute('href'), false);
  });

  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && from && event.target.closest('#chosen')) from.focus();
  });

  document.querySelector('[data-next-gap]')?.addEventListener('click', event => {
    event.preventDefault();
    const gaps = [...table.querySelectorAll('a[data-gap]')];
    const next = gaps[(gaps.indexOf(current) + 1) % gaps.length];
    if (!next) return;
    const [y, x] = place(rows, next);
    move(y, x);
    from = next;
    explain(next.getAttribute('href'), false);
  });

  settle();
};
