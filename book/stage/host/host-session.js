// @ts-check
// Whether this browser is the host's. A code, which is good once, stands in the fragment of the address that the server's machine opens; it becomes a session,
// whose cookie no script can read. The host's page asks for another one, for another device.
//
// May import: ../proof.js, ../root.js.

import { wordsOf } from '../proof.js';
import { endpoint } from '../root.js';

const SESSION = endpoint('workshop/host/session');
const CODE = endpoint('workshop/host/code');
/** How long the server may take to answer, in ms. */
const TIMEOUT = 5_000;
/** Characters of a code that are sent: more than the server makes. */
const MAX_CODE = 200;
/** Characters of an address and of a picture that are taken. */
const MAX_ADDRESS = 1_000;
const MAX_PICTURE = 200_000;

/** `words` are the server's, where it refuses. @typedef {{ state: 'given' | 'refused' | 'away', words: string }} Session */
/** What another device opens. @typedef {{ url: string, svg: string }} Invitation */

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

/**
 * Asks for the address by which another device becomes the host's.
 * @param {AbortSignal} signal
 * @returns {Promise<{ words: string, invitation: Invitation | undefined }>} why there is none, as far as the server says it
 */
export async function askCode(signal) {
  try {
    const response = await fetch(CODE, requestOf({ method: 'POST' }, signal));
    if (!response.ok) return { words: await wordsOf(response), invitation: undefined };
    return { words: '', invitation: invitationIn(await response.json()) };
  } catch {
    return { words: '', invitation: undefined };
  }
}

/** @param {any} given parsed @returns {Invitation | undefined} undefined if it is none that another device could open */
export function invitationIn(given) {
  const { url, svg } = given ?? {};
  const isText = typeof url === 'string' && typeof svg === 'string';
  if (!isText || url.length > MAX_ADDRESS || svg.length > MAX_PICTURE) return undefined;
  return url.startsWith('https://') && svg.startsWith('<svg') ? { url, svg } : undefined;
}

/** @param {RequestInit} init @param {AbortSignal} signal ends it @returns {RequestInit} */
const requestOf = (init, signal) => ({
  ...init,
  cache: 'no-store',
  signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
});

/** @param {RequestInit} init @param {AbortSignal} signal ends it @returns {Promise<Session>} */
async function ask(init, signal) {
  try {
    const response = await fetch(SESSION, requestOf(init, signal));
    if (response.ok) return { state: 'given', words: '' };
    // A proxy whose server is away answers so.
    if (response.status >= 500) return { state: 'away', words: '' };
    return { state: 'refused', words: (await wordsOf(response)) || 'This server has no page for its host.' };
  } catch {
    return { state: 'away', words: '' };
  }
}
