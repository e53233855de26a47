// @ts-check
// The proof that the iframes of demos are this book's. The server puts it into each page, where no other site can read it; a book that is served in
// another way has none and needs none. Also asks the server why it refuses a WebSocket, because a page can't read the response to its handshake.
//
// May import: root.js, visible.js.

import { endpoint } from './root.js';
import { visibleLine } from './visible.js';

const META = 'meta[name="guidebook-proof"]';
/** The endpoint that says whether a page, or an iframe with a proof, may use the signaling server. */
const QUESTION = endpoint('primus');
/** The age from which a proof is fetched again when a demo starts, in ms: the server may have been restarted. */
const FRESH = 10_000;
/** The first and the longest wait before another attempt, in ms, when the server does not answer. */
const FIRST_WAIT = 250;
const LONGEST_WAIT = 2_000;
/** How long the server may take to answer, in ms. */
const TIMEOUT = 5_000;
/** Characters of its answer that are shown. */
const MAX_WORDS = 1_000;

/** @type {string | undefined} */
let proof;
let givenAt = performance.now();
/** The server lets in nobody without an access token, or with the proof of a page. */
let isWanted = false;

/**
 * The proof as it was given last; empty where there is none. Not looked for before it is needed: this module may run before the page's head
 * is complete.
 */
export const currentProof = () => (proof ??= proofIn(document));

/** Whether it may come from a server that is gone. */
export const isProofOld = () => currentProof() !== '' && performance.now() - givenAt > FRESH;

/**
 * Fetches the page again until a server answers, and takes the proof in it: a restarted server has another one.
 * @param {AbortSignal} signal ends it
 * @returns {Promise<string>}
 */
export async function renewedProof(signal) {
  for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    const page = await fetch(location.href, {
      cache: 'no-cache',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    }).then(textOf, () => undefined);
    signal.throwIfAborted();
    if (page !== undefined) {
      proof = proofIn(new DOMParser().parseFromString(page, 'text/html'));
      givenAt = performance.now();
      return proof;
    }
    await new Promise((done) => setTimeout(done, wait));
    signal.throwIfAborted();
  }
}

/**
 * A request to this server. One that lets in nobody without an access token (`--access-key`) may let in its own pages (`--access-pages`), by the proof:
 * then it is sent again with that, and every later one at once.
 * @param {string} address
 * @param {RequestInit} options
 */
export async function fetchAsPage(address, options) {
  const response = await fetch(isWanted ? withProof(address) : address, options);
  if (response.status !== 401 || isWanted || !currentProof()) return response;
  const again = await fetch(withProof(address), options);
  isWanted = again.status !== 401;
  return again;
}

/** An address with the proof in its query. @param {string} address */
export const withProof = (address) => `${address}${address.includes('?') ? '&' : '?'}proof=${currentProof()}`;

/**
 * Asks why the server refuses this page, or its iframes.
 * @param {string} [iframeProof] what an iframe proves with; without it the page asks for itself
 * @returns {Promise<string>} empty if it does not, or if nobody answers
 */
export async function refusal(iframeProof) {
  const question = iframeProof ? `${QUESTION}?proof=${iframeProof}` : QUESTION;
  const response = await fetch(question, { method: 'POST', signal: AbortSignal.timeout(TIMEOUT) }).catch(
    () => undefined,
  );
  return response && !response.ok ? wordsOf(response) : '';
}

/**
 * The reason in a response of the workshop server; empty if the response comes from another server.
 * @param {Response} response
 */
export async function wordsOf(response) {
  // Servers without this endpoint answer 405.
  const isOurs = response.status !== 405 && response.headers.get('content-type')?.startsWith('text/plain');
  return isOurs ? visibleLine((await response.text()).trim().slice(0, MAX_WORDS)) : '';
}

/** A proxy whose server is away answers with 500 or more. @param {Response} response */
const textOf = (response) => (response.status < 500 ? response.text() : undefined);

/** @param {Document} page */
function proofIn(page) {
  return /** @type {HTMLMetaElement | null} */ (page.querySelector(META))?.content ?? '';
}
