// @ts-check
// Where a demo with the reader's own devices runs: at a name of the reader's own machine, which leads to this server, and at which it serves nothing but
// what such a demo loads (server/src/http/camera.rs). Each run has another name, and so an origin of its own: what it stores is found by no later one, and
// it reaches no other frame.
//
// On another address than those of the reader's own machine there is no such name: it would need a certificate that the browser trusts.
//
// May import: place.js, proof.js.

import { currentProof } from './proof.js';
import { leadsHere } from './place.js';

/** The names of a page that may hold such a frame (server/src/camera_host.rs). */
const PAGES = ['localhost', '127.0.0.1'];
/** Bytes of a name that nobody has used before. */
const BYTES = 8;

/** The runner's page, at an address for one run. It comes over plain HTTP, as its page's policy has it: the server speaks that at the same port. */
export function ownPlace() {
  const url = new URL('runner.html', import.meta.url);
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  const port = url.port || (url.protocol === 'https:' ? '443' : '');
  const name = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return new URL(`http://camera-${name}.localhost${port && `:${port}`}${url.pathname}`).href;
}

/** Why no demo of this page can have the reader's own devices, in a few words; empty if they can, as far as is known without asking. */
export function whatForbidsOwn() {
  if (!PAGES.includes(location.hostname)) return 'only at localhost';
  return currentProof() ? '' : 'not from this server';
}

/** Whether this browser takes such a name to lead to the own machine. */
export const canBeReached = () => leadsHere(new URL(ownPlace()));
