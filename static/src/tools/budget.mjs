// Compressed size of what a first visit loads, and a look for government branding or data addresses in the css.
import fs from 'node:fs';
import { gzipSync } from 'node:zlib';
import { BUILD } from './paths.mjs';

const read = name => fs.readFileSync(`${BUILD}${name}`);
const gz = name => gzipSync(read(name), { level: 9 }).length;
const kB = n => `${(n / 1000).toFixed(1)} kB`;
let bad = 0;

const limit = (what, n, max) => {
  if (n > max) bad += 1;
  console.log(`${n <= max ? 'ok  ' : 'OVER'} ${what}: ${kB(n)} of ${kB(max)}`);
};

limit('css, learner pages (gz)', gz('attest.css'), 20_000);
limit('css, workbench (gz)', gz('attest.css') + gz('workbench.css'), 28_000);
limit('js on every page, without htmx (gz)', gz('js/app.js'), 14_000);
limit('icons (gz)', gz('icons.svg'), 8_000);
const fonts = fs.readdirSync(`${BUILD}fonts`).map(name => fs.statSync(`${BUILD}fonts/${name}`).size);
limit('heading font', fonts.reduce((sum, size) => sum + size, 0), 40_000);

const css = `${read('attest.css')}${read('workbench.css')}`.toLowerCase();
for (const word of ['gds transport', 'crown', 'crest', 'govuk-header__logotype', 'url(data:']) {
  if (!css.includes(word)) continue;
  bad += 1;
  console.log(`FOUND "${word}" in the css`);
}
process.exit(bad ? 1 : 0);
