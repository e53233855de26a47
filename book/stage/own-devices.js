// @ts-check
// Where a demo with the reader's own devices runs: at a name of the reader's own machine, which leads to this server, and at which it serves nothing but
// what such a demo loads (server/src/http/camera.rs). Each run has another name, and so an origin of its own: what it stores is found by no later one, and
// it reaches no other frame.
//
// On another address than those of the reader's own machine there is no such name: it would need a certificate that the browser trusts. Over TLS there is none
// either: no certificate is for names that are made up, and Chromium shows no frame that came over plain HTTP in such a page, not even of its own machine.
//
// May import: place.js, proof.js.

import { currentProof } from './proof.js';
import { leadsHere } from './place.js';

/** The names of a page that may hold such a frame (server/src/camera_host.rs). */
const PAGES = ['localhost', '127.0.0.1'];
/** Bytes of a name that nobody has used before. */
const BYTES = 8;

/** The runner's page, at an address for one run. */
export function ownPlace() {
  const url = new URL('runner.html', import.meta.url);
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  url.hostname = `camera-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}.localhost`;
  return url.href;
}

/** Why no demo of this page can have the reader's own devices, in a few words; empty if they can, as far as is known without asking. */
export function whatForbidsOwn() {
  if (!PAGES.includes(location.hostname) || location.protocol !== 'http:') return 'only at http://localhost';
  return currentProof() ? '' : 'not from this server';
}

/** Whether this browser takes such a name to lead to the own machine. */
export const canBeReached = () => leadsHere(new URL(ownPlace()));
