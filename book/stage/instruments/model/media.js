// @ts-check
// Tracks and media elements of a run, from its events. Pure, and bounded as the model is.
//
// May import: nothing.

/** How many tracks and elements are kept of a run, the newest, and of each the newest states of one kind, and calls. */
const MAX_TRACKS = 200;
const MAX_ELEMENTS = 100;
const MAX_ENTRIES = 200;
/** After so many events of tracks and elements, the frame tells of no more (runner/parts/tracks.js): what states are then is not known. */
const MAX_TOLD = 1_000;

/** @typedef {import('../../events.js').TapEvent} TapEvent */
/** @typedef {import('./model.js').State} State */

/**
 * @typedef {object} Track
 * @property {string} id
 * @property {string} of the connection that sends or receives it; empty for one that is only shown
 * @property {'local' | 'remote'} side `remote` if it is received
 * @property {'audio' | 'video'} kind
 * @property {string} name its id in the browser, by which statistics name it
 * @property {number} at
 * @property {number | undefined} line
 * @property {{ flow: State[], enabled: State[], track: State[] }} states each begins with its first: `unmuted`, `on`, `live`
 */

/** @typedef {{ at: number, line: number | undefined, call: number | undefined, outcome: 'pending' | 'done' | 'failed', endedAt: number | undefined, errorName: string }} Play a call of `play()` */

/**
 * @typedef {object} MediaElement
 * @property {string} id
 * @property {'audio' | 'video'} kind
 * @property {number} at
 * @property {number | undefined} line
 * @property {{ start: State[], tracks: State[], playback: State[], size: State[], sound: State[], sight: State[] }} states `start` is what is to start
 *   it: `autoplay`, the reader by its `controls`, or else the `code`; `tracks` are ids with a space between them; `playback` is `paused`, `waiting` or
 *   `playing`; `size` such as `640x360`, empty without a picture; `sound` `on` or `muted`; `sight` in words
 * @property {Play[]} plays
 */

/** The ids of the tracks that an element is to show now. @param {MediaElement} element */
export const tracksIn = ({ states }) => idsIn(states.tracks[states.tracks.length - 1]);
/** The ids in one state of an element's tracks. @param {State} state */
export const idsIn = ({ value }) => value.split(' ').filter(Boolean);

/** Whether a run has anything to do with audio or video. @param {Pick<import('./model.js').Model, 'tracks' | 'connections'>} model */
export const hasMedia = ({ tracks, connections }) =>
  tracks.length > 0 ||
  connections.some(({ descriptions }) => descriptions.some(({ sdp }) => /^m=(audio|video)/m.test(sdp)));

/** Collects the tracks and elements of a run. */
export function createMedia() {
  /** @type {Map<string, Track>} */
  const tracks = new Map();
  /** @type {Map<string, MediaElement>} */
  const elements = new Map();
  let taken = 0;

  return {
    /** @param {TapEvent} event of a track or an element */
    take(event) {
      const { type, on, name, at, value, line } = event;
      taken += 1;
      const track = tracks.get(on);
      // A track may have been shown before a connection has it.
      if (type === 'new' && track && !track.of) Object.assign(track, { of: event.of, side: sideOf(event) });
      const one = track ?? elements.get(on) ?? (type === 'new' ? made(event) : undefined);
      // Without its beginning, its states would be wrong: it looks as if it had never got anything.
      if (!one) return;
      if (type === 'state' && Object.hasOwn(one.states, name))
        add(/** @type {Record<string, State[]>} */ (one.states)[name], { at, value, line });
      else if (name === 'play' && 'plays' in one) played(one, event);
    },
    all: () => ({
      tracks: [...tracks.values()],
      elements: [...elements.values()],
      isMediaWhole: taken < MAX_TOLD,
    }),
  };

  /** @param {TapEvent} event */
  function made(event) {
    return event.on.startsWith('tr') ? newTrack(event) : newElement(event);
  }

  /** @param {TapEvent} event */
  function newTrack(event) {
    const { on, of, value, text, at, line } = event;
    const first = (/** @type {string} */ state) => [{ at, value: state, line }];
    /** @type {Track} */
    const track = {
      id: on,
      of,
      side: sideOf(event),
      kind: value === 'audio' ? 'audio' : 'video',
      name: text,
      at,
      line,
      states: { flow: first('unmuted'), enabled: first('on'), track: first('live') },
    };
    keep(tracks, track, MAX_TRACKS);
    return track;
  }

  /** @param {TapEvent} event */
  function newElement({ on, value, at, line }) {
    const first = (/** @type {string} */ state) => [{ at, value: state, line }];
    /** @type {MediaElement} */
    const element = {
      id: on,
      kind: value === 'audio' ? 'audio' : 'video',
      at,
      line,
      states: {
        start: first('code'),
        tracks: first(''),
        playback: first('paused'),
        size: first(''),
        sound: first('on'),
        sight: first(''),
      },
      plays: [],
    };
    keep(elements, element, MAX_ELEMENTS);
    return element;
  }

  /** @param {MediaElement} element @param {TapEvent} event */
  function played({ plays }, { type, at, line, call, value }) {
    if (type === 'call') {
      add(plays, { at, line, call, outcome: 'pending', endedAt: undefined, errorName: '' });
      return;
    }
    const play = plays.findLast((one) => one.call === call && one.outcome === 'pending');
    if (!play || (type !== 'done' && type !== 'failed')) return;
    play.outcome = type;
    play.endedAt = at;
    if (type === 'failed') play.errorName = value;
  }
}

/** @param {TapEvent} event @returns {Track['side']} */
const sideOf = ({ side }) => (side === 'remote' ? 'remote' : 'local');

/** @template T @param {T[]} list @param {T} one replaces the oldest if the list is full */
function add(list, one) {
  list.push(one);
  if (list.length > MAX_ENTRIES) list.shift();
}

/** @template {{ id: string }} T @param {Map<string, T>} all @param {T} one @param {number} most */
function keep(all, one, most) {
  all.set(one.id, one);
  const [oldest] = all.keys();
  if (all.size > most) all.delete(oldest);
}
