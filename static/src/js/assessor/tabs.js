// htmx brings the panel; the tab that was pressed keeps the focus and becomes the current one.
export const startTabs = () => {
  document.addEventListener('htmx:afterRequest', event => {
    const tab = event.target.closest?.('.at-tabs a');
    if (!tab || !event.detail.successful) return;
    for (const one of tab.parentElement.children) one.removeAttribute('aria-current');
    tab.setAttribute('aria-current', 'true');
  });
};
