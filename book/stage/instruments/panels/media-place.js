// @ts-check
// The place of the “Media” panel, which is loaded when a run has audio or video.
//
// May import: ../../dom.js.

import { el } from '../../dom.js';

/** Creates the place. */
export function createMediaPlace() {
  const element = el('div');
  /** @type {Pick<import('./panel.js').Panel, 'draw' | 'light'> | undefined} */
  let panel;

  return {
    title: 'Media',
    about:
      'Each track, from where it comes from to where it is shown. The first link that stands still is where to look.',
    element,
    needsStats: true,
    /** @param {import('./panel.js').View} view */
    draw: (view) => panel?.draw?.(view),
    /** @param {number | undefined} line */
    light: (line) => panel?.light?.(line),

    /** @param {Pick<import('./panel.js').Panel, 'draw' | 'light' | 'element'>} loaded */
    fill(loaded) {
      panel = loaded;
      element.replaceChildren(loaded.element);
    },
  };
}
