// @ts-check
// How a page notices that the way to the server was cut, which closes no socket: the server says that it is there, and how often it says so. The attendee's page, the
// host's, and one that shows a demo watch it by this code (.github/decisions/0060).
//
// May import: nothing.

/** Periods without a message after which the connection is lost. */
const SILENT_PERIODS = 2;
/** The longest period that is believed, in ms. */
const LONGEST_PERIOD = 300_000;
/** How often the time of day is looked at, in ms. */
const LOOK_EVERY = 5_000;
/** Whoever looks so much later than was asked for, in ms, has slept … */
const LATE = 2_000;
/** … and gives so much time to what has come meanwhile, in ms. */
const GRACE = 1_000;

/** How long the server may be silent, in ms, if this message is a ping that says it. @param {any} message parsed @returns {number | undefined} */
export function silenceIn(message) {
  if (message?.type !== 'ping' || !(message.every > 0)) return undefined;
  return SILENT_PERIODS * Math.min(message.every, LONGEST_PERIOD);
}

/**
 * Waits until the server has been silent for too long, by the time of day: timers stand still while a machine sleeps, and a connection that the server has
 * given up meanwhile should not count as one for as long again.
 * @param {() => void} onsilence called once
 * @param {number} [patience] how long the first message may take, in ms; unbounded without it
 */
export function createWatch(onsilence, patience = Infinity) {
  /** How long the server may be silent, in ms; unbounded until it has said how often it pings. */
  let silence = Infinity;
  /** How long the wait is that goes on, in ms, and when it is over, in ms since 1970. */
  let [span, until] = [Infinity, Infinity];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  wait(patience);

  /** @param {number} ms */
  function wait(ms) {
    [span, until] = [ms, Date.now() + ms];
    lookLater();
  }

  function lookLater() {
    clearTimeout(timer);
    if (span === Infinity) return;
    // A clock that is set back makes no wait longer.
    until = Math.min(until, Date.now() + span);
    const pause = Math.min(Math.max(0, until - Date.now()), LOOK_EVERY);
    timer = setTimeout(look, pause, Date.now() + pause);
  }

  /** @param {number} due when this should have been called */
  function look(due) {
    const now = Date.now();
    if (now < until) return lookLater();
    if (now - due < LATE) return onsilence();
    // What the server has said in the meantime may be about to be read.
    wait(GRACE);
  }

  return {
    /** The server has said something. @param {number} [told] how long it may be silent from now on, if it has said that */
    heard(told = silence) {
      silence = told;
      wait(silence);
    },
    stop: () => clearTimeout(timer),
  };
}
