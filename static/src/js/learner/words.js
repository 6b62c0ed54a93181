// What the script says stands in the page, in the learner's language: data-sending="Sending · {done} of {all}".
const store = () => document.getElementById('js-words')?.dataset ?? {};

export const say = (name, gaps = {}) =>
  Object.entries(gaps).reduce((text, [gap, value]) => text.replace(`{${gap}}`, value), store()[name] ?? '');

export const filesize = bytes => {
  if (bytes < 1000) return `${bytes} bytes`;
  const kilo = bytes / 1000;
  if (kilo < 1000) return `${Math.round(kilo)} kB`;
  const mega = kilo / 1000;
  return mega < 10 ? `${mega.toFixed(1)} MB` : `${Math.round(mega)} MB`;
};
