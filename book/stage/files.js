// @ts-check
// The files of a demo. One has its editor alone; of several, each has a tab. The first is the one that runs, and that links of the instruments are about; the
// others are what it imports.
//
// May import: code-file.js, dom.js, pairing.js, tablist.js.

import { createCodeFile } from './code-file.js';
import { el } from './dom.js';
import { NO_PAIR } from './pairing.js';
import { createTablist } from './tablist.js';

/** @typedef {{ name: string, code: string }} Source a file, with its text in the book */

/**
 * @param {string} demo its name
 * @param {Source[]} sources the first has the demo's name
 * @param {Parameters<typeof createCodeFile>[2] & { onshow: (name: string) => void }} hooks `onshow` is told, of several, which one is shown
 */
export function createFiles(demo, sources, { onshow, ...hooks }) {
  const isOnly = sources.length === 1;
  const boxes = sources.map(() => el('div', { class: 'demo-editor' }));
  const panels = sources.map(({ name }, index) =>
    el(
      'div',
      { id: `demo-${demo}-file-${index}`, class: 'demo-file' },
      // Read on paper, where both files follow each other.
      el('p', { class: 'file-name', 'aria-hidden': 'true' }, name),
      boxes[index],
    ),
  );
  const tabs = isOnly
    ? undefined
    : createTablist(
        `Files of ${demo}`,
        'demo-files',
        sources.map(({ name }, index) => ({ title: name, panel: panels[index] })),
        show,
      );
  const element = tabs ? el('div', { class: 'demo-code' }, tabs.element, ...panels) : boxes[0];
  let shown = 0;
  const all = sources.map(({ name, code }, index) => {
    // Files of two demos may have the same name.
    const key = index === 0 ? name : `${demo}/${name}`;
    // Only the first names rooms.
    const pairing = index === 0 ? hooks.pairing : () => NO_PAIR;
    return createCodeFile(boxes[index], { name, key, bookCode: code, isOnly }, { ...hooks, pairing });
  });
  show(0);

  /** @param {number} index */
  function show(index) {
    shown = index;
    tabs?.show(index);
    if (!isOnly) onshow(all[index].name);
  }

  return {
    element,
    all,
    first: all[0],
    /** The one that the reader sees. */
    get shown() {
      return all[shown];
    },

    /** The file of this name; the first, if it is empty. */
    named: (/** @type {string} */ name) => all.find((file) => file.name === name) ?? all[0],

    /** Shows a file, and leads to a line of it. @param {string} name @param {number} line */
    goTo(name, line) {
      const file = all.find((one) => one.name === name) ?? all[0];
      show(all.indexOf(file));
      file.editor.goTo(line);
    },

    /** @param {import('./code-file.js').CodeFile} file */
    show: (file) => show(all.indexOf(file)),
  };
}
