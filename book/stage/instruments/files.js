// @ts-check
// A recording or a drawing as a file of the reader's, and a recording from one. What a file holds is checked like what a frame says.

import { el } from '../dom.js';
import { eventsOf } from '../events.js';
import { sidesOf } from './shared/wire.js';
import { svg } from './svg.js';

const KIND = 'creating-connections recording';
/** Bytes of a file that is opened. */
const MAX_BYTES = 20_000_000;

/** How a drawing looks outside of the page. */
const STYLE = `svg { background: #fff; font: 12px system-ui, sans-serif; } text { fill: #222; } .head { font-weight: 700; }
.row-back { fill: none; } .mark { fill: #eef3f8; stroke: #9ab; } .bad .mark { fill: #fde7e7; stroke: #b3151f; } .lifeline { stroke: #bbb; }
.state .mark { stroke: #14598c; } .faulty .mark { fill: #fff4d6; stroke: #7a4d00; } .waits .mark, .faulty :is(.mark, .arrow) { stroke-dasharray: 4 3; }
.arrow { stroke: #14598c; stroke-width: 1.5; } .direct .arrow { stroke-width: 3.5; } .arrow ~ .label { paint-order: stroke; stroke: #fff; stroke-width: 4px; } .arrow-head { fill: #14598c; } .time { fill: #666; }`;

/** @typedef {{ events: import('../events.js').TapEvent[], sides: import('./shared/wire.js').Side[] }} Kept a run, and what others shared of theirs */

/** @param {string} name @param {Kept} kept */
export function saveRecording(name, { events, sides }) {
  save(`${name}.json`, 'application/json', JSON.stringify({ kind: KIND, version: 2, demo: name, events, sides }, undefined, 1));
}

/** @param {string} name @param {SVGSVGElement} drawing in no document */
export function saveDrawing(name, drawing) {
  drawing.prepend(svg('style', {}, STYLE));
  save(`${name}.svg`, 'image/svg+xml', new XMLSerializer().serializeToString(drawing));
}

/**
 * @param {File} file
 * @returns {Promise<Kept>} rejects with a sentence for the reader
 */
export async function openRecording(file) {
  if (file.size > MAX_BYTES) throw new Error(`${file.name} is larger than ${MAX_BYTES / 1_000_000} MB: that is no recording of a demo.`);
  return recordingOf(await file.text(), file.name);
}

/** Those of version 1 have no other sides. @param {string} text @param {string} name of the file @returns {Kept} */
export function recordingOf(text, name) {
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    // It is told below.
  }
  if (data?.kind !== KIND) throw new Error(`${name} is no recording of a demo: choose a file that “Save as JSON” made.`);
  return { events: eventsOf(data.events), sides: sidesOf(data.sides) };
}

/** @param {string} name @param {string} type @param {string} text */
function save(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = el('a', { href: url, download: name });
  link.click();
  // The browser has taken what it needs once the click is over.
  setTimeout(() => URL.revokeObjectURL(url));
}
