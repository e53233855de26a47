// @ts-check
// One run of a demo in a sandboxed iframe. Every message of the iframe is validated, because it runs the reader's code; its strings only ever become
// text.
//
// May import: events.js, frame.js, made-file.js, line/run-requests.js, line/server-lines.js, proof.js, stats.js, visible.js.

import { eventsOf, timeOf } from './events.js';
import { OWN_DEVICES } from './frame.js';
import { madeFileOf } from './made-file.js';
import { currentProof, isProofOld, refusal, renewedProof } from './proof.js';
import { statsOf } from './stats.js';
import { visible } from './visible.js';

const MAX_BATCH = 1_000;
/** Characters of one console entry. */
const MAX_TEXT = 100_000;
/** Messages within a second above which a run is stopped. The runner itself never sends as many. */
const MAX_MESSAGES_PER_SECOND = 400;
/** The largest height of a demo's own content, in CSS pixels. */
const MAX_HEIGHT = 480;

/** The largest length of a picture's box, in CSS pixels: no screen has more. */
const MAX_LENGTH = 20_000;

/** The answer to whatever a run with the reader's own devices asks the server for. */
const REFUSED = {
  status: 403,
  mediaType: 'text/plain',
  body: new TextEncoder().encode('A demo with your own devices reaches no server. Run it with stand-in devices.')
    .buffer,
};

/** What the reader is told who sets a bad line for such a run. */
const NO_LINE = 'A demo with your own devices gets no line. The connection goes its own way.';

const LEVELS = ['log', 'info', 'debug', 'warn', 'error'];

/**
 * @typedef {{ level: string, text: string, at: number, line: number | undefined, part: string, isUncaught: boolean, file?: import('./made-file.js').MadeFile, values: number }} Entry
 * `at` is the time since Run in ms, `line` a line of the demo's code, from 1, `part` the file that it is in, empty for the first, `isUncaught` that the code did not
 * handle the error, `file` what it has made, `values` the number by which the frame finds what can be unfolded, 0 if nothing can.
 */

/**
 * A question for what is in a value of the console: the number of an entry, that of a value in it, negative for the entry itself, and how many of what is in it
 * are passed over.
 * @typedef {{ entry: number, node: number, from: number }} Question
 */

/** @typedef {{ x: number, y: number, width: number, height: number }} Box in CSS pixels of the frame */

/**
 * @typedef {object} Listener
 * @property {(entries: Entry[], dropped: number) => void} onentries `dropped` counts those that were lost before these
 * @property {() => void} onclear what was logged so far is gone
 * @property {(events: import('./events.js').TapEvent[], dropped: number) => void} onevents what the taps saw
 * @property {(stats: import('./stats.js').Stats) => void} onstats what it was asked for
 * @property {(asked: number, elapsed: number) => void} ontime when it was asked, and for how long its code ran then, as it says
 * @property {() => void} onmedia it makes pictures or sounds; told once
 * @property {(box: Box | undefined) => void} onpicture where its picture is from now on; undefined if it shows none
 * @property {() => void} onimportfailed
 * @property {(words: string) => void} onrefused the server lets no iframe of this page signal, and says why
 * @property {() => void} onflood it speaks more than a page can listen to
 */

/** Runs of this page so far. */
let runs = 0;

/** @typedef {import('./load-instruments.js').Fault} Fault */
/** @typedef {ReturnType<typeof startIframe>} Iframe */

/**
 * Prepares an iframe to run code. The run starts when the iframe is put into the document.
 * @param {HTMLIFrameElement} element not in the document yet
 * @param {{ name: string, code: string }[]} files the first is the one that begins; it can import the others by their names
 * @param {Fault[]} faults what is broken on purpose from its beginning
 * @param {Listener} listener
 * @param {string} ticket what admits its sockets to the rooms of the reader's pair; empty outside of a workshop
 * @param {string} [devices] how its stand-in devices are; empty if it has none, or `OWN_DEVICES`
 */
