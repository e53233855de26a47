// @ts-check
// In which state a track is that somebody else sends: what they say of it, and what arrives. Pure.
//
// May import: nothing.

/** How long nothing arrives until a track counts as stalled, in ms. A picture that doesn't change may come once a second. */
const STALLED_AFTER = 2_000;
/** From which level on somebody is heard: 60 dB below the loudest. */
const AUDIBLE = 0.001;
/** How long somebody is taken at their word who says that they are muted, in ms: what they said before may be in a jitter buffer. */
const BELIEVED_FOR = 2_000;
/** Entries of a peer's list that are read. */
const MAX_ENTRIES = 64;

/**
 * @typedef {object} Known of a track
 * @property {import('./index.js').TrackState | undefined} state
 * @property {number} quietFor how long nothing has arrived, in ms
 * @property {number | undefined} toldFor for how long it is said to be muted, in ms, since the first look after it was said
 */

/** @type {Known} */
export const UNKNOWN = { state: undefined, quietFor: 0, toldFor: undefined };

/**
 * Whether a peer says that a track of it is muted.
 * @param {unknown} list what it has announced, which may be anything
 * @param {string} kind
 * @param {string[]} streams the ids of those that have the track
 */
export function isTold(list, kind, streams) {
  if (!Array.isArray(list)) return false;
  const names = [kind, ...streams.map((id) => `${kind} ${id}`)];
  return list.slice(0, MAX_ENTRIES).some((entry) => names.includes(entry));
}

/**
 * What is known of a track after another look at it.
 * @param {Known} before
 * @param {object} seen since the look before
 * @param {string} seen.kind
 * @param {boolean} seen.isMuted its sender says so
 * @param {number} seen.packets
 * @param {number | undefined} seen.level the highest; undefined if the browser tells none
 * @param {number} seen.period in ms
 * @returns {Known}
 */
export function look({ state, quietFor, toldFor }, { kind, isMuted, packets, level, period }) {
  const isHeard = level !== undefined && level >= AUDIBLE;
  if (isMuted && !(isHeard && (toldFor ?? 0) >= BELIEVED_FOR))
    return { state: 'muted', quietFor: 0, toldFor: toldFor === undefined ? 0 : toldFor + period };
  const told = isMuted ? toldFor : undefined;
  if (packets > 0) {
    const isSilent = kind === 'audio' && level !== undefined && !isHeard;
    return { state: isSilent ? 'silent' : 'live', quietFor: 0, toldFor: told };
  }
  const quiet = quietFor + period;
  return { state: quiet >= STALLED_AFTER ? 'stalled' : state, quietFor: quiet, toldFor: told };
}
