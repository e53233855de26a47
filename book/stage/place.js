// @ts-check
// Where demos run, and what keeps them from it.
//
// Firefox gives an iframe a process of its own only if its host has another name than the page's: without one, a loop without end stops the page
// as well. A reader at their own machine has a second name, if it leads to the same server: a server may listen at one address only, a port may
// be forwarded from one, a certificate may be for one name.

import { currentProof } from './proof.js';

/** The two names of this machine itself. @type {Record<string, string>} */
const LOOPBACK_TWIN = { '127.0.0.1': 'localhost', localhost: '127.0.0.1' };
/** How long the server has to answer at its other name, in ms: it is on this machine. */
const TIMEOUT = 1_000;

const OWN = new URL('runner.html', import.meta.url);

/**
 * @typedef {object} Place
 * @property {string} url the page of a demo's iframe
 * @property {string} cost what it costs that the iframe is there; empty if nothing
 */

/** @type {Promise<Place> | undefined} */
let found;

/** Where the demos of this page run. Asked for as soon as there is one, so that none has to wait. */
export const place = () => (found ??= findPlace());

/** @returns {Promise<Place>} */
async function findPlace() {
  const twin = 'mozInnerScreenX' in globalThis ? LOOPBACK_TWIN[OWN.hostname] : undefined;
  if (!twin) return { url: OWN.href, cost: '' };
  const other = new URL(OWN);
  other.hostname = twin;
  if (await leadsHere(other)) return { url: other.href, cost: '' };
  return {
    url: OWN.href,
    cost: `${other.host} does not lead to this server, so that in this browser a loop without end in a demo stops the page too.`,
  };
}

/** @param {URL} url of the same file at another name */
async function leadsHere(url) {
  // The workshop server lets every page ask. Of another one it can't be known what it says, but that it is there.
  const mode = currentProof() ? 'cors' : 'no-cors';
  /** @type {RequestInit} */
  const options = {
    method: 'HEAD',
    mode,
    cache: 'no-store',
    credentials: 'omit',
    signal: AbortSignal.timeout(TIMEOUT),
  };
  return fetch(url, options).then(
    (response) => response.ok || response.type === 'opaque',
    () => false,
  );
}

/**
 * Why an iframe does not start, in a sentence: its page is asked for as the browser does.
 * @param {string} url
 * @returns {Promise<string>}
 */
export async function whatKeepsFrom(url) {
  const isOwn = new URL(url).origin === location.origin;
  /** @type {RequestInit} */
  const options = { cache: 'no-store', credentials: 'omit', mode: isOwn || currentProof() ? 'cors' : 'no-cors' };
  const response = await fetch(url, options).catch(() => undefined);
  if (!response) return `The server is out of reach: nothing answers at ${new URL(url).host}.`;
  if (response.type === 'opaque') return 'Its server is there.';
  if (!response.ok)
    return `The server answers with status ${response.status} for the page of its frame, ${new URL(url).pathname}.`;
  // Two policies, where the server sends one, or a header that the server does not send.
  if (response.headers.get('content-security-policy')?.includes(',') || response.headers.has('x-frame-options'))
    return 'A proxy between this page and the server adds headers that forbid frames.';
  return 'Its page comes, and the browser does not show it.';
}
