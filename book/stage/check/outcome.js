// @ts-check
// What a check has found. Pure.
//
// May import: nothing.

/**
 * `says` is what was found, in a sentence, `advice` what to do where something does not work, and `more` what only the copied result has room for.
 * @typedef {{ state: 'works' | 'fails' | 'untried', says: string, advice: string, more: string }} Outcome
 */

/** @param {string} says @param {string} [more] @returns {Outcome} */
export const works = (says, more = '') => ({ state: 'works', says, advice: '', more });

/** @param {string} says @param {string} [advice] @returns {Outcome} */
export const fails = (says, advice = '') => ({ state: 'fails', says, advice, more: '' });

/** There was nothing to try. @param {string} says @returns {Outcome} */
export const untried = (says) => ({ state: 'untried', says, advice: '', more: '' });

/** What is said where a page of the book comes from another server than the workshop's. @param {string} what that one has, and this one has not */
export const notServed = (what) => `This page is served without ${what}: start the guidebook with cargo run --release.`;
