// @ts-check
// The element of a demo's frame, of one of two kinds. Usually its origin is opaque: it has nothing that a browser keeps, and no device. A demo with the
// reader's own camera needs an origin, since browsers give devices to none that is opaque. It gets one that is neither the page's nor that of any other run
// (own-devices.js), and the page gives nothing to it that would let it in anywhere (iframe.js).
//
// May import: dom.js.

import { el } from './dom.js';

/** How devices are in a demo with the reader's own: they are no stand-ins. */
export const OWN_DEVICES = 'own';

/**
 * @param {string} name of the demo
 * @param {boolean} hasOwnDevices
 */
export const createFrame = (name, hasOwnDevices) =>
  el('iframe', {
    title: `Output of ${name}`,
    sandbox: hasOwnDevices ? 'allow-scripts allow-same-origin' : 'allow-scripts',
    // After a click in this page, its sounds may start. Without it, Chrome suspends audio contexts in frames of another origin.
    allow: hasOwnDevices ? 'autoplay; camera; display-capture; microphone' : 'autoplay',
    class: 'demo-frame',
  });
