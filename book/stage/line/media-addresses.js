// @ts-check
// What the code of a run may ask of the server's media room (server/src/http/media.rs): which addresses, and with what.
//
// May import: ../root.js.

import { endpoint } from '../root.js';

/** Rooms have parts of letters, digits, `-` and `_`; so have the addresses of sessions. There is no way out of the folder. */
const PATH = /^(?:whip|whep|sfu)(?:\/[\w-]{1,256}){1,10}(?:\?keyframes=off)?$/;
/** A POST that begins a session; what a watcher asks of its own stands behind its address. A room of WHIP may be called `layer`. */
const OPENS = /^(?:whip\/|whep\/(?!.*\/layer(?:\?|$)))/;
const SDP = /^application\/sdp\s*(?:;|$)/i;
/** What can stand in a header, short. */
const PRINTABLE = /^[ -~]{1,300}$/;

/** Characters of an offer. The server takes as many bytes. */
export const MAX_OFFER = 64 * 1_024;

/** Whether this is an address of the media room. @param {string} path from the root of the book */
export const isMedia = (path) => PATH.test(path);

/** Whether a POST there begins a session. @param {string} path */
export const beginsSession = (path) => isMedia(path) && OPENS.test(path);

/**
 * The headers of a request, of which the code chooses two.
 * @param {unknown} type what its body is
 * @param {unknown} authorization a key, for the code that shows what one is for
 */
export function headersFor(type, authorization) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (typeof type === 'string' && SDP.test(type)) headers['content-type'] = 'application/sdp';
  if (typeof authorization === 'string' && PRINTABLE.test(authorization)) headers.authorization = authorization;
  return headers;
}

/** With what admits the reader to the rooms of their pair. @param {string} path @param {string | undefined} ticket */
export function withTicket(path, ticket) {
  if (!ticket) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams({ ticket })}`;
}

/**
 * Where the session of an answer is, from the root of the book.
 * @param {Response} response
 * @returns {string | undefined} undefined if it is elsewhere
 */
export function sessionOf(response) {
  const location = response.headers.get('location');
  const root = endpoint('');
  const href = location === null ? '' : new URL(location, response.url).href;
  const path = href.startsWith(root) ? href.slice(root.length) : '';
  return isMedia(path) ? path : undefined;
}
