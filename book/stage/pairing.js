// @ts-check
// What a pair of a workshop makes of a demo: workshop/pair-in-demos.js gives it, and demo.js shows and runs the demo by it.
//
// May import: nothing.

/**
 * @typedef {object} Pairing
 * @property {string} pair its name; empty without one
 * @property {(own: string) => string} withPair the text as it is shown and run
 * @property {(shown: string) => string} withoutPair the reader's own text, which is kept and compared
 * @property {string} company who is in the pair; empty without one
 * @property {string} ticket what admits runs to its rooms; empty without one
 */

/** @type {Pairing} */
export const NO_PAIR = { pair: '', withPair: (own) => own, withoutPair: (shown) => shown, company: '', ticket: '' };
