// @ts-check
// Whether this browser is the host's. A code, which is good once, stands in the fragment of the address that the server's machine opens; it becomes a session,
// whose cookie no script can read.
//
// May import: ../proof.js, ../root.js.

import { wordsOf } from '../proof.js';
import { endpoint } from '../root.js';

const SESSION = endpoint('workshop/host/session');
/** How long the server may take to answer, in ms. */
const TIMEOUT = 5_000;
/** Characters of a code that are sent: more than the server makes. */
const MAX_CODE = 200;

/** `words` are the server's, where it refuses. @typedef {{ state: 'given' | 'refused' | 'away', words: string }} Session */

/** Takes the code out of the address of the page, before anybody reads or copies that. @returns {string} empty without one */
export function takeCode() {
  const code = codeIn(location.hash);
  if (code === undefined) return '';
  history.replaceState(history.state, '', location.pathname + location.search);
  return code;
}

/** @param {string} fragment @returns {string | undefined} undefined if it is no code's */
export function codeIn(fragment) {
  if (!fragment.startsWith('#code=')) return undefined;
  return fragment.slice('#code='.length, '#code='.length + MAX_CODE).trim();
}

/** Makes a session of a code. @param {string} code @param {AbortSignal} signal */
export const beginSession = (code, signal) => ask({ method: 'POST', body: code }, signal);

/** Whether there is a session. @param {AbortSignal} signal */
export const askSession = (signal) => ask({}, signal);

/** Ends the session of this browser. @param {AbortSignal} signal */
export const endSession = (signal) => ask({ method: 'DELETE' }, signal);

/** @param {RequestInit} init @param {AbortSignal} signal ends it @returns {Promise<Session>} */
async function ask(init, signal) {
  try {
    const ending = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]);
    const response = await fetch(SESSION, { ...init, cache: 'no-store', signal: ending });
    if (response.ok) return { state: 'given', words: '' };
    // A proxy whose server is away answers so.
    if (response.status >= 500) return { state: 'away', words: '' };
    return { state: 'refused', words: (await wordsOf(response)) || 'This server has no page for its host.' };
  } catch {
    return { state: 'away', words: '' };
  }
}
