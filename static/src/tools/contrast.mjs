// Reads _tokens.scss, works out the contrast of every pair the design uses, in light and in dark.
// Text needs 4.5:1 (WCAG 1.4.3), shapes and borders that carry meaning 3:1 (1.4.11).
// Ends with a non-zero status if a pair falls short. `--md` prints a table for a document.
import fs from 'node:fs';

const scss = fs.readFileSync(new URL('../scss/_tokens.scss', import.meta.url), 'utf8');
const sass = Object.fromEntries([...scss.matchAll(/^\$(at-[\w-]+):\s*(#[0-9a-f]{6});/gm)].map(m => [m[1], m[2]]));
const theme = name => {
  const from = scss.indexOf(`@mixin ${name} {`), block = scss.slice(from, scss.indexOf('\n}', from));
  const raw = Object.fromEntries([...block.matchAll(/--at-([\w-]+):\s*([^;]+);/g)].map(m => [m[1], m[2].trim()]));
  return Object.fromEntries(Object.entries(raw).map(([k, v]) => [k, v.replace(/#\{\$([\w-]+)\}/, (_, n) => sass[n])]).filter(([, v]) => /^#[0-9a-f]{6}$/.test(v)));
};
const lum = hex => { const [r, g, b] = [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16) / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const ratio = (a, b) => { const [x, y] = [lum(a), lum(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };

const on = (texts, grounds, min = 4.5) => texts.flatMap(t => grounds.map(g => [t, g, min]));
const pairs = [
  ...on(['ink', 'ink-2', 'link', 'brand'], ['surface', 'canvas', 'sunken', 'hover']),
  ...on(['ink-3'], ['surface', 'sunken', 'wait-soft']),
  ...on(['ink', 'ink-2', 'brand', 'link'], ['brand-soft']),
  ...on(['ink', 'ink-2'], ['sun-soft', 'met-soft', 'notyet-soft', 'back-soft', 'wait-soft', 'qa-soft']),
  ['on-brand', 'brand', 4.5], ['on-brand', 'brand-hover', 4.5], ['on-sun', 'sun', 4.5], ['on-sun', 'sun-hover', 4.5],
  ...on(['deep-ink', 'deep-ink-2'], ['deep', 'deep-2']),
  ...['met', 'notyet', 'back', 'wait', 'qa'].flatMap(s => on([s], [`${s}-soft`, 'surface', 'canvas'])),
  // shapes
  ...['met', 'notyet', 'back', 'wait', 'qa'].flatMap(s => on([`${s}-fill`], ['surface', `${s}-soft`], 3)),
  ['cell-mark', 'met-fill', 3], ['cell-mark', 'qa-fill', 3], ['cell-mark', 'back-fill', 3], ['on-brand', 'brand', 3],
  ['cell-empty', 'surface', 3], ['control', 'surface', 3], ['control', 'canvas', 3], ['brand-mid', 'surface', 3], ['brand-mid', 'wait-soft', 3], ['sun', 'deep', 3],
  ['focus', 'focus-ring', 3], ['brand', 'brand-line', 3],
];
let bad = 0;
const rows = pairs.map(([f, g, min]) => {
  const r = ['at-light', 'at-dark'].map(t => { const T = theme(t); if (!T[f] || !T[g]) throw new Error(`no token ${f} or ${g} in ${t}`); const x = ratio(T[f], T[g]); if (x < min) { bad++; console.error(`FAIL ${t}: ${f} on ${g} ${x.toFixed(2)} < ${min}`); } return x.toFixed(1); });
  return [f, g, min, ...r];
});
if (process.argv.includes('--md')) { console.log('| on top | ground | needs | light | dark |\n|---|---|---:|---:|---:|'); for (const r of rows) console.log(`| ${r.join(' | ')} |`); }
console.log(`${rows.length} pairs in two appearances, ${bad} too low`);
process.exit(bad ? 1 : 0);
