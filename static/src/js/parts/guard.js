// A form is sent once. The button that sent it stays as wide as it was, says that it is busy and keeps its
// name and value in what is sent. A form whose answer is a download carries data-again and is left alone.
const restore = form => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll('[data-busy-was]')) {
    button.disabled = false;
    button.innerHTML = button.dataset.busyWas;
    button.removeAttribute('data-busy-was');
    button.style.minWidth = '';
  }
};

const showBusy = button => {
  button.dataset.busyWas = button.innerHTML;
  button.style.minWidth = `${button.offsetWidth}px`;
  if (button.dataset.busy) button.textContent = button.dataset.busy;
  button.disabled = true;
};

export const guardForms = () => {
  document.addEventListener('submit', event => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== 'post' || 'again' in form.dataset) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'yes';
    const button = event.submitter;
    // After this turn the browser has read the fields, so the pressed button's own value is in.
    if (button?.matches('button')) setTimeout(() => showBusy(button));
  });
  // Back from the next page: the form may be sent again.
  window.addEventListener('pageshow', event => {
    if (event.persisted) document.querySelectorAll('form[data-sent]').forEach(restore);
  });
};
