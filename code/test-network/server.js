// @ts-check
// What this library asks of the server: `line` and `lab` beside the book, with JSON in bodies and answers.
//
// May import: nothing.

/** Where the book is, which may stand below a prefix. The server gives this module an address with the version of its files in it. */
const ROOT = import.meta.url.replace(/code\/test-network\/[^/]*$/, '').replace(/\/v\/[^/]+\/$/, '/');

const NOT_SERVED =
  'this page is served without the server that has lines and labs. Start the guidebook with cargo run --release.';
const NO_ANSWER = 'the server does not answer: it was stopped, or is out of reach.';

/** Where the server has found a mistake in a body that the program never sees. */
const PLACE = / at line \d+ column \d+$/;

/**
 * @param {string} what is to be done, for the message of an error: “openLine”
 * @param {'GET' | 'POST' | 'PATCH' | 'DELETE'} method
 * @param {string} path from the root of the book
 * @param {object} [body]
 * @returns {Promise<any>} rejects with the server's reason, in words
 */
export async function ask(what, method, path, body) {
  const response = await fetch(ROOT + path, { method, body: body && JSON.stringify(body) }).catch(() => undefined);
  if (!response) throw new Error(`${what}: ${NO_ANSWER}`);
  const mediaType = response.headers.get('content-type') ?? '';
  if (response.ok && mediaType.startsWith('application/json')) return response.json();
  // Servers without this endpoint answer 404 or 405, with a page or with nothing.
  const isOurs = response.status === 204 || (mediaType.startsWith('text/plain') && response.status !== 405);
  if (!isOurs) throw new Error(`${what}: ${NOT_SERVED}`);
  // What has ended already is as good as ended now.
  const isGone = method === 'DELETE' && response.status === 404;
  if (!response.ok && !isGone) throw new Error(`${what}: ${(await response.text()).replace(PLACE, '')}`);
}
