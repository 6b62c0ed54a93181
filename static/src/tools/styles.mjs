// Sass to css: attest.css for every page, workbench.css on top of it for staff.
import fs from 'node:fs';
import * as sass from 'sass';
import { BUILD, NODE_MODULES, SRC } from './paths.mjs';

const compile = async name => {
  const { css } = await sass.compileAsync(`${SRC}scss/${name}.scss`, {
    loadPaths: [NODE_MODULES],
    style: 'compressed',
    quietDeps: true,
  });
  fs.writeFileSync(`${BUILD}${name}.css`, css);
};

export const styles = () => Promise.all(['attest', 'workbench'].map(compile));
