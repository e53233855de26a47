// @ts-check
// Queries about a connection that several rules share. Pure.
//
// May import: ../model/.

import { current, reached, since } from '../model/model.js';

/** After this time, in ms, a step that should follow at once counts as missing. */
export const PATIENCE = 2_500;

/** @typedef {import('../model/model.js').Model} Model */
/** @typedef {import('../model/model.js').Connection} Connection */

/**
 * The input of a rule.
 * @typedef {object} Case
 * @property {Connection} connection
 * @property {Connection | undefined} partner the connection on this page that it is, or is to be, connected to
 * @property {Model} model
 * @property {import('./heard.js').Heard} heard
 * @property {number} now ms since Run
 */

/** @typedef {(given: Case) => { id: string, evidence: string, line?: number } | undefined} Rule `id` names an entry of findings.js */

/** Calls that reached the browser. @param {Connection} connection @param {string} name */
export const made = ({ calls }, name) => calls.filter((call) => call.name === name && call.outcome !== 'lost');
/**
 * Whether a method was called, and the call reached the browser.
 * @param {Connection} connection
 * @param {string} name
 */
export const called = (connection, name) => made(connection, name).length > 0;
/** The signaling state at a time, in ms since Run. @param {Connection} connection @param {number} at */
export const stateAt = ({ states }, at) => states.signaling.findLast((state) => state.at <= at)?.value ?? 'stable';

/** Whether it has ever been connected. @param {Connection} connection */
export const isConnected = ({ states }) => reached(states.connection, 'connected') !== undefined;
/** Whether both descriptions are in effect. @param {Connection} connection */
export const isNegotiated = ({ descriptions, states, closedAt }) =>
  closedAt === undefined &&
  current(states.signaling) === 'stable' &&
  ['local', 'remote'].every((side) => descriptions.some((one) => one.side === side));
/** Whether it should be connected by now. @param {Connection} connection @param {number} now */
export const isWaiting = (connection, now) =>
  !isConnected(connection) &&
  connection.closedAt === undefined &&
  connection.descriptions.length > 0 &&
  now - connection.descriptions[0].at > PATIENCE &&
  now - since(connection.states.signaling) > PATIENCE;

/** The client library's heartbeat channel, and the number of pings that may be unanswered. */
const LIVENESS = { label: 'rtc-quickconnect', unanswered: 2 };

/**
 * The heartbeat that the other side stopped to answer, or has not answered yet, and since when. Of a connection that is closed it counts
 * only if there once was an answer: some peers answer through the server instead.
 * @param {Connection} connection
 */
export function unansweredBeats({ channels, closedAt }) {
  for (const channel of channels) {
    const { label, states, sent, received } = channel;
    if (label !== LIVENESS.label || (closedAt !== undefined && received.length === 0)) continue;
    const state = states.findLast(({ at }) => closedAt === undefined || at < closedAt);
    const last = received.at(-1) ?? 0;
    const beats = sent.filter((at) => at > last);
    if (state?.value === 'open' && beats.length > LIVENESS.unanswered) return { channel, since: beats[0] };
  }
  return undefined;
}
