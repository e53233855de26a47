// @ts-check
// How a page notices that the way to the server was cut, which closes no socket: the server says that it is there, and how often it says so.
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

/**
 * Waits until the server has been silent for too long.
 * @param {() => void} onsilence called once
 * @param {number} [patience] how long the first message may take, in ms; unbounded without it
 */
export function createWatch(onsilence, patience = Infinity) {
  /** How long the server may be silent, in ms; unbounded until it has said how often it pings. */
  let silence = Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @param {number} ms */
  const wait = (ms) => {
    clearTimeout(timer);
    if (ms < Infinity) timer = setTimeout(onsilence, ms);
  };
  wait(patience);
  return {
    /** The server has said something. @param {number} [told] how long it may be silent from now on, if it has said that */
    heard(told = silence) {
      silence = told;
      wait(silence);
    },
    stop: () => clearTimeout(timer),
  };
}
