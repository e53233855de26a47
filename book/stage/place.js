// @ts-check
// The address that demos run at, and why one does not start.
//
// Firefox gives an iframe its own process only if its host name differs from the page's; in the same process, an endless loop stops the
// page as well. On the reader's own machine there is a second name (`localhost` and `127.0.0.1`). It is used only if it leads to the same
// server: the server may listen at one address, a forwarded port may have one, and a certificate may be for one name.
//
// May import: proof.js.

import { currentProof } from './proof.js';

/** The other name of the reader's own machine, for each of its two names. @type {Record<string, string>} */
const LOOPBACK_TWIN = { '127.0.0.1': 'localhost', localhost: '127.0.0.1' };
/** How long the server may take to answer at its other name, in ms. It is on this machine. */
const TIMEOUT = 1_000;

const OWN = new URL('runner.html', import.meta.url);

/**
 * @typedef {object} Place
 * @property {string} url the page of a demo's iframe
 * @property {string} cost what it costs that the iframe is there; empty if nothing
 */

/** @type {Promise<Place> | undefined} */
let found;

/** The address that the demos of this page run at. It is looked up once, as soon as a page has a demo, so that the first run need not wait. */
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

/** @param {URL} url of the runner's page at another name */
export async function leadsHere(url) {
  // The workshop server allows this request from every origin. Of another server only its presence can be known, not its response.
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
 * Why an iframe does not start, in a sentence. Requests its page as the browser does.
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
  // The server sends one policy and no `X-Frame-Options`: a second policy, or this header, was added by a proxy.
  if (response.headers.get('content-security-policy')?.includes(',') || response.headers.has('x-frame-options'))
    return 'A proxy between this page and the server adds headers that forbid frames.';
  return 'Its page comes, and the browser does not show it.';
}
