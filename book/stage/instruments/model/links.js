// @ts-check
// The links of a chain, each with its number, its rate over time and whether it moves. Pure.
//
// May import: movement.js.

import { movementOf, ratesOf } from './movement.js';

/** @typedef {import('./chains.js').Chain} Chain */
/** @typedef {import('./chains.js').End} End */
/** @typedef {import('./media.js').MediaElement} MediaElement */
/** @typedef {import('./media-history.js').MediaHistory} MediaHistory */
/** @typedef {import('./streams.js').Numbers} Numbers */

/**
 * @typedef {object} Link
 * @property {'source' | 'encoded' | 'sent' | 'received' | 'decoded' | 'shown' | 'heard'} name
 * @property {'moves' | 'still' | 'other'} tone
 * @property {string} word what the tone means here: `moves`, `stands still`, `not told`, …
 * @property {string} unit of the values
 * @property {(number | null)[]} values over time, the newest last
 * @property {number[]} freezes which of the values came with one
 */

/** How a count that is not known to move is said to be. */
const WORDS = {
  moves: /** @type {const} */ (['moves', 'moves']),
  still: /** @type {const} */ (['still', 'stands still']),
  early: /** @type {const} */ (['other', 'too early to say']),
  unknown: /** @type {const} */ (['other', 'not told']),
};
/** @type {readonly ['other', string]} */
const ELSEWHERE = ['other', 'not on this page'];
/** @type {readonly ['other', string]} */
const OVER = ['other', 'over'];

/** Bits of a byte, in thousands. */
const KILOBITS = 8 / 1_000;
const PERCENT = 100;

/**
 * The links of a chain. Sound has no link `encoded`: nothing counts what is encoded of it.
 * @param {Omit<Chain, 'links'>} chain
 * @param {MediaHistory} history
 * @returns {Link[]}
 */
export function linksOf(chain, history) {
  const { kind, out, in: end, isOver } = chain;
  const isVideo = kind === 'video';
  /** @param {Link['name']} name @param {End | undefined} side @param {keyof Numbers} field @param {string} unit @param {keyof Numbers} [drawn] @param {number} [factor] */
  const link = (name, side, field, unit, drawn = field, factor = 1) => {
    const { words, values } = flowing(side, field, drawn, factor);
    const [tone, word] = isOver ? OVER : words;
    return { name, tone, word, unit, values, freezes: name === 'decoded' ? freezesIn(side) : [] };
  };
  const links = [
    isVideo ? link('source', out, 'source', 'fps') : link('source', out, 'source', '% loud', 'level', PERCENT),
    ...(isVideo ? [link('encoded', out, 'encoded', 'fps')] : []),
    link('sent', out, 'packets', 'kbit/s', 'bytes', KILOBITS),
    link('received', end, 'packets', 'kbit/s', 'bytes', KILOBITS),
    isVideo ? link('decoded', end, 'decoded', 'fps') : link('decoded', end, 'decoded', '% loud', 'level', PERCENT),
  ];
  return [...links, isVideo ? shown(chain, history) : heard(chain)];
}

/** @param {End | undefined} side @param {keyof Numbers} field which moves or not @param {keyof Numbers} drawn @param {number} factor */
function flowing(side, field, drawn, factor) {
  /** @type {(number | null)[]} */
  const none = [];
  if (!side) return { words: ELSEWHERE, values: none };
  const samples = side.flow?.samples ?? [];
  const read = (/** @type {keyof Numbers} */ name) => samples.map(({ at, numbers }) => ({ at, value: numbers[name] }));
  const values = drawn === 'level' ? read(drawn).map(({ value }) => value ?? null) : ratesOf(read(drawn));
  return {
    words: side.flow ? WORDS[movementOf(read(field))] : WORDS.unknown,
    values: values.map((value) => value && value * factor),
  };
}

/** At which samples a freeze had been counted since the one before. @param {End | undefined} side */
const freezesIn = (side) =>
  ratesOf((side?.flow?.samples ?? []).map(({ at, numbers }) => ({ at, value: numbers.freezes }))).flatMap((rate, i) =>
    rate ? [i] : [],
  );

/** @param {Omit<Chain, 'links'>} chain @param {MediaHistory} history @returns {Link} */
function shown({ elements, in: end, isOver }, history) {
  const element = best(elements);
  const frames = (element ? history.shownBy(element.id) : []).map(({ at, frames: value }) => ({ at, value }));
  // A browser may not count what it shows of a live picture.
  const isCounted = frames.some(({ value }) => value > 0);
  /** @type {Omit<Link, 'tone' | 'word'>} */
  const link = { name: 'shown', unit: 'fps', values: isCounted ? ratesOf(frames) : [], freezes: [] };
  const [tone, word] = isOver ? OVER : !end ? ELSEWHERE : sightOf(element);
  return { ...link, tone, word };
}

/** @param {MediaElement | undefined} element @returns {readonly [Link['tone'], string]} */
function sightOf(element) {
  if (!element) return ['still', 'in no element'];
  const { playback, size, sight } = element.states;
  if (last(playback) === 'paused') return ['still', 'paused'];
  if (last(playback) === 'waiting' || last(size) === '') return ['still', 'no picture'];
  if (/^(without size|hidden)$/.test(last(sight))) return ['still', last(sight)];
  return last(sight) === 'in sight' ? ['moves', 'plays'] : ['other', last(sight) || 'plays'];
}

/** @param {Omit<Chain, 'links'>} chain @returns {Link} */
function heard({ elements, in: end, isOver }) {
  /** @type {Omit<Link, 'tone' | 'word'>} */
  const link = { name: 'heard', unit: '', values: [], freezes: [] };
  const element = best(elements);
  const [tone, word] = isOver ? OVER : !end ? ELSEWHERE : soundOf(element);
  return { ...link, tone, word };
}

/** @param {MediaElement | undefined} element @returns {readonly [Link['tone'], string]} */
function soundOf(element) {
  // A program may also hear it by an audio context.
  if (!element) return ['other', 'in no element'];
  const { playback, sound } = element.states;
  if (last(playback) !== 'playing') return ['still', last(playback) === 'paused' ? 'paused' : 'no sound'];
  return last(sound) === 'muted' ? ['other', 'muted element'] : ['moves', 'plays'];
}

/** The element that shows most: one that plays, and is in sight. @param {MediaElement[]} elements */
function best(elements) {
  const worth = (/** @type {MediaElement} */ { states }) =>
    2 * Number(last(states.playback) === 'playing') + Number(!/^(|without size|hidden)$/.test(last(states.sight)));
  return elements.reduce(
    (one, other) => (one && worth(one) >= worth(other) ? one : other),
    /** @type {MediaElement | undefined} */ (undefined),
  );
}

/** @param {import('./model.js').State[]} states */
const last = (states) => states[states.length - 1].value;
