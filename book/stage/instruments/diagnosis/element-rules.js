// @ts-check
// Rules about what arrives and is not shown or heard, by what media elements were given and did. They need no statistics: a track that is received is unmuted
// when its first packet comes. Pure.
//
// May import: query.js, ../model/.

import { idsIn, tracksIn } from '../model/media.js';
import { current, since } from '../model/model.js';
import { inWords } from '../model/time.js';
import { PATIENCE } from './query.js';

/** @typedef {import('../model/model.js').Model} Model */
/** @typedef {import('../model/media.js').Track} Track */
/** @typedef {import('../model/media.js').MediaElement} MediaElement */
/** @typedef {import('./diagnosis.js').Finding} Finding */
/**
 * What a rule is told besides its element.
 * @typedef {object} Page
 * @property {Model} model
 * @property {Set<string>} given the ids of the tracks that an element has now
 * @property {number} now ms since Run
 */
/** @typedef {(element: MediaElement, page: Page) => Omit<Finding, 'of'> | undefined} ElementRule */

/** @type {ElementRule} */
function refusedToPlay({ states, plays }) {
  const refused = plays[plays.length - 1];
  if (refused?.errorName !== 'NotAllowedError' || current(states.playback) !== 'paused') return undefined;
  return {
    id: 'autoplay-refused',
    evidence: `play() was refused at ${inWords(refused.endedAt ?? refused.at)} (NotAllowedError), and the element is paused${current(states.sound) === 'muted' ? '.' : ' and not muted.'}`,
    line: refused.line,
  };
}

/** @type {ElementRule} */
function lostToAnotherStream(element, { model, given, now }) {
  const { states } = element;
  const own = new Set(tracksIn(element));
  if (own.size === 0) return undefined;
  const earlier = new Set(states.tracks.flatMap(idsIn));
  const kinds = new Set(model.tracks.filter(({ id }) => own.has(id)).map(({ kind }) => kind));
  // An element that shows now this and now that has a track of the same kind.
  const lost = model.tracks.find(
    (track) => earlier.has(track.id) && !kinds.has(track.kind) && isFlowing(track, now) && !given.has(track.id),
  );
  const change = states.tracks[states.tracks.length - 1];
  return (
    lost && {
      id: 'stream-replaced',
      evidence: `At ${inWords(change.at)} the element got another srcObject, in which the ${lost.kind} track that it had is missing: its packets arrive, and no element has it.`,
      line: change.line,
    }
  );
}

/**
 * One with controls waits for the reader, and one with `autoplay` may wait until it is in sight.
 * @type {ElementRule}
 */
function neverPlayed(element, { model, now }) {
  const { states, plays } = element;
  if (current(states.start) !== 'code') return undefined;
  if (plays.length > 0 || states.playback.some(({ value }) => value !== 'paused')) return undefined;
  const own = tracksIn(element);
  const isPlayed = model.elements.some(
    (other) => current(other.states.playback) !== 'paused' && tracksIn(other).some((id) => own.includes(id)),
  );
  const isFed = model.tracks.some((track) => own.includes(track.id) && isFlowing(track, now));
  if (isPlayed || !isFed || now - since(states.tracks) < PATIENCE) return undefined;
  const { at, line } = states.tracks[states.tracks.length - 1];
  return {
    id: 'not-played',
    evidence: `The element has its stream since ${inWords(at)}, what it is to show arrives, and it is paused: nobody called play().`,
    line,
  };
}

/** @type {ElementRule} */
function withoutSize(element, { model, now }) {
  const { states, kind } = element;
  const sight = current(states.sight);
  if (kind !== 'video' || !/^(without size|hidden)$/.test(sight) || now - since(states.sight) < PATIENCE)
    return undefined;
  if (current(states.playback) !== 'playing' || current(states.size) === '') return undefined;
  const ids = tracksIn(element);
  const isSeen = model.elements.some(
    (other) => tracksIn(other).some((id) => ids.includes(id)) && /sight$/.test(current(other.states.sight)),
  );
  if (isSeen || wasSeen(element, now)) return undefined;
  return {
    id: 'no-size',
    evidence: `The element plays a picture of ${current(states.size).replace('x', ' × ')} pixels, and is ${sight === 'hidden' ? 'hidden' : 'without size'} in the page since ${inWords(since(states.sight))}.`,
  };
}

/** Whether it was in the page with a size for a while as it played: then it was hidden on purpose. @param {MediaElement} element @param {number} now */
function wasSeen({ states: { playback, sight } }, now) {
  const began = playback.find(({ value }) => value === 'playing')?.at ?? now;
  return sight.some(
    ({ value, at }, i) => /sight$/.test(value) && (sight[i + 1]?.at ?? now) - Math.max(at, began) >= PATIENCE,
  );
}

/** @type {ElementRule} */
function interrupted({ states, plays }) {
  const cut = plays.findLast(({ errorName }) => errorName === 'AbortError');
  if (!cut || current(states.playback) !== 'playing') return undefined;
  return {
    id: 'play-interrupted',
    evidence: `play() was interrupted at ${inWords(cut.endedAt ?? cut.at)} (AbortError), before the element played. It plays now.`,
    line: cut.line,
  };
}

/** @type {ElementRule[]} */
const RULES = [refusedToPlay, lostToAnotherStream, neverPlayed, withoutSize, interrupted];

/** What is found of the elements of a run. @param {Model} model @param {number} now ms since Run @returns {(Finding | undefined)[]} */
export function elementFindings(model, now) {
  const page = { model, given: new Set(model.elements.flatMap(tracksIn)), now };
  const found = model.elements.flatMap((element) =>
    RULES.map((rule) => {
      const finding = rule(element, page);
      return finding && { of: titleOf(element), ...finding };
    }),
  );
  return [...found, givenToNone(page)];
}

/** @param {Page} page @returns {Finding | undefined} */
function givenToNone({ model, given, now }) {
  const empty = model.elements.find(isForNothingElse);
  const track = model.tracks.find(
    (one) => one.kind === 'video' && one.side === 'remote' && isFlowing(one, now) && !given.has(one.id),
  );
  if (!empty || !track) return undefined;
  const connection = model.connections.find(({ id }) => id === track.of);
  return {
    id: 'no-source-object',
    of: connection?.title ?? titleOf(empty),
    evidence: `Packets of a video track arrive since ${inWords(since(track.states.flow))}, no element has it, and there is a <video> that never got a srcObject.`,
  };
}

/** Whether it is a <video> that never got anything, nor is there for the reader to play a file. @param {MediaElement} element */
const isForNothingElse = ({ kind, states: { tracks, size, start } }) =>
  kind === 'video' && tracks.length === 1 && size.length === 1 && current(start) !== 'controls';

/** Whether what a track brings arrives for long enough. @param {Track} track @param {number} now */
const isFlowing = ({ states, at }, now) =>
  current(states.track) === 'live' &&
  current(states.flow) === 'unmuted' &&
  now - Math.max(at, since(states.flow)) >= PATIENCE;

/** @param {MediaElement} element */
const titleOf = ({ kind, line }) => (line === undefined ? `A <${kind}>` : `The <${kind}> of line ${line}`);
