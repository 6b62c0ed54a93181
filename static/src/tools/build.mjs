// Builds everything the browser loads into static/build/. `--watch` rebuilds when a source changes.
import fs from 'node:fs';
import { icons } from './icons.mjs';
import { fonts } from './fonts.mjs';
import { scripts } from './scripts.mjs';
import { styles } from './styles.mjs';
import { BUILD, SRC } from './paths.mjs';

const steps = { icons, fonts, styles, scripts };

const run = async names => {
  const start = performance.now();
  await Promise.all(names.map(name => steps[name]()));
  console.log(`${names.join(', ')}: ${Math.round(performance.now() - start)} ms`);
};

const stepFor = file => {
  if (file.startsWith('scss')) return 'styles';
  if (file.startsWith('js')) return 'scripts';
  if (file.startsWith('icons')) return 'icons';
  return null;
};

const watch = () => {
  let waiting = new Set();
  let timer = null;
  fs.watch(SRC, { recursive: true }, (_event, file) => {
    const step = file && stepFor(file);
    if (!step) return;
    waiting.add(step);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const names = [...waiting];
      waiting = new Set();
      run(names).catch(error => console.error(error.message));
    }, 80);
  });
  console.log('watching');
};

fs.mkdirSync(BUILD, { recursive: true });
await run(Object.keys(steps));
if (process.argv.includes('--watch')) watch();
