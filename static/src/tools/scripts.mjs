// One minified module for each file directly in static/src/js; what they share lies in static/src/js/parts.
import fs from 'node:fs';
import * as esbuild from 'esbuild';
import { BUILD, SRC } from './paths.mjs';

const entries = () =>
  fs
    .readdirSync(`${SRC}js`)
    .filter(name => name.endsWith('.js'))
    .map(name => `${SRC}js/${name}`);

export const scripts = () =>
  esbuild.build({
    entryPoints: entries(),
    outdir: `${BUILD}js`,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2020',
    legalComments: 'none',
    logLevel: 'warning',
  });
