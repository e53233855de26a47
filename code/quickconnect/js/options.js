// @ts-check
// The options of a quickconnect and their defaults (`index.d.ts` documents them).
//
// May import: id.js.

import { createId } from './id.js';

/** Options of the original that do nothing here. The page on moving from it says what to use instead. */
const GONE = ['plugins', 'constraints', 'schemes'];

/** An id or a room as text; empty for what stands for none: `''`, `null`, `false`, `NaN`. @param {unknown} value */
export const nameOf = (value) => (value || value === 0 ? String(value) : '');

/** Completes the options with their defaults. @param {import('./index.js').Options} options */
export function readOptions(options) {
  const gone = GONE.filter((name) => name in options);
  if (gone.length > 0) console.warn(`quickconnect takes no ${gone.join(', no ')}`);
  /** An option that is undefined keeps its default. @type {import('./index.js').Options} */
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return {
    ns: '',
    debug: false,
    manualJoin: false,
    reactive: false,
    expectedLocalStreams: 0,
    autoreply: true,
    announceDelay: 10,
    reconnect: true,
    endpoints: ['/', '/primus'],
    timeout: 1_000,
    heartbeat: 2_500,
    failTimeout: 30_000,
    disconnectTimeout: 10_000,
    channelTimeout: 2_000,
    ...given,
  };
}

/**
 * The fragment of the page's address, and a new one if it has none, so that whoever gets the address meets us. It replaces the entry in the
 * history: going back from an entry of its own would lead to the same page.
 * @param {string} ns
 */
export function roomOfPage(ns) {
  const url = new URL(location.href);
  url.hash ||= createId();
  if (!location.hash) location.replace(url);
  return ns + url.hash;
}

/**
 * The ICE servers for a call with a peer.
 * @param {import('./index.js').Options} options
 * @param {RTCIceServer[]} given by the signaling server, for whoever names none
 * @param {string} targetPeer
 * @param {(error: unknown, servers?: RTCIceServer[]) => void} callback
 */
export function findIceServers(options, given, targetPeer, callback) {
  const ice = options.ice ?? options.iceServers ?? given;
  if (typeof ice !== 'function') return callback(null, ice);
  try {
    ice({ ...options, targetPeer }, callback);
  } catch (error) {
    callback(error);
  }
}
