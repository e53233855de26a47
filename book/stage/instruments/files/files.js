// @ts-check
// Saves recordings and drawings as files, and opens recordings. Their contents are validated like the events of an iframe, because a file
// may come from anybody.
//
// May import: ../addresses.js, ../drawing/, ../timeline/, ../../events.js, ../../save-blob.js.

import { countOf, eventsOf, kept } from '../../events.js';
import { saveBlob } from '../../save-blob.js';
import { READER } from '../addresses.js';
import { sidesOf } from '../timeline/exchange.js';
import { svg } from '../drawing/svg.js';

const KIND = 'creating-connections recording';
/** The largest file that is opened, in bytes. */
const MAX_BYTES = 20_000_000;

/** The longest time that reading a file may take, in ms. */
const READ_WITHIN = 30_000;

/** The style of a saved drawing, which has none of the page's. */
const STYLE = `svg { background: #fff; font: 12px system-ui, sans-serif; } text { fill: #222; } .head { font-weight: 700; }
.row-back { fill: none; } .mark { fill: #eef3f8; stroke: var(--hue, #9ab); } .bad .mark { fill: #fde7e7; stroke: #b3151f; } .lifeline { stroke: #bbb; }
 .faulty .mark { fill: #fff4d6; stroke: #7a4d00; } .waits .mark, .faulty :is(.mark, .arrow) { stroke-dasharray: 4 3; }
.hue-signaling { --hue: #0b5a9c; } .hue-ice { --hue: #0a6355; } .hue-dtls { --hue: #864400; } .hue-messages { --hue: #7a1fa2; }
.arrow { stroke: var(--hue, #14598c); stroke-width: 1.5; } .direct .arrow { stroke-width: 3.5; } .arrow ~ .label { paint-order: stroke; stroke: #fff; stroke-width: 4px; } .arrow-head { fill: var(--hue, #14598c); } .time { fill: #666; }`;

/**
 * @typedef {object} Kept a run
 * @property {import('../../events.js').TapEvent[]} events
 * @property {number} lost events that are gone
 * @property {import('../timeline/exchange.js').Side[]} sides what others shared of theirs
 * @property {unknown[]} labs NAT labs as they were seen last. Those of a file are validated where they are shown (model/lab-report.js)
 */

/** Saves a run as a file. @param {string} name @param {Kept} kept */
export function saveRecording(name, { events, lost, sides, labs }) {
  const withLabs = labs.length > 0 ? { labs } : {};
  save(
    `${name}.json`,
    'application/json',
    JSON.stringify({ kind: KIND, version: 2, demo: name, lost, events, sides, ...withLabs }, undefined, 1),
  );
}

/** Saves a drawing as a file. @param {string} name @param {SVGSVGElement} drawing in no document */
export function saveDrawing(name, drawing) {
  drawing.prepend(svg('style', {}, STYLE));
  save(`${name}.svg`, 'image/svg+xml', new XMLSerializer().serializeToString(drawing));
}

/**
 * Opens a recording, in a worker.
 * @param {File} file
 * @returns {Promise<Kept>} rejects with a sentence for the reader
 */
export function openRecording(file) {
  return new Promise((resolve, reject) => {
    if (file.size > MAX_BYTES)
      throw new Error(`${file.name} is larger than ${MAX_BYTES / 1_000_000} MB: that is no recording of a demo.`);
    const reader = new Worker(READER, { type: 'module' });
    const over = (/** @type {() => void} */ act) => {
      clearTimeout(timer);
      reader.terminate();
      act();
    };
    const fail = (/** @type {string} */ why) => over(() => reject(new Error(`${file.name} was not opened: ${why}.`)));
    const timer = setTimeout(() => fail(`to read it takes longer than ${READ_WITHIN / 1_000} s`), READ_WITHIN);
    reader.onmessage = ({ data: { kept, refused } }) => over(() => (kept ? resolve(kept) : reject(new Error(refused))));
    reader.onerror = () => fail('what reads it did not load, or had too little memory');
    reader.postMessage(file);
  });
}

/**
 * Parses a recording, within the bounds that hold for a run. Those of version 1 have no other sides. Throws a sentence for the reader.
 * @param {string} text
 * @param {string} name of the file
 * @returns {Kept}
 */
export function recordingOf(text, name) {
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    // Reported below.
  }
  if (data?.kind !== KIND)
    throw new Error(`${name} is no recording of a demo: choose a file that “Save as JSON” made.`);
  const events = kept(eventsOf(data.events));
  const all = Array.isArray(data.events) ? data.events.length : 0;
  const labs = Array.isArray(data.labs) ? data.labs : [];
  return { events, lost: (countOf(data.lost) ?? 0) + all - events.length, sides: sidesOf(data.sides), labs };
}

/** @param {string} name @param {string} type @param {string} text */
const save = (name, type, text) => saveBlob(name, new Blob([text], { type }));
