// @ts-check
// What needs the server: its WebSocket, and its STUN and TURN. Of these, what they carry is tried: a candidate alone shows too little. STUN's is left out where
// it repeats the device's own address, and a relay that lends a port need not pass on what is sent there.
//
// May import: connections.js, outcome.js, within.js, ../proof.js, ../root.js, ../visible.js.

import { currentProof, refusal, withProof } from '../proof.js';
import { endpoint } from '../root.js';
import { visibleLine } from '../visible.js';
import { missingWebRtc, openConnection, talk } from './connections.js';
import { fails, notServed, untried, works } from './outcome.js';
import { orAborted, pause } from './within.js';

/** What the greeting of a signaling server begins with. */
const GREETING = 'primus::hello';
/** What the frame of a server begins with that lets nobody in, and characters of its reason that are shown. */
const ERROR = '/error|';
const MAX_WORDS = 1_000;
/** How long the address that STUN sees may come after the relay's, in ms. They are asked at the same time. */
const LATE = 1_000;

/** What a TURN server may answer (RFC 8656, section 18). Others are shown as numbers. @type {Record<number, [says: string, advice: string]>} */
const REFUSALS = {
  401: [
    'it does not take the user name and the password that this page was given',
    'Packets may come from another address than the page was loaded from: switch off a proxy or a VPN.',
  ],
  486: ['this device, or those that share its address, have all ports that they may have', 'Check again in a minute.'],
  508: ['it has no port left', 'Check again in a minute, or tell the host.'],
};

/** @typedef {import('./outcome.js').Outcome} Outcome */
/** @typedef {import('./connections.js').Talk} Talk */
/** @typedef {(signal: AbortSignal) => Promise<import('./given-servers.js').Given>} AskServers */

/** Opens a socket as demos do, at the root of the book, and waits for the greeting. @param {AbortSignal} signal @returns {Promise<Outcome>} */
export async function checkSocket(signal) {
  if (typeof globalThis.WebSocket !== 'function')
    return fails('This browser has no WebSocket.', 'Take another browser: without it, peers do not find each other.');
  const began = performance.now();
  const address = endpoint('').replace('http', 'ws');
  const socket = new WebSocket(currentProof() ? withProof(address) : address);
  signal.addEventListener('abort', () => socket.close(1000), { once: true });
  const seen = { isOpen: false, isGreeted: false, words: '' };
  /** @type {Promise<void>} */
  const isDecided = new Promise((done) => {
    const listen = (/** @type {string} */ name, /** @type {(event: any) => void} */ listener) =>
      socket.addEventListener(name, listener, { signal });
    listen('open', () => {
      seen.isOpen = true;
    });
    listen('message', ({ data }) => {
      seen.isGreeted = String(data).startsWith(GREETING);
      seen.words = refusalIn(String(data));
      done();
    });
    listen('close', () => done());
  });
  await orAborted(isDecided, signal);
  if (seen.isGreeted)
    return works(`It opens, and the server greets it, within ${Math.round(performance.now() - began)} ms.`);
  if (seen.words) return fails(`The server refuses. ${seen.words}`);
  if (seen.isOpen)
    return fails(
      'It opens, and no signaling server greets it: another server answers, or a proxy in between holds back WebSocket frames.',
    );
  if (currentProof() === '') return fails(notServed('the signaling server'));
  const words = await orAborted(refusal(), signal);
  if (words) return fails(`The server refuses. ${words}`);
  return fails(
    'It does not open, although this page came.',
    'Look for a proxy, a VPN or an extension that lets no WebSocket through, and ask the host whether the server runs.',
  );
}

/** Why the server lets nobody in, in its own words; empty if that is not what it says. @param {string} text */
function refusalIn(text) {
  if (!text.startsWith(ERROR)) return '';
  try {
    return visibleLine(String(JSON.parse(text.slice(ERROR.length))?.message ?? '').slice(0, MAX_WORDS));
  } catch {
    return '';
  }
}

/** Whether packets of UDP reach the server, and its answers this device. @param {AbortSignal} signal @param {AskServers} ask @returns {Promise<Outcome>} */
export async function checkUdp(signal, ask) {
  const missing = missingWebRtc();
  if (missing) return missing;
  const { stun, udp, why } = await ask(signal);
  // Of STUN alone an answer may leave no trace.
  if (!stun || !udp) return untried(why || 'The server does not name both STUN and a relay over UDP.');
  const iceServers = [stun.server, udp.server];
  const { candidates, errors, isGathered, comes, gather } = openConnection({ iceServers }, signal);
  const isShown = Promise.race([comes('srflx'), comes('relay').then(() => pause(LATE, signal)), isGathered]);
  await gather();
  await orAborted(isShown, signal);
  return saidOfUdp(stun.address, candidates, errors);
}

/**
 * All servers were asked over UDP, so that any answer shows that it passes.
 * @param {string} server @param {Pick<RTCIceCandidate, 'type' | 'address' | 'port'>[]} candidates @param {number[]} errors
 * @returns {Outcome}
 */
export function saidOfUdp(server, candidates, errors) {
  const seen = candidates.find(({ type }) => type === 'srflx');
  if (seen) return works(`${server} sees this device as ${placeOf(seen)}.`);
  if (candidates.some(({ type }) => type === 'relay') || errors.some(isAnswer))
    return works(`${server} answers. The browser names no other address than its own, as where no NAT is in between.`);
  return fails(
    `${server} does not answer. Does the network here let UDP through?`,
    'Switch off a VPN, or try another network. Where a relay over TCP works, calls can go over that.',
  );
}

/** @param {Pick<RTCIceCandidate, 'address' | 'port'>} candidate */
const placeOf = ({ address, port }) => (address?.includes(':') ? `[${address}]:${port}` : `${address}:${port}`);

/** Browsers have 701 for a server that they do not reach. @param {number} code */
const isAnswer = (code) => code >= 300 && code <= 699;

/**
 * Two connections in this page that may use nothing but a relay, reached one way.
 * @param {'udp' | 'tcp'} way
 * @param {AbortSignal} signal
 * @param {AskServers} ask
 * @returns {Promise<Outcome>}
 */
export async function checkRelay(way, signal, ask) {
  const missing = missingWebRtc();
  if (missing) return missing;
  const { why, [way]: given } = await ask(signal);
  if (!given) return untried(why || `The server names no relay over ${way.toUpperCase()}.`);
  const said = await talk({ iceServers: [given.server], iceTransportPolicy: 'relay' }, signal);
  return saidOfRelay(way, given.address, said);
}

/** @param {'udp' | 'tcp'} way @param {string} server @param {Talk} talk @returns {Outcome} */
export function saidOfRelay(way, server, { isHeard, took, candidates, errors }) {
  if (isHeard) return works(`A message went each way through ${server}, within ${took} ms.`);
  if (candidates.length > 0)
    return fails(
      `${server} lends ports, and no message passes from one to the other.`,
      'Check again, and tell the host.',
    );
  const code = errors.find(isAnswer);
  if (code !== undefined) {
    const [says, advice] = REFUSALS[code] ?? [`its answer is ${code}`, 'Check again, and tell the host.'];
    return fails(`${server} refuses: ${says}.`, advice);
  }
  if (way === 'tcp')
    return fails(`${server} does not answer over TCP. Does a proxy in between pass on nothing but HTTP?`);
  return fails(`${server} does not answer. Does the network here let UDP through?`);
}
