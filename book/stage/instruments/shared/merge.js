// @ts-check
// Several sides of one exchange on one timeline: by the clock, and where the clock is not sure enough, by what caused what. Pure.

import { originOf, redactedFrame } from './redact.js';

/** @typedef {import('../../events.js').TapEvent} TapEvent */
/** @typedef {import('./wire.js').Side} Side */
/** @typedef {TapEvent & { peer?: string }} MergedEvent `peer` is the id of another side; none for this one. Times are those of this side. */
/** @typedef {{ peer: string, shift: number, uncertainty: number, events: TapEvent[] }} Lane */

/**
 * @param {TapEvent[]} own
 * @param {Side[]} sides
 * @returns {MergedEvent[]}
 */
export function merge(own, sides) {
  if (sides.length === 0) return own;
  /** @type {Lane[]} */
  const lanes = [{ peer: '', shift: 0, uncertainty: 0, events: own }, ...sides.map(({ id, shift, uncertainty, events }) => ({ peer: id, shift, uncertainty, events }))];
  const causes = causesOf(lanes);
  /** @type {MergedEvent[]} */
  const merged = [];
  /** When what was taken is shown to have happened. @type {Map<TapEvent, number>} */
  const times = new Map();
  /** @typedef {{ lane: Lane, index: number, last: number }} Head */
  /** @type {Head[]} */
  const heads = lanes.map((lane) => ({ lane, index: 0, last: -Infinity }));
  const time = (/** @type {Head} */ { lane, index, last }) => Math.max(last, lane.events[index].at + lane.shift);
  for (;;) {
    /** @type {Head | undefined} */
    let earliest;
    /** The earliest of those whose cause is there. @type {Head | undefined} */
    let ready;
    for (const head of heads) {
      const event = head.lane.events[head.index];
      if (!event) continue;
      if (!earliest || time(head) < time(earliest)) earliest = head;
      const cause = causes.get(event);
      if ((!cause || times.has(cause)) && (!ready || time(head) < time(ready))) ready = head;
    }
    // If each waits for another, somebody tells a story that can't be: then the clock alone decides.
    const head = ready ?? earliest;
    if (!head) return merged;
    const event = head.lane.events[head.index];
    const cause = causes.get(event);
    // Moved by less than the clocks may be wrong, so this time is as good as the one that was measured.
    const at = Math.max(time(head), (cause && times.get(cause)) ?? -Infinity);
    head.last = at;
    head.index += 1;
    times.set(event, at);
    merged.push(head.lane.peer ? { ...event, at, peer: head.lane.peer } : at === event.at ? event : { ...event, at });
  }
}

/** What was received on one side, with what was sent for it on another. @param {Lane[]} lanes @returns {Map<TapEvent, TapEvent>} */
function causesOf(lanes) {
  const partners = partnersOf(lanes);
  /** @type {Map<string, { lane: Lane, event: TapEvent }[]>} */
  const sent = new Map();
  /** @type {{ lane: Lane, event: TapEvent, key: string }[]} */
  const received = [];
  for (const lane of lanes) {
    /** @type {Map<string, string>} */
    const channels = new Map();
    for (const event of lane.events) {
      if (event.on.startsWith('ch') && event.type === 'new') channels.set(event.on, `${lane.peer}/${event.of} ${event.text}`);
      if (event.type !== 'message' || event.fault) continue;
      const isOut = event.side === 'out';
      const key = event.on.startsWith('ws') ? frameKey(event.text) : channelKey(channels.get(event.on) ?? '', isOut, event.size);
      if (!key) continue;
      if (!isOut) received.push({ lane, event, key });
      else if (sent.has(key)) sent.get(key)?.push({ lane, event });
      else sent.set(key, [{ lane, event }]);
    }
  }
  /** What is the same is received in the order in which it was sent, on each side. @type {Map<string, number>} */
  const next = new Map();
  /** @type {Map<TapEvent, TapEvent>} */
  const causes = new Map();
  for (const { lane, event, key } of received) {
    const counter = `${lane.peer} ${key}`;
    const index = next.get(counter) ?? 0;
    const cause = sent.get(key)?.[index];
    next.set(counter, index + 1);
    if (!cause || cause.lane === lane) continue;
    // What would have been received longer before it was sent than the clocks may be wrong is no pair: an event between is missing.
    const early = cause.event.at + cause.lane.shift - (event.at + lane.shift);
    if (early <= cause.lane.uncertainty + lane.uncertainty) causes.set(event, cause.event);
  }
  return causes;

  /** @param {string} text */
  function frameKey(text) {
    const frame = redactedFrame(text);
    return frame.startsWith('/') && !/^\/(roominfo|error)\|/.test(frame) ? frame : '';
  }

  /** @param {string} channel @param {boolean} isOut @param {number | undefined} size */
  function channelKey(channel, isOut, size) {
    const [place, ...label] = channel.split(' ');
    const partner = partners.get(place);
    return partner ? `${isOut ? place : partner} sends ${size} on ${label.join(' ')}` : '';
  }
}

/**
 * Which connection of which side is connected to which: each has set the description that the other has made.
 * @param {{ peer: string, events: TapEvent[] }[]} lanes
 * @returns {Map<string, string>} between `side/connection` and the same of the other
 */
export function partnersOf(lanes) {
  /** @type {Map<string, string>} */
  const made = new Map();
  /** @type {[string, string][]} */
  const given = [];
  for (const { peer, events } of lanes) {
    for (const { on, type, name, text } of events) {
      const origin = on.startsWith('pc') && type !== 'candidate' && text ? originOf(text) : '';
      if (!origin) continue;
      if (name === 'setRemoteDescription') given.push([`${peer}/${on}`, origin]);
      else made.set(origin, `${peer}/${on}`);
    }
  }
  /** @type {Map<string, string>} */
  const partners = new Map();
  for (const [place, origin] of given) {
    const maker = made.get(origin);
    if (!maker || maker === place) continue;
    partners.set(place, maker);
    partners.set(maker, place);
  }
  return partners;
}
