// @ts-check
// Peer connections of a check: each is closed with the check's signal.
//
// May import: outcome.js, within.js.

import { fails } from './outcome.js';
import { orAborted } from './within.js';

/** Candidates, and errors of gathering, that are kept of one connection. */
const MAX_KEPT = 50;
/** What the two connections say to each other. */
const QUESTION = 'is anybody there?';
const ANSWER = 'yes';

/** @returns {import('./outcome.js').Outcome | undefined} nothing, if the browser has WebRTC */
export function missingWebRtc() {
  if (typeof globalThis.RTCPeerConnection === 'function') return undefined;
  return fails(
    'This browser has no WebRTC: RTCPeerConnection is not there.',
    'Switch it on in the settings or in an extension that takes it away, or take another browser.',
  );
}

/**
 * A connection, with what it gathers.
 * @param {RTCConfiguration} configuration
 * @param {AbortSignal} signal closes it
 */
export function openConnection(configuration, signal) {
  signal.throwIfAborted();
  const pc = new RTCPeerConnection(configuration);
  signal.addEventListener('abort', () => pc.close(), { once: true });
  /** @type {RTCIceCandidate[]} */
  const candidates = [];
  /** The codes of errors. @type {number[]} */
  const errors = [];
  const listen = (/** @type {string} */ name, /** @type {(event: any) => void} */ listener) =>
    pc.addEventListener(name, listener, { signal });

  listen('icecandidate', ({ candidate }) => {
    // Some browsers end with one that is empty.
    if (candidate?.candidate && candidates.length < MAX_KEPT) candidates.push(candidate);
  });
  listen('icecandidateerror', ({ errorCode }) => {
    if (Number.isInteger(errorCode) && errors.length < MAX_KEPT) errors.push(errorCode);
  });
  /** All candidates are there. @type {Promise<void>} */
  const isGathered = new Promise((done) => {
    listen('icegatheringstatechange', () => pc.iceGatheringState === 'complete' && done());
  });

  return {
    pc,
    candidates,
    errors,
    isGathered,
    listen,

    /** Resolves with the first candidate of a type. @param {string} type @returns {Promise<void>} */
    comes: (type) =>
      new Promise((done) => {
        listen('icecandidate', ({ candidate }) => candidate?.candidate && candidate.type === type && done());
      }),

    /** Begins to gather, for a channel. */
    gather() {
      pc.createDataChannel('check');
      return orAborted(pc.setLocalDescription(), signal);
    },
  };
}

/** @typedef {ReturnType<typeof openConnection>} Connection */

/**
 * What came of a talk: whether a message went each way, after how many ms, and what one side has gathered.
 * @typedef {{ isHeard: boolean, took: number, candidates: RTCIceCandidate[], errors: number[] }} Talk
 */

/**
 * Connects two connections in this page, and sends a message each way.
 * @param {RTCConfiguration} configuration of both
 * @param {AbortSignal} signal ends it, and closes them
 * @returns {Promise<Talk>}
 */
export async function talk(configuration, signal) {
  const began = performance.now();
  const caller = openConnection(configuration, signal);
  const answerer = openConnection(configuration, signal);
  const isHeard = hears(caller, answerer, signal);
  const negotiated = negotiate(caller.pc, answerer.pc);
  pass(caller, answerer, negotiated);
  pass(answerer, caller, negotiated);
  const hasFailed = new Promise((done) => {
    caller.listen('connectionstatechange', () => caller.pc.connectionState === 'failed' && done(false));
    // Without a candidate nothing is tried, and nothing fails.
    caller.isGathered.then(() => caller.candidates.length === 0 && done(false));
  });
  const ended = await orAborted(Promise.race([isHeard, hasFailed, negotiated.then(() => isHeard)]), signal);
  const took = Math.round(performance.now() - began);
  return { isHeard: ended === true, took, candidates: caller.candidates, errors: caller.errors };
}

/**
 * Resolves when the answerer has heard the question, and the caller the answer.
 * @param {Connection} caller @param {Connection} answerer @param {AbortSignal} signal
 * @returns {Promise<boolean>}
 */
function hears(caller, answerer, signal) {
  const channel = caller.pc.createDataChannel('check');
  channel.addEventListener('open', () => channel.send(QUESTION), { signal });
  answerer.listen('datachannel', ({ channel: other }) => {
    const reply = (/** @type {MessageEvent} */ { data }) => data === QUESTION && other.send(ANSWER);
    other.addEventListener('message', reply, { signal });
  });
  return new Promise((done) => {
    channel.addEventListener('message', ({ data }) => data === ANSWER && done(true), { signal });
  });
}

/** @param {RTCPeerConnection} caller @param {RTCPeerConnection} answerer */
async function negotiate(caller, answerer) {
  await caller.setLocalDescription();
  await answerer.setRemoteDescription(described(caller));
  await answerer.setLocalDescription();
  await caller.setRemoteDescription(described(answerer));
}

/** @param {RTCPeerConnection} pc */
const described = ({ localDescription }) => /** @type {RTCSessionDescription} */ (localDescription);

/**
 * Hands the candidates of one side to the other. They wait for the descriptions that they belong to.
 * @param {Connection} from @param {Connection} to @param {Promise<void>} negotiated
 */
function pass(from, to, negotiated) {
  from.listen('icecandidate', ({ candidate }) => {
    // One that is refused leaves the others, and that a negotiation fails is told elsewhere.
    if (candidate) negotiated.then(() => to.pc.addIceCandidate(candidate)).catch(() => {});
  });
}
