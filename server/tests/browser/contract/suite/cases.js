// @ts-check
// What every client promises, as sentences. A case has one function for each side; they run in one page, in two, or in two browsers.

import { calls } from './calls.js';
import { channels } from './channels.js';
import { endurance } from './endurance.js';
import { faults } from './faults.js';
import { handmade } from './handmade.js';
import { joining } from './joining.js';
import { limits } from './limits.js';
import { listeners } from './listeners.js';
import { media } from './media.js';
import { messages } from './messages.js';
import { options } from './options.js';
import { original } from './original.js';
import { timing } from './timing.js';

/**
 * @typedef {import('./side.js').Side} Side
 * @typedef {object} Case
 * @property {string} it the sentence
 * @property {((side: Side) => Promise<void>)[]} sides
 * @property {boolean} [original] it holds when one of two sides is the original client
 * @property {boolean} [current] it holds when neither of them is; so it is unless this says no
 * @property {boolean} [raises] `error` is part of it
 * @property {{ sides?: number[], because: string }} [notInRust] sides that the Rust client can't take, all if none is named, and why
 * @property {boolean} [slow] it is played between two browsers only, and in one order
 */

/** @type {Case[]} */
export const cases = [
  ...joining,
  ...calls,
  ...channels,
  ...options,
  ...messages,
  ...media,
  ...faults,
  ...limits,
  ...handmade,
  ...timing,
  ...listeners,
  ...endurance,
  ...original,
];
