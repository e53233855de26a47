// @ts-check
// What the frames of the demos prove with that they are this book's. The server puts it into each page, where no other site can read it; a book
// that is served in another way has none, and needs none. Also asks the server why it refuses, since no page can read that of a WebSocket.
//
// May import: visible.js.

import { visibleLine } from './visible.js';

const META = 'meta[name="guidebook-proof"]';
/** Where the server says whether a page, or with a proof a frame, may signal. */
const QUESTION = '/primus';
/** A proof that the server gave so long ago, in ms, is asked for again when a demo starts: the server may be another by now. */
const FRESH = 10_000;
/** The first wait before a server that does not answer is asked again, and the longest, in ms. */
const FIRST_WAIT = 250;
const LONGEST_WAIT = 2_000;
/** How long the server has to answer, in ms. */
const TIMEOUT = 5_000;
/** Characters of what it says. */
const MAX_WORDS = 1_000;

/** @type {string | undefined} */
let proof;
let givenAt = performance.now();

/**
 * The proof as it was given last; empty where there is none. Not looked for before it is needed: this module may run before the page's head
 * is complete.
 */
export const currentProof = () => (proof ??= proofIn(document));

/** Whether it may be of a server that is not there any more. */
export const isProofOld = () => currentProof() !== '' && performance.now() - givenAt > FRESH;

/**
 * Asks for the page anew until a server answers: one that was started again has another proof.
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
 * Why the server refuses this page, or its frames.
 * @param {string} [frameProof] what a frame proves with; without it the page asks for itself
 * @returns {Promise<string>} empty if it does not, or if nobody answers
 */
export async function refusal(frameProof) {
  const question = frameProof ? `${QUESTION}?proof=${frameProof}` : QUESTION;
  const response = await fetch(question, { method: 'POST', signal: AbortSignal.timeout(TIMEOUT) }).catch(
    () => undefined,
  );
  return response && !response.ok ? wordsOf(response) : '';
}

/**
 * What the workshop server says of a request that it refuses; empty if the response is another server's.
 * @param {Response} response
 */
export async function wordsOf(response) {
  // Servers that know no such request say so with 405.
  const isOurs = response.status !== 405 && response.headers.get('content-type')?.startsWith('text/plain');
  return isOurs ? visibleLine((await response.text()).trim().slice(0, MAX_WORDS)) : '';
}

/** A proxy whose server is away answers with 500 or more. @param {Response} response */
const textOf = (response) => (response.status < 500 ? response.text() : undefined);

/** @param {Document} page */
function proofIn(page) {
  return /** @type {HTMLMetaElement | null} */ (page.querySelector(META))?.content ?? '';
}
