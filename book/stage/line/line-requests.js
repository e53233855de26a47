// @ts-check
// What is asked of the server's endpoints for lines and labs (server/src/http/lines.rs, lab.rs).
//
// May import: line-settings.js, ../proof.js, ../root.js.

import { fetchAsPage, wordsOf } from '../proof.js';
import { endpoint } from '../root.js';
import { PERFECT } from './line-settings.js';

const LINE = endpoint('line');
/** How long the server may take to answer, in ms. */
const TIMEOUT = 5_000;
/** What a server says that is not the workshop's. */
const NOT_SERVED = 'This page is served without lines: start the guidebook with cargo run --release.';

/** @typedef {import('./line-settings.js').Conditions} Conditions */
/** @typedef {{ name: string, a_to_b: Conditions, b_to_a: Conditions }} Preset */

/** The presets that the server has. @returns {Promise<Preset[]>} */
export async function presets() {
  const { presets: list } = /** @type {any} */ (await ask('GET', ''));
  return list.map((/** @type {any} */ { name, a_to_b, b_to_a }) => ({
    name,
    a_to_b: { ...PERFECT, ...a_to_b },
    b_to_a: { ...PERFECT, ...b_to_a },
  }));
}

/** The server says no, and why. */
export class Refusal extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * Asks for lines, or for one.
 * @param {string} method @param {string} id empty for none @param {object} [body]
 * @returns {Promise<unknown>} rejects with a Refusal, or if nobody answers
 */
export async function ask(method, id, body) {
  return (await answerTo(method, id, body)).json();
}

/** The packets of a line that the server keeps, as Wireshark opens them. @param {string} id */
export async function recordingOf(id) {
  return (await answerTo('GET', `${id}/packets.pcapng`)).blob();
}

/** The hosts and NATs of a lab as they are now. @param {string} id @returns {Promise<unknown>} rejects as for a line */
export async function natsOf(id) {
  return (await answerAt(endpoint(`lab/${id}/nats`), 'GET')).json();
}

/** @param {string} method @param {string} id @param {object} [body] */
const answerTo = (method, id, body) => answerAt(id ? `${LINE}/${id}` : LINE, method, body);

/** @param {string} address @param {string} method @param {object} [body] */
async function answerAt(address, method, body) {
  const response = await fetchAsPage(address, {
    method,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT),
    cache: 'no-store',
  });
  if (!response.ok) throw new Refusal(response.status, (await wordsOf(response)) || NOT_SERVED);
  return response;
}

/** Ends a line, even if the page is about to be left. @param {string} id */
export const forgetLine = (id) => end(`line/${id}`);

/** The same of a line or a lab. @param {string} path `line/ID` or `lab/ID` */
export function end(path) {
  fetchAsPage(endpoint(path), { method: 'DELETE', keepalive: true }).catch(() => {});
}
