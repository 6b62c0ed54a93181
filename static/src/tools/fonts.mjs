// One weight (650) of Atkinson Hyperlegible Next, cut down to what English and Welsh need.
// Source: @fontsource-variable/atkinson-hyperlegible-next (SIL Open Font License 1.1).
import fs from 'node:fs';
import { BUILD, NODE_MODULES } from './paths.mjs';

const FROM = `${NODE_MODULES}@fontsource-variable/atkinson-hyperlegible-next/files/`;
const range = (a, b) => Array.from({ length: b - a + 1 }, (_, i) => String.fromCodePoint(a + i)).join('');
const CUTS = [
  { name: 'latin', source: 'latin', text: `${range(0x20, 0x7e)}${range(0xa0, 0xff)}–—‘’‚“”•…` },
  { name: 'welsh', source: 'latin-ext', text: 'ŴŵŶŷẀẁẂẃẄẅỲỳ' },
];

const cut = async (subsetFont, { source, text }, target) => {
  const font = fs.readFileSync(`${FROM}atkinson-hyperlegible-next-${source}-wght-normal.woff2`);
  fs.writeFileSync(target, await subsetFont(font, text, { targetFormat: 'woff2', variationAxes: { wght: 650 } }));
};

// Cutting takes a second or two and the source never changes under one version, so what is there is kept.
export const fonts = async () => {
  fs.mkdirSync(`${BUILD}fonts`, { recursive: true });
  const missing = CUTS.map(each => ({ each, target: `${BUILD}fonts/attest-head-${each.name}.woff2` })).filter(
    ({ target }) => !fs.existsSync(target),
  );
  if (!missing.length) return;
  const { default: subsetFont } = await import('subset-font');
  for (const { each, target } of missing) await cut(subsetFont, each, target);
};
