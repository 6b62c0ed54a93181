// Where the sources lie and where the built files go; the tools agree on it here.
import { fileURLToPath } from 'node:url';

const at = path => fileURLToPath(new URL(path, import.meta.url));

export const SRC = at('../');
export const BUILD = at('../../build/');
export const NODE_MODULES = at('../../../node_modules/');
