// One sprite: the line icons named in icons/list.txt (lucide-static, ISC) as i-<name>, and our own status
// cells as c-<key>. Pictures (mark, favicon, the field of cells …) are copied beside it.
import fs from 'node:fs';
import { BUILD, NODE_MODULES, SRC } from './paths.mjs';

const read = path => fs.readFileSync(path, 'utf8');
const inside = svg =>
  svg
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/[\s\S]*?<svg[\s\S]*?>/, '')
    .replace('</svg>', '')
    .replace(/\s+/g, ' ')
    .trim();

const lineIcon = name =>
  `<symbol id="i-${name}" viewBox="0 0 24 24">${inside(read(`${NODE_MODULES}lucide-static/icons/${name}.svg`))}</symbol>`;

// A title inside a symbol would be read out a second time: the page names the cell itself.
const cells = () =>
  read(`${SRC}icons/cells.svg`)
    .match(/<symbol[\s\S]*?<\/symbol>/g)
    .map(symbol => symbol.replace(/<title>.*?<\/title>/s, '').replace(/\s+/g, ' '));

export const icons = async () => {
  const names = read(`${SRC}icons/list.txt`).split('\n').filter(Boolean);
  const symbols = [...names.map(lineIcon), ...cells()].join('');
  fs.writeFileSync(`${BUILD}icons.svg`, `<svg xmlns="http://www.w3.org/2000/svg">${symbols}</svg>\n`);
  fs.mkdirSync(`${BUILD}img`, { recursive: true });
  for (const name of ['mark', 'logo', 'favicon', 'select', 'field', 'next']) {
    fs.copyFileSync(`${SRC}icons/${name}.svg`, `${BUILD}img/${name}.svg`);
  }
};
