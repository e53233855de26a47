// @ts-check
// How a page notices that the way to the server was cut, which closes no socket: the server says that it is there, and how often it says so. Pure.
//
// May import: nothing.

/** Periods without a message after which the connection is lost. */
const SILENT_PERIODS = 2;
/** The longest period that is believed, in ms. */
const LONGEST_PERIOD = 300_000;

/** How long the server may be silent, in ms, if this message is a ping that says it. @param {any} message parsed @returns {number | undefined} */
export function silenceIn(message) {
  if (message?.type !== 'ping' || !(message.every > 0)) return undefined;
  return SILENT_PERIODS * Math.min(message.every, LONGEST_PERIOD);
}
