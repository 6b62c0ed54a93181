// Ticking: the count in the button, the same thing in two lists ticked together, and ticks that outlive a search.
const MANY = 40;

export const startShows = form => {
  const results = form.querySelector('#results');
  const boxes = () => [...form.querySelectorAll('input[name="thing"]')];

  const showWhere = box => {
    const where = box.closest('[data-thing]').querySelector('[data-where]');
    if (where) where.hidden = !box.checked;
  };

  const count = () => {
    const ticked = new Set(boxes().filter(box => box.checked).map(box => box.value)).size;
    form.querySelector('[data-count]').textContent = ticked;
    form.querySelector('[data-count-dot]').hidden = !ticked;
    document.querySelector('[data-many]').hidden = ticked <= MANY;
  };

  const follow = changed => {
    for (const box of boxes()) {
      if (box.value === changed.value) {
        box.checked = changed.checked;
        showWhere(box);
      }
    }
    count();
  };

  form.addEventListener('change', event => {
    if (event.target.name === 'thing') follow(event.target);
  });

  // Before other results come in, what was ticked among these moves up to the ticked ones.
  document.addEventListener('htmx:beforeSwap', event => {
    if (event.detail.target !== results) return;
    const known = new Set(boxes().filter(box => !results.contains(box)).map(box => box.value));
    for (const box of results.querySelectorAll('input[name="thing"]:checked')) {
      if (known.has(box.value)) continue;
      form.querySelector('[data-ticked]').append(box.closest('[data-thing]'));
      form.querySelector('[data-ticked-section]').hidden = false;
    }
  });
  document.addEventListener('htmx:afterSwap', event => {
    if (event.detail.target !== results) return;
    const ticked = new Set(boxes().filter(box => box.checked && !results.contains(box)).map(box => box.value));
    const untouched = new Set(boxes().filter(box => !results.contains(box)).map(box => box.value));
    for (const box of results.querySelectorAll('input[name="thing"]')) {
      if (untouched.has(box.value)) box.checked = ticked.has(box.value);
      showWhere(box);
    }
    count();
  });
  count();
};
