// @ts-check
// What of tracks and media elements stands in a ladder: that a track is muted, switched off or ended, and what became of `play()`. Pure.
//
// May import: nothing.

/** @typedef {import('../../events.js').TapEvent} TapEvent */

/** Whether a state of a track is told as it is named, or as what the code sets. @type {Map<string, (value: string) => string>} */
const TRACK_STATES = new Map([
  ['flow', (value) => value],
  ['enabled', (value) => (value === 'on' ? 'enabled again' : 'enabled = false')],
  ['track', (value) => value],
]);

/** Knows which connection the tracks and elements of a run belong to. */
export function createMediaRows() {
  /** @type {Map<string, { of: string, kind: string }>} */
  const tracks = new Map();
  /** @type {Map<string, { of: string, kind: string }>} */
  const elements = new Map();

  return {
    /** @param {TapEvent} event @returns {{ of: string, label: string } | undefined} undefined if it has no row, or no connection */
    rowOf(event) {
      return event.on.startsWith('tr') ? ofTrack(event) : ofElement(event);
    },
  };

  /** @param {TapEvent} event */
  function ofTrack({ on, type, of, name, value }) {
    if (type === 'new') {
      tracks.set(on, { of, kind: value === 'audio' ? 'audio' : 'video' });
      return undefined;
    }
    const track = tracks.get(on);
    const words = type === 'state' ? TRACK_STATES.get(name) : undefined;
    return track?.of && words ? { of: track.of, label: `${track.kind} track: ${words(value)}` } : undefined;
  }

  /** @param {TapEvent} event */
  function ofElement({ on, type, name, value }) {
    if (type === 'new') elements.set(on, { of: '', kind: value === 'audio' ? 'audio' : 'video' });
    const element = elements.get(on);
    if (!element) return undefined;
    if (type === 'state' && name === 'tracks') {
      // It stays in the column of what it has shown.
      const known = value.split(' ').find((id) => tracks.get(id)?.of);
      element.of = (known && tracks.get(known)?.of) || element.of;
      return labelled(element, value ? 'srcObject is set' : 'srcObject is empty');
    }
    if (type === 'state' && name === 'playback') return labelled(element, value);
    return type === 'call' && name === 'play' ? labelled(element, 'play()') : undefined;
  }
}

/** @param {{ of: string, kind: string }} element @param {string} what */
const labelled = ({ of, kind }, what) => (of ? { of, label: `<${kind}>: ${what}` } : undefined);
