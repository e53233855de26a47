// @ts-check
// What the code of one run asks of the server's endpoints for lines, labs and ICE servers. The page asks in its place, because the server answers
// pages of the book; the iframe's runner passes requests here (runner/tap/requests.js). Lines and labs that the code has opened end with the run.
//
// May import: line-requests.js, ../proof.js, ../root.js.

import { fetchAsPage } from '../proof.js';
import { endpoint } from '../root.js';
import { end } from './line-requests.js';

/** Lines and labs that a run has at once. The server has bounds of its own. */
const MAX_OPEN = 32;
/** Requests of a run that the server has not answered yet. */
const MAX_UNDER_WAY = 64;
/** How long the server may take to answer, in ms. */
const TIMEOUT = 5_000;
/** Characters of a request's body. The server takes as many bytes. */
const MAX_BODY = 32 * 1_024;

const METHODS = ['GET', 'POST', 'PATCH', 'DELETE', 'HEAD'];
const PATH = /^(?:ice|(?:line|lab)(?:\/[0-9a-f]{32}(?:\/packets(?:\.pcapng)?)?)?)(?:\?after=\d{1,15})?$/;

const NO_SUCH_ADDRESS = 'The server has no such line or lab.';
const TOO_MANY = `A run has ${MAX_OPEN} lines and labs at most: close one of them first.`;
const TOO_BUSY = `The server has not answered ${MAX_UNDER_WAY} requests of this run yet: wait for its answers.`;
const TOO_LONG = `The body of a request has ${MAX_BODY} characters at most.`;

/** @typedef {{ id: number, status: number, mediaType?: string, body?: ArrayBuffer }} Answer status 0 if nobody has answered */
/** @typedef {ReturnType<typeof createRequests>} Requests */

/** @param {(answer: Answer) => void} answer tells the iframe */
export function createRequests(answer) {
  /** What the code has opened: `line/ID` and `lab/ID`. @type {Set<string>} */
  const open = new Set();
  let opening = 0;
  let underWay = 0;
  let isClosed = false;
  addEventListener('pagehide', endAll);

  /** The iframe asks. Its words are a stranger's. @param {any} request */
  async function hear({ id, method, path, body }) {
    if (isClosed || !Number.isSafeInteger(id)) return;
    const refuse = (/** @type {number} */ status, /** @type {string} */ words) =>
      answer({ id, status, mediaType: 'text/plain', body: new TextEncoder().encode(words).buffer });
    if (!METHODS.includes(method) || typeof path !== 'string' || !PATH.test(path)) return refuse(404, NO_SUCH_ADDRESS);
    if (body && (typeof body !== 'string' || body.length > MAX_BODY)) return refuse(413, TOO_LONG);
    const opens = method === 'POST' && path !== 'ice';
    if (opens && open.size + opening >= MAX_OPEN) return refuse(429, TOO_MANY);
    if (underWay >= MAX_UNDER_WAY) return refuse(429, TOO_BUSY);
    underWay += 1;
    if (opens) opening += 1;
    try {
      const response = await fetchAsPage(endpoint(path), {
        method,
        body: body || undefined,
        signal: AbortSignal.timeout(TIMEOUT),
        cache: 'no-store',
      });
      const content = await response.arrayBuffer();
      keep(method, path, response, content);
      const mediaType = response.headers.get('content-type') ?? '';
      if (!isClosed) answer({ id, status: response.status, mediaType, body: content });
    } catch {
      answer({ id, status: 0 });
    } finally {
      underWay -= 1;
      if (opens) opening -= 1;
    }
  }

  /** Notes what was opened or has ended. @param {string} method @param {string} path @param {Response} response @param {ArrayBuffer} content */
  function keep(method, path, { status }, content) {
    if (status === 201) open.add(`${path}/${idIn(content)}`);
    else if (method === 'DELETE' || status === 404) open.delete(path);
    // It was opened when the run had ended.
    if (isClosed) endAll();
  }

  function endAll() {
    for (const path of open) end(path);
    open.clear();
  }

  return {
    hear,

    /** The lines that the code has opened. @returns {{ id: string, on: undefined }[]} */
    get lines() {
      return [...open].flatMap((path) => (path.startsWith('line/') ? [{ id: path.slice(5), on: undefined }] : []));
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
