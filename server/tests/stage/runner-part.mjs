// The runner's parts, in a context of their own: what they know of the browser is what stands in it.

import { readFile } from 'node:fs/promises';
import vm from 'node:vm';

const PARTS = new URL('../../../book/stage/runner/parts/', import.meta.url);

/**
 * A module of the parts as a script, which leaves what it exports in its context.
 * @param {string} name
 */
export async function scriptOfPart(name) {
  const text = await readFile(new URL(`${name}.js`, PARTS), 'utf8');
  return new vm.Script(text.replaceAll(/^import .*;$/gm, '').replaceAll(/^export /gm, ''), { filename: `${name}.js` });
}

/** Parts that are there at once. @param {(own: unknown) => unknown} install by what is given to it */
export const partsThere = (install) => ({
  speakOf: () => false,
  create(/** @type {string} */ _name, /** @type {string} */ _lack, /** @type {unknown} */ own) {
    const part = install(own);
    return { now: part, load() {}, use: (/** @type {(part: unknown) => void} */ act) => act(part) };
  },
});
