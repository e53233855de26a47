// @ts-check
// The page *A secure connection*: whether this browser takes the certificate of this server. A `<div class="https-check">`, which the server puts there
// where it speaks TLS, gets a button; nothing is asked before it is pressed.
//
// May import: dom.js, root.js.

import { button, el, keepArrowKeys } from './dom.js';
import { endpoint } from './root.js';

/** How long the server may take to answer. */
const PATIENCE_MS = 10_000;

const SAYS = {
  asks: 'Asking.',
  takes: 'This browser takes the certificate. Open the address that begins with https:// below.',
  refuses:
    'This browser does not take the certificate yet, or does not reach the server. Do the steps for your device, then check again; or open the ' +
    'address that begins with https:// and click through the warning.',
  is: 'This page came over TLS, and this browser takes it for a secure context: it may ask for camera and microphone.',
  isNot: 'This page came over TLS, but this browser does not take it for a secure context.',
};

/** Adds a check to each place for one. */
export function createHttpsChecks() {
  for (const place of document.querySelectorAll('.https-check')) createHttpsCheck(place);
}

/** @param {Element} place */
function createHttpsCheck(place) {
  const status = el('p', { role: 'status', class: 'check-status' });
  /** Ends the question before. */
  let asking = new AbortController();
  const bar = el(
    'div',
    { class: 'card-bar check-bar', role: 'group', 'aria-label': 'Check of the certificate' },
    button('Check', check, { class: 'primary' }),
  );
  keepArrowKeys(bar);
  place.prepend(bar, status);
  addEventListener('pagehide', () => {
    asking.abort();
    // Nobody answers any more, also if the browser brings the page back.
    if (status.textContent === SAYS.asks) status.textContent = '';
  });

  async function check() {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    status.textContent = SAYS.asks;
    const says = location.protocol === 'https:' ? ofThisPage() : await ofTheServer(signal);
    if (!signal.aborted) status.textContent = says;
  }
}

function ofThisPage() {
  return isSecureContext ? SAYS.is : SAYS.isNot;
}

/**
 * Why a request failed, no page learns.
 * @param {AbortSignal} signal
 */
async function ofTheServer(signal) {
  const url = `https://${location.hostname}:${location.port || '80'}${new URL(endpoint('healthz')).pathname}`;
  const ends = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    await fetch(url, { mode: 'no-cors', cache: 'no-store', credentials: 'omit', signal: ends });
    return SAYS.takes;
  } catch {
    return SAYS.refuses;
  }
}
