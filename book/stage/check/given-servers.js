// @ts-check
// The STUN and TURN servers that the book's server gives to its pages, told apart by how they are reached. What the server says is a stranger's: no text
// but addresses is shown of it, and these without hidden characters.
//
// May import: outcome.js, ../proof.js, ../root.js, ../visible.js.

import { fetchAsPage, wordsOf } from '../proof.js';
import { endpoint } from '../root.js';
import { visibleLine } from '../visible.js';
import { notServed } from './outcome.js';

const ICE = endpoint('ice');
/** Servers of an answer that are looked at, and addresses of each. */
const MAX_SERVERS = 10;
const MAX_URLS = 20;
/** RFC 7064 and RFC 7065. */
const SERVER = /^(stun|turns?):([^?\s/]{1,255})(?:\?transport=(udp|tcp))?$/;

/** A browser that takes no server at a loopback address: it is given none there. */
const IS_FIREFOX = 'mozInnerScreenX' in globalThis;
const LOOPBACK = /^(localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/;

/** @typedef {{ address: string, server: RTCIceServer }} Server */
/**
 * One server for each way: STUN, and TURN over UDP and over TCP.
 * @typedef {{ stun?: Server, udp?: Server, tcp?: Server }} Servers
 */
/** @typedef {Servers & { why: string }} Given `why` there is none */

/**
 * Asks the server, anew each time: credentials expire.
 * @param {AbortSignal} signal
 * @returns {Promise<Given>}
 */
export async function givenServers(signal) {
  try {
    const response = await fetchAsPage(ICE, { method: 'POST', cache: 'no-store', signal });
    if (!response.ok) return { why: refusalIn(await wordsOf(response)) };
    const servers = serversIn(await response.json());
    if (!servers) return { why: refusalIn('') };
    const isNone = Object.keys(servers).length === 0;
    return { ...servers, why: isNone ? whyNone() : '' };
  } catch (error) {
    // What is no JSON was written by another server.
    return { why: error instanceof SyntaxError ? refusalIn('') : 'The server does not answer.' };
  }
}

/** @param {string} words of the server */
const refusalIn = (words) => (words ? `The server refuses. ${words}` : notServed('STUN and TURN'));

function whyNone() {
  if (IS_FIREFOX && LOOPBACK.test(location.hostname))
    return 'Firefox uses no server at an address such as 127.0.0.1: open this book at another address of the machine that serves it.';
  return 'The server names none, so peers connect only where they can reach each other directly, as in one network that does not isolate its devices.';
}

/**
 * The first of each kind in an answer.
 * @param {any} answer
 * @returns {Servers | undefined} undefined if it is no such answer
 */
export function serversIn(answer) {
  const list = answer?.iceServers;
  if (!Array.isArray(list)) return undefined;
  /** @type {Servers} */
  const servers = {};
  for (const given of list.slice(0, MAX_SERVERS)) {
    for (const url of [given?.urls].flat().slice(0, MAX_URLS)) {
      const [, scheme, address, transport] = SERVER.exec(String(url)) ?? [];
      if (!scheme || !address) continue;
      const kind = kindOf(scheme, transport);
      const secrets = kind === 'stun' ? {} : { username: String(given.username), credential: String(given.credential) };
      servers[kind] ??= { address: visibleLine(address), server: { urls: String(url), ...secrets } };
    }
  }
  return servers;
}

/** @param {string} scheme @param {string | undefined} transport @returns {'stun' | 'udp' | 'tcp'} */
function kindOf(scheme, transport) {
  if (scheme === 'stun') return 'stun';
  const usual = scheme === 'turns' ? 'tcp' : 'udp';
  return (transport ?? usual) === 'tcp' ? 'tcp' : 'udp';
}
