// @ts-check
// What the chapter on the instruments says of the handshake that is recorded in it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

/** @param {string} file */
const read = (file) => readFileSync(new URL(`../../../book/connecting/${file}`, import.meta.url), 'utf8');

/** @type {{ events: { at: number, type: string, on: string, name?: string, value?: string, side?: string, text?: string }[] }} */
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

/** What the walk says, and how many events have happened by then. */
const steps = Array.from(page.matchAll(/data-event="(\d+)">(.*?)<\/li>/g), ([, event, says]) => ({
  shown: events.slice(0, Number(event)),
  says,
}));

test('the walk ends with the last event, and each step has events that the one before has not', () => {
  assert.equal(steps.length, 9);
  steps.forEach(({ shown }, i) => assert.ok(shown.length > (steps[i - 1]?.shown.length ?? 0)));
  assert.equal(steps[8].shown.length, events.length);
});

test('a state that a step of the walk names is the newest one of a connection then', () => {
  /** @param {number} step @param {string} words */
  const sidesIn = (step, words) => {
    const { shown, says } = steps[step - 1];
    const [name, value] = words.includes(': ') ? words.split(': ') : ['signaling', words];
    assert.ok(says.includes(`<code>${words}</code>`), says);
    return ['pc1', 'pc2'].filter(
      (side) =>
        shown.findLast((event) => event.type === 'state' && event.on === side && event.name === name)?.value === value,
    );
  };
  assert.deepEqual(sidesIn(2, 'have-local-offer'), ['pc1']);
  assert.deepEqual(sidesIn(4, 'stable'), ['pc2']);
  assert.deepEqual(sidesIn(5, 'stable'), ['pc1', 'pc2']);
  assert.deepEqual(sidesIn(6, 'ice: checking'), ['pc1', 'pc2']);
  assert.deepEqual(sidesIn(7, 'ice: connected'), ['pc1', 'pc2']);
});
