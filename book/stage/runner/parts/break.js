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
  Object.assign(stage.line, createLine(stage, natives));
  return createArrivals(stage, natives);
}
