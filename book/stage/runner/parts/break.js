// @ts-check
// The part of the runner for what is broken on purpose: what becomes of descriptions and candidates that arrive (arrivals.js), and lines of the server that
// connections go over (line-way.js).
//
// May import: arrivals.js, line-way.js.

import { createArrivals } from './arrivals.js';
import { createLine } from './line-way.js';

/** @typedef {Record<'NativeConnection' | 'NativeDescription' | 'NativeCandidate' | 'createDataChannel' | 'createOffer' | 'close', any>} Natives of the browser, which the demo may have replaced; undefined where there is no WebRTC */

/** @param {any} stage what the runner shares (../runner.html) @param {Natives} natives */
export function install(stage, natives) {
  const { line } = stage;
  const way = createLine(stage, natives);
  // Not `Object.assign`, which the demo may have replaced: what tells the page something would be in its reach.
  line.wayOf = way.wayOf;
  line.pass = way.pass;
  line.give = way.give;
  line.close = way.close;
  line.opened = way.opened;
  return createArrivals(stage, natives);
}
