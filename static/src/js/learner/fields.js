// Fields that belong to one kind, or to one answer, come and go with it. What was typed in them stays.
const toggle = (form, name, selector, fits) => {
  for (const input of form.querySelectorAll(`[name="${name}"]`)) {
    input.addEventListener('change', () => {
      for (const part of form.querySelectorAll(selector)) part.hidden = !fits(part, input.value);
    });
  }
};

export const startFields = form => {
  toggle(form, 'kind', '[data-kinds]', (part, value) => part.dataset.kinds.split(' ').includes(value));
  toggle(form, 'ai_use', '[data-when="ai_use"]', (part, value) => part.dataset.value === value);
};
