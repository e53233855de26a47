// @ts-check
// What the chapter on the instruments says of the handshake that is recorded in it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

/** @param {string} file */
const read = (file) => readFileSync(new URL(`../../../book/connecting/${file}`, import.meta.url), 'utf8');

/** @type {{ events: { at: number, type: string, on: string, side?: string, text?: string }[] }} */
const { events } = JSON.parse(read('handshake.json'));
const page = read('instruments.md').replace(/\s+/g, ' ');

test('it says how many events the recording has, and how long that took', () => {
  assert.equal(events.length, 55);
  const took = events[events.length - 1].at - events[0].at;
  assert.equal(Math.round(took), 38);
  assert.ok(page.includes('as Chromium did it in one run: 55 events in 38 ms.'));
});

test('its arrows are candidates of both sides, then two messages', () => {
  // Without text it is the end of them.
  const candidates = events.filter(({ type, text }) => type === 'candidate' && text);
  const messages = events.filter(({ type, side }) => type === 'message' && side === 'out');
  assert.deepEqual([...new Set(candidates.map(({ on }) => on))], ['pc1', 'pc2']);
  assert.equal(messages.length, 2);
  assert.ok(messages.every(({ at }) => candidates.every((candidate) => candidate.at < at)));
  assert.ok(page.includes('some candidates each way, then two messages.'));
});