export function startIframe(element, files, faults, listener, ticket, devices) {
  const number = (runs += 1);
  // Its origin is no opaque one. It gets nothing that the server lets anybody in by, and the page asks the server for nothing in its place.
  const isApart = devices === OWN_DEVICES;
  // The name carries what the run needs, so that it can start while this page is still busy. Each run has another name: the browser's
  // history identifies iframes by it, and Back would otherwise navigate this one to the page of an earlier run.
  element.name = JSON.stringify({
    files,
    faults: forRunner(faults),
    proof: isApart ? '' : currentProof(),
    ticket: isApart ? undefined : ticket || undefined,
    devices: isApart ? undefined : devices || undefined,
    run: `${performance.timeOrigin} ${number}`,
  });
  let chosen = faults;
  /** The ticket of its next sockets. */
  let shown = ticket;
  let state = devices;
  /** Loaded when a fault needs it: few runs go over a line. @type {Promise<import('./line/server-lines.js').Lines | undefined> | undefined} */
  let lines;
  if (lineIn(faults)) loadLines();
  /** Loaded when the code asks the server for something. @type {Promise<import('./line/run-requests.js').Requests | undefined> | undefined} */
  let requests;
  /** The same when it is loaded. @type {import('./line/run-requests.js').Requests | undefined} */
  let loadedRequests;
  const ended = new AbortController();
  /** Who waits for the answer to each question. @type {Map<number, (answer: unknown) => void>} */
  const waiting = new Map();
  let questions = 0;
  /** Opened by the iframe when it has loaded. @type {MessagePort | undefined} */
  let port;
  const iframe = {
    /** Which run of this page it is, counted from 1. */
    number,
    /** The iframe has received its code. */
    hasStarted: false,
    /** The code was evaluated once to its end. */
    isEvaluated: false,
    /** Pings that were not answered. */
    missed: 0,
    /** It may have navigated to another page, which would not answer either. */
    mayBeGone: false,

    /** Sends a ping. The answer resets `missed`. */
    ping() {
      iframe.missed += 1;
      port?.postMessage({ type: 'ping', asked: performance.now() });
    },

    /** Sets the faults that are injected from now on. @param {Fault[]} changed */
    setFaults(changed) {
      chosen = changed;
      if (lineIn(changed)) loadLines();
      lines?.then((loaded) => loaded?.set(lineIn(changed)));
      port?.postMessage({ type: 'faults', faults: forRunner(changed) });
    },

    /** Sets the ticket that its next sockets show. @param {string} changed */
    setTicket(changed) {
      shown = changed;
      if (!isApart) port?.postMessage({ type: 'ticket', ticket: changed });
    },

    /** Sets how stand-in devices are. @param {string} changed */
    setDevices(changed) {
      state = changed;
      port?.postMessage({ type: 'devices', state });
    },

    /** The lines that connections go over; undefined if no fault has asked for any. */
    get lines() {
      return lines;
    },

    /** The lines that packets of the run pass: of connections that were put on one, and those that the code has opened. */
    async openLines() {
      const [ofConnections, ofCode] = await Promise.all([lines, requests]);
      return [...(ofConnections?.open ?? []), ...(ofCode?.lines ?? [])];
    },

    /** The ids of the NAT labs that the code has open. */
    get openLabs() {
      return loadedRequests?.labs ?? [];
    },

    askStats() {
      port?.postMessage({ type: 'stats' });
    },

    /**
     * Asks what is in a value of the console.
     * @param {Question} question
     * @returns {Promise<unknown>} the answer, as the frame gives it; undefined if the run ends before
     */
    unfold: (question) =>
      new Promise((resolve) => {
        questions += 1;
        waiting.set(questions, resolve);
        port?.postMessage({ type: 'unfold', asked: questions, ...question });
      }),

    /** Ends the run with all its connections, sockets and timers. */
    stop() {
      ended.abort();
      for (const answer of waiting.values()) answer(undefined);
      lines?.then((loaded) => loaded?.close());
      requests?.then((loaded) => loaded?.close());
      removeEventListener('message', connect);
      port?.close();
      element.remove();
    },
  };

  let isLoaded = false;
  element.addEventListener('load', () => {
    if (isLoaded) {
      // Either the code has called `document.write`, and the runner still answers; or it has navigated the iframe to another page.
      iframe.mayBeGone = true;
      iframe.missed = 0;
      iframe.ping();
    }
    isLoaded = true;
  });
  addEventListener('message', connect);

  /** The first message of the iframe comes from the runner, because the demo's code runs later. @param {MessageEvent} event */
  function connect({ source, ports }) {
    if (source !== element.contentWindow || !ports[0]) return;
    removeEventListener('message', connect);
    [port] = ports;
    port.onmessage = hear;
    if (chosen !== faults) iframe.setFaults(chosen);
    if (shown !== ticket) iframe.setTicket(shown);
    if (state && state !== devices) iframe.setDevices(state);
    if (isProofOld() && !isApart) renewProof(true);
  }

  /**
   * Fetches the current proof for the iframe, after the server may have been restarted.
   * @param {boolean} wasOpen its last socket to the server was not refused
   */
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

  function loadLines() {
    lines ??= import('./line/server-lines.js').then(({ createLines }) => {
      const loaded = createLines((answer) => port?.postMessage({ type: 'line', ...answer }), isApart ? NO_LINE : '');
      loaded.set(lineIn(chosen));
      return loaded;
    }, nothing);
  }

  /** @param {any} data a connection that gets no answer would wait for its line for ever */
  async function hearOfLine(data) {
    const loaded = await lines;
    if (loaded) loaded.hear(data);
    else port?.postMessage({ type: 'line', on: data.on });
  }

  /** @param {any} data */
  async function hearOfRequest(data) {
    if (isApart) return port?.postMessage({ type: 'answer', id: data.id, ...REFUSED });
    requests ??= import('./line/run-requests.js').then(
      ({ createRequests }) =>
        createRequests(
          (answer) => port?.postMessage({ type: 'answer', ...answer }),
          () => shown,
        ),
      nothing,
    );
    loadedRequests = await requests;
    if (loadedRequests) loadedRequests.hear(data);
    else port?.postMessage({ type: 'answer', id: data.id, status: 0 });
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
        listener.onentries(entriesOf(data.entries, files), wholeNumber(data.dropped));
        break;
      case 'tap':
        listener.onevents(eventsOf(data.events), wholeNumber(data.dropped));
        break;
      case 'stats': {
        const stats = statsOf(data);
        if (stats) listener.onstats(stats);
        break;
      }
      case 'values':
        waiting.get(data.asked)?.(data);
        waiting.delete(data.asked);
        break;
      case 'line':
        hearOfLine(data);
        break;
      case 'request':
        hearOfRequest(data);
        break;
      case 'lost':
        if (!isApart) renewProof(data.wasOpen === true);
        break;
      case 'evaluated':
        iframe.isEvaluated = true;
        break;
      case 'media':
        listener.onmedia();
        break;
      case 'picture':
        listener.onpicture(boxOf(data.box));
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

const nothing = () => undefined;

/** @param {any} box @returns {Box | undefined} undefined if it has no size */
function boxOf(box) {
  const [x, y, width, height] = [box?.x, box?.y, box?.width, box?.height].map((length) =>
    Math.min(wholeNumber(length), MAX_LENGTH),
  );
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

/** What the runner has to know of faults. @param {Fault[]} faults */
const forRunner = (faults) => faults.map(({ id, amounts }) => ({ id, amounts }));

/** How packets are to fare, if a fault says so. @param {Fault[]} faults */
const lineIn = (faults) => faults.find(({ line }) => line)?.line;

/** @param {unknown} list @param {{ name: string }[]} files @returns {Entry[]} */
function entriesOf(list, files) {
  if (!Array.isArray(list)) return [];
  // `Array.from` also visits the holes of a sparse array.
  return Array.from(list.slice(-MAX_BATCH), (entry) => ({
    level: LEVELS.includes(entry?.level) ? entry.level : 'log',
    text: typeof entry?.text === 'string' ? visible(entry.text.slice(0, MAX_TEXT)) : '',
    at: timeOf(entry?.at),
    line: wholeNumber(entry?.line) || undefined,
    part: files[wholeNumber(entry?.part) || files.length]?.name ?? '',
    isUncaught: entry?.isUncaught === true,
    file: madeFileOf(entry?.file),
    values: wholeNumber(entry?.values),
  }));
}

/** @param {unknown} value */
const wholeNumber = (value) => (Number.isSafeInteger(value) ? Math.max(0, /** @type {number} */ (value)) : 0);
