// @ts-check
// The place of the “NATs” panel, which is loaded when the code of a run opens a NAT lab, or a recording has one.
//
// May import: ../../dom.js.

import { el } from '../../dom.js';

/** @typedef {Awaited<ReturnType<typeof import('../lab.js').createLab>>} Loaded */

/**
 * Creates the place.
 * @param {() => string[]} openLabs the ids of the labs that the code has open
 * @param {() => Promise<Loaded>} load
 * @param {() => void} onload
 */
export function createLabPlace(openLabs, load, onload) {
  const element = el('div');
  /** @type {Loaded | undefined} */
  let panel;
  let isAsked = false;

  function loadOnce() {
    if (isAsked) return;
    isAsked = true;
    load().then(
      (loaded) => {
        panel = loaded;
        element.replaceChildren(loaded.element);
        onload();
      },
      () => {},
    );
  }

  return {
    title: 'NATs',
    about:
      'Each NAT of a lab: what kind it is, what stands in its table, and which packets it has dropped, and why. Look at what the one writes down when the other drops.',
    element,
    ask: () => panel?.ask(),
    /** @param {import('./panel.js').View} view */
    draw: (view) => panel?.draw(view),

    /** The labs of the run as they are now, or were seen last, to be saved. @returns {Promise<unknown[]>} */
    async read() {
      await panel?.askAll();
      return panel?.kept ?? [];
    },

    /**
     * Whether there is a lab to show. Loads what shows it.
     * @param {unknown[] | undefined} saved those of a recording; undefined if a run is shown
     */
    hasLab(saved) {
      const isThere = saved ? saved.length > 0 : openLabs().length > 0;
      if (isThere) loadOnce();
      return panel !== undefined && (isThere || (!saved && panel.kept.length > 0));
    },

    /** Another run has begun. */
    clear() {
      panel?.clear();
      // What did not load is asked for again.
      isAsked = panel !== undefined;
    },
  };
}
