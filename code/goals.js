// @ts-check
// The words in which the goals of exercises are written: what happened in a run, asked of its events. Pure.
//
// May import: nothing.

/** @typedef {import('../book/stage/instruments/model/model.js').Model} Model */
/** @typedef {import('../book/stage/instruments/model/model.js').Call} Call */
/** @typedef {import('../book/stage/instruments/model/model.js').Channel} Channel */
/** @typedef {import('../book/stage/events.js').TapEvent} TapEvent */

/**
 * What is known of a run.
 * @typedef {object} Run
 * @property {Model} model
 * @property {TapEvent[]} events those that the page has kept
 * @property {string[]} said what the program has logged, one entry each
 * @property {number} elapsed ms since Run
 */

/**
 * One thing that is to be true of a run. It has either `met`, which stays true once it was, or `holds`, which is to be true when all others are met.
 * @typedef {object} Goal
 * @property {string} says a sentence, as it reads when it is true
 * @property {string} missed what to look at when it is not
 * @property {(run: Run) => boolean} [met]
 * @property {(run: Run) => boolean} [holds]
 */

/** How many connections have been connected, at any time. @param {Run} run */
export const connectedSides = ({ model }) =>
  model.connections.filter(({ states }) => states.connection.some(({ value }) => value === 'connected')).length;

/** How many connections have set an offer of their own. @param {Run} run */
export const offerers = ({ model }) =>
  model.connections.filter(({ descriptions }) =>
    descriptions.some(({ side, type }) => side === 'local' && type === 'offer'),
  ).length;

/** The ends of data channels that have been open, at any time. @param {Run} run @returns {Channel[]} */
export const openChannels = ({ model }) =>
  model.connections.flatMap(({ channels }) =>
    channels.filter(({ states }) => states.some(({ value }) => value === 'open')),
  );

/** Messages that have arrived on data channels and begin with a text; all of them, if it is empty. @param {Run} run @param {string} [text] */
export const arrivals = ({ events }, text = '') =>
  events.filter(
    (event) =>
      event.type === 'message' &&
      event.side === 'in' &&
      event.on.startsWith('ch') &&
      !event.fault &&
      event.text.startsWith(text),
  );

/** Whether a message that begins with a text has arrived. @param {Run} run @param {string} text */
export const arrived = (run, text) => arrivals(run, text).length > 0;

/** Calls of connections and channels that have thrown or were rejected. @param {Run} run @returns {Call[]} */
export const failedCalls = ({ model }) =>
  model.connections.flatMap(({ calls, channels }) => [
    ...calls.filter(({ outcome }) => outcome === 'failed'),
    ...channels.flatMap(({ failures }) => failures),
  ]);

/** Whether the program has logged an entry with a text in it. @param {Run} run @param {string} text */
export const said = (run, text) => run.said.some((entry) => entry.includes(text));

/** Faults of *Break it* that an exercise switches on. @typedef {import('../book/stage/exercise/broken.js').Broken} Broken */
