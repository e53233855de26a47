// @ts-check
// One run of a demo: a sandboxed iframe of its own, and what it tells. Whatever comes out of the iframe is checked and is only ever text.

import { eventsOf, timeOf } from './events.js';
import { currentProof, isProofOld, refusal, renewedProof } from './proof.js';
import { statsOf } from './stats.js';
import { visible } from './visible.js';

const MAX_BATCH = 1_000;
/** Characters of one entry. */
const MAX_TEXT = 100_000;
/** An iframe that speaks more often within a second than the runner ever does is not taken any further. */
const MAX_MESSAGES_PER_SECOND = 400;
/** The largest height, in CSS pixels, that a demo's own content gets. */
const MAX_HEIGHT = 480;

const LEVELS = ['log', 'info', 'debug', 'warn', 'error'];

/**
 * @typedef {{ level: string, text: string, at: number, line: number | undefined, isUncaught: boolean }} Entry
 * `at` is the time since Run in ms, `line` a line of the demo's code, from 1, `isUncaught` that the code did not handle the error.
 */

/**
 * @typedef {object} Listener
 * @property {(entries: Entry[], dropped: number) => void} onentries `dropped` counts those that were lost before these
 * @property {() => void} onclear what was logged so far is gone
 * @property {(events: import('./events.js').TapEvent[], dropped: number) => void} onevents what the taps saw
 * @property {(stats: import('./stats.js').Stats) => void} onstats what it was asked for
 * @property {(asked: number, elapsed: number) => void} ontime when it was asked, and for how long its code ran then, as it says
 * @property {() => void} onimportfailed
 * @property {(words: string) => void} onrefused the server lets no iframe of this page signal, and says why
 * @property {() => void} onflood it speaks more than a page can listen to
 */

/** How many iframes this page has made. */
let runs = 0;

/** @typedef {import('./load-instruments.js').Fault} Fault */
/** @typedef {ReturnType<typeof startIframe>} Iframe */

/**
 * @param {HTMLIFrameElement} element not in the document yet
 * @param {string} code
 * @param {Fault[]} faults what is broken on purpose from its beginning
 * @param {Listener} listener
 */
export function startIframe(element, code, faults, listener) {
  // What it needs goes with the iframe: it can begin while this page is still busy with itself.
  // No two runs have the same name: the browser's history would take the iframe of this one for that of another, and Back would lead it away.
  element.name = JSON.stringify({
    code,
    faults,
    proof: currentProof(),
    run: `${performance.timeOrigin} ${(runs += 1)}`,
  });
  let chosen = faults;
  const ended = new AbortController();
  /** The way to the iframe, once the iframe has opened it. @type {MessagePort | undefined} */
  let port;
  const iframe = {
    /** The iframe has its code, and begins with it. */
    hasStarted: false,
    /** The first pass over the code came to its end. */
    isEvaluated: false,
    /** Questions that it has not answered. */
    missed: 0,
    /** It may have gone to another page: its silence would be no hang. */
    mayBeGone: false,

    /** Asks for an answer, which sets `missed` back to 0. */
    ping() {
      iframe.missed += 1;
      port?.postMessage({ type: 'ping', asked: performance.now() });
    },

    /** What is to be broken on purpose from now on. @param {Fault[]} changed */
    setFaults(changed) {
      chosen = changed;
      port?.postMessage({ type: 'faults', faults: changed });
    },

    askStats() {
      port?.postMessage({ type: 'stats' });
    },

    /** Ends everything that the code began: its connections, its sockets, its timers. */
    stop() {
      ended.abort();
      removeEventListener('message', connect);
      port?.close();
      element.remove();
    },
  };

  let isLoaded = false;
  element.addEventListener('load', () => {
    if (isLoaded) {
      // Its code has written the document anew, and then it still answers; or it has led the iframe to another page.
      iframe.mayBeGone = true;
      iframe.missed = 0;
      iframe.ping();
    }
    isLoaded = true;
  });
  addEventListener('message', connect);

  /** The first message of the iframe is the runner's: the demo's code comes later. @param {MessageEvent} event */
  function connect({ source, ports }) {
    if (source !== element.contentWindow || !ports[0]) return;
    removeEventListener('message', connect);
    [port] = ports;
    port.onmessage = hear;
    if (chosen !== faults) iframe.setFaults(chosen);
    if (isProofOld()) renewProof(true);
  }

  /** Gives the iframe the proof of the server that answers now. @param {boolean} wasOpen its last socket to the server was not refused */
  async function renewProof(wasOpen) {
    try {
      const proof = await renewedProof(ended.signal);
      port?.postMessage({ type: 'proof', proof });
      const words = wasOpen ? '' : await refusal(proof);
      if (words && !ended.signal.aborted) listener.onrefused(words);
    } catch {
      // The run was stopped.
    }
  }

  let secondBegan = 0;
  let messages = 0;

  /** @param {MessageEvent} event */
  function hear({ data }) {
    const now = performance.now();
    if (now - secondBegan > 1_000) {
      secondBegan = now;
      messages = 0;
    }
    messages += 1;
    if (messages > MAX_MESSAGES_PER_SECOND) return listener.onflood();
    switch (data?.type) {
      case 'started':
        iframe.hasStarted = true;
        iframe.missed = 0;
        break;
      case 'pong':
        iframe.missed = 0;
        iframe.mayBeGone = false;
        listener.ontime(data.asked, data.elapsed);
        break;
      case 'entries':
        if (data.isCleared) listener.onclear();
        listener.onentries(entriesOf(data.entries), wholeNumber(data.dropped));
        break;
      case 'tap':
        listener.onevents(eventsOf(data.events), wholeNumber(data.dropped));
        break;
      case 'stats': {
        const stats = statsOf(data);
        if (stats) listener.onstats(stats);
        break;
      }
      case 'lost':
        renewProof(data.wasOpen === true);
        break;
      case 'evaluated':
        iframe.isEvaluated = true;
        break;
      case 'import-failed':
        listener.onimportfailed();
        break;
      case 'height':
        element.style.height = `${Math.min(wholeNumber(data.height), MAX_HEIGHT)}px`;
    }
  }
  return iframe;
}

/** @param {unknown} list @returns {Entry[]} */
function entriesOf(list) {
  if (!Array.isArray(list)) return [];
  // `Array.from` leaves no holes, as a sparse array would have.
  return Array.from(list.slice(-MAX_BATCH), (entry) => ({
    level: LEVELS.includes(entry?.level) ? entry.level : 'log',
    text: typeof entry?.text === 'string' ? visible(entry.text.slice(0, MAX_TEXT)) : '',
    at: timeOf(entry?.at),
    line: wholeNumber(entry?.line) || undefined,
    isUncaught: entry?.isUncaught === true,
  }));
}

/** @param {unknown} value */
const wholeNumber = (value) => (Number.isSafeInteger(value) ? Math.max(0, /** @type {number} */ (value)) : 0);
