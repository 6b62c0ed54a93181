// One minified module for each file in static/src/js and in the folder of an area (js/learner/add.js is served as
// js/learner/add.js). What they share lies in folders called parts and is bundled into each.
import fs from 'node:fs';
import * as esbuild from 'esbuild';
import { BUILD, SRC } from './paths.mjs';

const JS = `${SRC}js/`;
const scriptsIn = folder => fs.readdirSync(folder).filter(name => name.endsWith('.js')).map(name => `${folder}${name}`);

const entries = () => {
  const areas = fs.readdirSync(JS, { withFileTypes: true }).filter(each => each.isDirectory() && each.name !== 'parts');
  return [...scriptsIn(JS), ...areas.flatMap(area => scriptsIn(`${JS}${area.name}/`))];
};

export const scripts = () =>
  esbuild.build({
    entryPoints: entries(),
    outdir: `${BUILD}js`,
    outbase: JS,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2020',
    legalComments: 'none',
    logLevel: 'warning',
  });
