// @ts-check
// Merges the events of several sides into one timeline: ordered by the clock, and within its uncertainty by causality (nothing is received
// before it is sent). Pure.
//
// May import: redact.js, ../../wire.js.

import { splitMessage } from '../../wire.js';
import { originOf, redactedMessage, word } from './redact.js';

/** @typedef {import('../../events.js').TapEvent} TapEvent */
/** @typedef {import('./exchange.js').Side} Side */
/** @typedef {import('../../events.js').MergedEvent} MergedEvent */
/** @typedef {{ peer: string, shift: number, uncertainty: number, events: TapEvent[] }} Lane */

/**
 * Merges the events of this side and of others.
 * @param {TapEvent[]} own
 * @param {Side[]} sides
 * @returns {MergedEvent[]}
 */
export function merge(own, sides) {
  if (sides.length === 0) return own;
  /** @type {Lane[]} */
  const lanes = [
    { peer: '', shift: 0, uncertainty: 0, events: own },
    ...sides.map(({ id, shift, uncertainty, events }) => ({ peer: id, shift, uncertainty, events })),
  ];
  const causes = causesOf(lanes);
  /** @type {MergedEvent[]} */
  const merged = [];
  /** The time at which each merged event is shown. @type {Map<TapEvent, number>} */
  const times = new Map();
  /** @typedef {{ lane: Lane, index: number, last: number }} Head */
  /** @type {Head[]} */
  const heads = lanes.map((lane) => ({ lane, index: 0, last: -Infinity }));
  const time = (/** @type {Head} */ { lane, index, last }) => Math.max(last, lane.events[index].at + lane.shift);
  for (;;) {
    /** @type {Head | undefined} */
    let earliest;
    /** The earliest whose cause is merged already. @type {Head | undefined} */
    let ready;
    for (const head of heads) {
      const event = head.lane.events[head.index];
      if (!event) continue;
      if (!earliest || time(head) < time(earliest)) earliest = head;
      const cause = causes.get(event);
      if ((!cause || times.has(cause)) && (!ready || time(head) < time(ready))) ready = head;
    }
    // If each waits for another, a side has sent impossible events: then the clock alone decides.
    const head = ready ?? earliest;
    if (!head) return merged;
    const event = head.lane.events[head.index];
    const cause = causes.get(event);
    // Moved by less than the clocks' uncertainty, so this time is as good as the measured one.
    const at = Math.max(time(head), (cause && times.get(cause)) ?? -Infinity);
    head.last = at;
    head.index += 1;
    times.set(event, at);
    merged.push(head.lane.peer ? { ...event, at, peer: head.lane.peer } : at === event.at ? event : { ...event, at });
  }
}

/** For each received message, the event on another side that sent it. @param {Lane[]} lanes @returns {Map<TapEvent, TapEvent>} */
function causesOf(lanes) {
  const partners = partnersOf(lanes);
  /** @type {Map<string, { lane: Lane, event: TapEvent }[]>} */
  const sent = new Map();
  /** @type {{ lane: Lane, event: TapEvent, key: string, index: number }[]} */
  const received = [];
  for (const lane of lanes) {
    /** The keys of a channel's messages, as sent from here and as received here. @type {Map<string, { out: string, in: string }>} */
    const channels = new Map();
    /** How often each key was received: equal messages are matched in the order in which they were sent. @type {Map<string, number>} */
    const next = new Map();
    for (const event of lane.events) {
      if (event.on.startsWith('ch') && event.type === 'new') channels.set(event.on, channelKeys(lane.peer, event));
      if (event.type !== 'message' || event.fault) continue;
      const isOut = event.side === 'out';
      const key = event.on.startsWith('ws')
        ? signalingKey(event.text)
        : messageKey(channels.get(event.on)?.[isOut ? 'out' : 'in'], event.size);
      if (!key) continue;
      if (isOut) {
        const same = sent.get(key);
        if (same) same.push({ lane, event });
        else sent.set(key, [{ lane, event }]);
      } else {
        const index = next.get(key) ?? 0;
        next.set(key, index + 1);
        received.push({ lane, event, key, index });
      }
    }
  }
  /** @type {Map<TapEvent, TapEvent>} */
  const causes = new Map();
  for (const { lane, event, key, index } of received) {
    const cause = sent.get(key)?.[index];
    if (!cause || cause.lane === lane) continue;
    // If it was received before it was sent by more than the clocks' uncertainty, the two don't belong together: an event in between was dropped.
    const early = cause.event.at + cause.lane.shift - (event.at + lane.shift);
    if (early <= cause.lane.uncertainty + lane.uncertainty) causes.set(event, cause.event);
  }
  return causes;

  /** @param {string} text */
  function signalingKey(text) {
    const message = redactedMessage(text);
    return splitMessage(message)?.sender ? message : '';
  }

  /** @param {string} peer @param {TapEvent} event a new channel */
  function channelKeys(peer, { of, text }) {
    const place = placeOf(peer, of);
    const partner = partners.get(place);
    // Labels of other sides are cut, so ours is cut as well.
    const label = word(text);
    return partner
      ? { out: JSON.stringify([place, label]), in: JSON.stringify([partner, label]) }
      : { out: '', in: '' };
  }

  /**
   * Begins with a digit, so that it can't equal the key of a signaling message.
   * @param {string | undefined} channel
   * @param {number | undefined} size
   */
  function messageKey(channel, size) {
    return channel ? `${size} ${channel}` : '';
  }
}

/**
 * Identifies a connection of a side. The connection comes first, because only the id of a side may contain a space.
 * @param {string} peer
 * @param {string} connection
 */
export const placeOf = (peer, connection) => `${connection} ${peer}`;
/** The side in an identifier that `placeOf` made; empty for this side. @param {string} place */
export const peerAt = (place) => place.slice(place.indexOf(' ') + 1);

/**
 * Which connections of the sides are connected to each other: each has set a description that the other has made. What other sides send are
 * claims: this page's own events overrule them, and if two sides claim the same description, neither is believed.
 * @param {{ peer: string, events: TapEvent[] }[]} lanes this side's is the first
 * @returns {Map<string, string>} the place (`placeOf`) that each place is connected to
 */
export function partnersOf(lanes) {
  /**
   * The connection that made each description, and the one that was given it; undefined if several claim it.
   * @type {Map<string, string | undefined>[]}
   */
  const [makers, takers] = [new Map(), new Map()];
  /** @type {[string, string][]} */
  const given = [];
  for (const { peer, events } of lanes) {
    for (const { on, type, name, text } of events) {
      const origin = on.startsWith('pc') && type !== 'candidate' && text ? originOf(text) : '';
      if (!origin) continue;
      const place = placeOf(peer, on);
      const isGiven = name === 'setRemoteDescription';
      if (isGiven) given.push([place, origin]);
      claim(isGiven ? takers : makers, origin, place);
    }
  }
  /** @type {Map<string, string>} */
  const partners = new Map();
  for (const [place, origin] of given) {
    const maker = makers.get(origin);
    if (maker && maker !== place) partners.set(place, maker);
  }
  for (const [origin, maker] of makers) {
    const taker = takers.get(origin);
    if (maker && taker && taker !== maker && !partners.has(maker)) partners.set(maker, taker);
  }
  return partners;
}

/** @param {Map<string, string | undefined>} claims @param {string} origin @param {string} place */
function claim(claims, origin, place) {
  const earlier = claims.get(origin);
  if (!claims.has(origin) || (earlier !== undefined && peerAt(earlier) === peerAt(place))) claims.set(origin, place);
  else if (earlier !== undefined && peerAt(earlier) !== '') claims.set(origin, undefined);
}
