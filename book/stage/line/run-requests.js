// @ts-check
// What the code of one run asks of the server's endpoints for lines, labs, ICE servers and the media room. The page asks in its place, because the
// server answers pages of the book; the iframe's runner passes requests here (runner/parts/ask-page.js). Lines, labs and sessions that the code has opened
// end with the run.
//
// May import: line-requests.js, media-addresses.js, ../proof.js, ../root.js.

import { fetchAsPage } from '../proof.js';
import { endpoint } from '../root.js';
import { end } from './line-requests.js';
import { beginsSession, headersFor, isMedia, MAX_OFFER, sessionOf, withTicket } from './media-addresses.js';

/** Lines, labs and sessions that a run has at once. The server has bounds of its own. */
const MAX_OPEN = 32;
/** Requests of a run that the server has not answered yet. */
const MAX_UNDER_WAY = 64;
/** How long the server may take to answer, in ms. */
const TIMEOUT = 5_000;
/** Characters of a request's body. The server takes as many bytes. */
const MAX_BODY = 32 * 1_024;

const METHODS = ['GET', 'POST', 'PATCH', 'DELETE', 'HEAD'];
const PATH = /^(?:ice|(?:line|lab)(?:\/[0-9a-f]{32}(?:\/packets(?:\.pcapng)?)?)?)(?:\?after=\d{1,15})?$/;

const NO_SUCH_ADDRESS = 'The server has no such line, lab or room.';
const TOO_MANY = `A run has ${MAX_OPEN} lines, labs and sessions at most: close one of them first.`;
const TOO_BUSY = `The server has not answered ${MAX_UNDER_WAY} requests of this run yet: wait for its answers.`;
/** @param {number} most */
const tooLong = (most) => `The body of a request has ${most} characters at most.`;

/**
 * @typedef {object} Answer
 * @property {number} id of the request
 * @property {number} status 0 if nobody has answered
 * @property {string} [mediaType]
 * @property {ArrayBuffer} [body]
 * @property {string} [location] of the session that has begun, from the root of the book: the iframe may know the server by another name
 */
/** @typedef {ReturnType<typeof createRequests>} Requests */

/**
 * @param {(answer: Answer) => void} answer tells the iframe
 * @param {() => string | undefined} [ticket] what admits the server to the rooms of the reader's pair
 */
export function createRequests(answer, ticket = () => undefined) {
  /** What the code has opened: `line/ID`, `lab/ID`, and the addresses of sessions. @type {Set<string>} */
  const open = new Set();
  let opening = 0;
  let underWay = 0;
  let isClosed = false;
  addEventListener('pagehide', endAll);

  /** The iframe asks. Its words are a stranger's. @param {any} request */
  async function hear({ id, method, path, body, contentType, authorization }) {
    if (isClosed || !Number.isSafeInteger(id)) return;
    const refuse = (/** @type {number} */ status, /** @type {string} */ words) =>
      answer({ id, status, mediaType: 'text/plain', body: new TextEncoder().encode(words).buffer });
    if (!METHODS.includes(method) || typeof path !== 'string') return refuse(404, NO_SUCH_ADDRESS);
    const ofMedia = isMedia(path);
    if (!ofMedia && !PATH.test(path)) return refuse(404, NO_SUCH_ADDRESS);
    const most = ofMedia ? MAX_OFFER : MAX_BODY;
    if (body && (typeof body !== 'string' || body.length > most)) return refuse(413, tooLong(most));
    const opens = method === 'POST' && (ofMedia ? beginsSession(path) : path !== 'ice');
    if (opens && open.size + opening >= MAX_OPEN) return refuse(429, TOO_MANY);
    if (underWay >= MAX_UNDER_WAY) return refuse(429, TOO_BUSY);
    underWay += 1;
    if (opens) opening += 1;
    try {
      const response = await fetchAsPage(endpoint(ofMedia ? withTicket(path, ticket()) : path), {
        method,
        headers: ofMedia ? headersFor(contentType, authorization) : undefined,
        body: body || undefined,
        signal: AbortSignal.timeout(TIMEOUT),
        cache: 'no-store',
      });
      const content = await response.arrayBuffer();
      const hasBegun = opens && response.status === 201;
      const begun = !hasBegun ? undefined : ofMedia ? sessionOf(response) : `${path}/${idIn(content)}`;
      keep(method, path, response, begun);
      const mediaType = response.headers.get('content-type') ?? '';
      const location = ofMedia ? begun : undefined;
      if (!isClosed) answer({ id, status: response.status, mediaType, body: content, location });
    } catch {
      answer({ id, status: 0 });
    } finally {
      underWay -= 1;
      if (opens) opening -= 1;
    }
  }

  /**
   * Notes what was opened or has ended. What the server refuses to end goes on.
   * @param {string} method @param {string} path @param {Response} response
   * @param {string | undefined} begun the address of what the request has opened, if it has
   */
  function keep(method, path, { ok, status }, begun) {
    if (begun !== undefined) open.add(begun);
    else if ((method === 'DELETE' && ok) || status === 404) open.delete(path);
    // It was opened when the run had ended.
    if (isClosed) endAll();
  }

  function endAll() {
    for (const path of open) end(isMedia(path) ? withTicket(path, ticket()) : path);
    open.clear();
  }

  return {
    hear,

    /** The lines that the code has opened. @returns {{ id: string, on: undefined }[]} */
    get lines() {
      return [...open].flatMap((path) => (path.startsWith('line/') ? [{ id: path.slice(5), on: undefined }] : []));
    },

    /** The ids of the labs that the code has opened. */
    get labs() {
      return [...open].flatMap((path) => (path.startsWith('lab/') ? path.slice(4) : []));
    },

    /** The run has ended. */
    close() {
      isClosed = true;
      removeEventListener('pagehide', endAll);
      endAll();
    },
  };
}

/** @param {ArrayBuffer} content the server's JSON */
const idIn = (content) => String(JSON.parse(new TextDecoder().decode(content)).id);
