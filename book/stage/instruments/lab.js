// @ts-check
// What the instruments know of NAT labs. It is a file of its own, which is loaded when a run has one: few demos of the book open any.
//
// May import: addresses.js, panels/, ../dom.js.

import { loadStyle } from '../dom.js';
import { LAB_STYLE } from './addresses.js';
import { createNats } from './panels/nats.js';

/** Creates the panel of one demo, once its style is there. @param {() => string[]} openLabs the ids of the labs that the code has open */
export async function createLab(openLabs) {
  await loadStyle(LAB_STYLE);
  return createNats(openLabs);
}
