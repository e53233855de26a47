// @ts-check
// Records tracks that connections send or receive, and that elements show: muted by the browser, switched off by the code, ended. Only changes are
// recorded. Tracks are known by weak references, and no listener keeps one alive: Chromium keeps a track for as long as somebody listens for `ended`, so
// only tracks that are received have that listener, which their connections keep anyway.
//
// May import: nothing.

/** @param {any} stage what the runner shares @returns {any} undefined in browsers without tracks */
export function createTracks(stage) {
  /** Tracks, or elements, that are looked at again and again; and those that get an id at all in one run. */
  const MAX_WATCHED = 32;
  const MAX_KNOWN = 500;
  /** Events of tracks and elements in one run: a demo may play and pause in a loop. */
  const MAX_EVENTS = 1_000;

  const { apply, mediaSigns, recorder, standIn, uncurry } = stage;
  const { getter, here, observer, record, watch } = recorder;
  if (!globalThis.MediaStreamTrack || !globalThis.MediaStream || !globalThis.WeakRef) return undefined;

  const NativeTrack = MediaStreamTrack;
  const Weak = WeakRef;
  const deref = uncurry(WeakRef.prototype.deref);
  const own = (/** @type {any} */ holder, /** @type {string} */ name) => getter(holder?.prototype ?? {}, name);
  const [nameOf, kindOf, isQuiet, isEnabled, lifeOf] = ['id', 'kind', 'muted', 'enabled', 'readyState'].map((name) =>
    own(NativeTrack, name),
  );
  const trackOf = own(globalThis.RTCTrackEvent, 'track');

  /** @typedef {{ on: string, of: string | undefined, states: Record<string, string> }} Known `states` as they were recorded last */
  /** @type {WeakMap<object, Known>} */
  const known = new WeakMap();
  /** @type {WeakRef<MediaStreamTrack>[]} */
  let watched = [];
  let count = 0;
  let told = 0;

  /** @param {object} fields @param {number} [at] */
  function tell(fields, at) {
    if (told >= MAX_EVENTS) return;
    told += 1;
    record(fields, at);
  }

  /** Records a state if it has changed. @param {Pick<Known, 'on' | 'states'>} of @param {string} name @param {string} value @param {Error} [trace] */
  function note({ on, states }, name, value, trace) {
    if (states[name] === value) return;
    states[name] = value;
    tell({ type: 'state', on, name, value, trace });
  }

  /** Nothing that goes wrong in a tap may reach the demo. @template T @param {() => T} act @param {T} otherwise @returns {T} */
  function quietly(act, otherwise) {
    try {
      return act();
    } catch {
      return otherwise;
    }
  }

  /**
   * A list of weak references with one more: those that still lead somewhere, and the newest.
   * @template {object} T @param {WeakRef<T>[]} list @param {T} one
   */
  function withOne(list, one) {
    /** @type {WeakRef<T>[]} */
    const kept = [];
    for (let i = list.length < MAX_WATCHED ? 0 : 1; i < list.length; i += 1)
      if (deref(list[i])) kept[kept.length] = list[i];
    kept[kept.length] = new Weak(one);
    return kept;
  }

  /**
   * The id of a track, which gets one if it has none. One that was shown before a connection had it is told of once more, with that connection.
   * @param {MediaStreamTrack} track @param {string} [of] its connection @param {string} [side] `local` or `remote` @param {Error} [trace]
   * @returns {string} empty if too many have one already
   */
  function idFor(track, of, side = 'local', trace) {
    const found = known.get(track);
    if (found ? found.of || !of : count >= MAX_KNOWN) return found?.on ?? '';
    if (side === 'local') mediaSigns.begin();
    const on = found?.on ?? `tr${(count += 1)}`;
    if (found) found.of = of;
    else known.set(track, { on, of, states: { flow: 'unmuted', enabled: 'on', track: 'live' } });
    tell({ type: 'new', on, of, name: 'MediaStreamTrack', side, value: kindOf(track), text: nameOf(track), trace });
    if (side === 'remote') watch(track, observers);
    if (!found) watched = withOne(watched, track);
    look(track);
    return on;
  }

  /** @param {MediaStreamTrack} track @param {Error} [trace] of what has changed it */
  function look(track, trace) {
    const one = known.get(track);
    if (!one) return;
    note(one, 'flow', isQuiet(track) ? 'muted' : 'unmuted');
    note(one, 'enabled', isEnabled(track) ? 'on' : 'off', trace);
    note(one, 'track', lifeOf(track));
  }

  const observers = ['mute', 'unmute', 'ended'].map((event) => observer(event, look));

  /** Has a setter tell what was changed, after it was. @param {any} holder @param {string} name @param {(self: any, trace: Error) => void} see */
  function tapSetter(holder, name, see) {
    const property = Object.getOwnPropertyDescriptor(holder, name);
    if (!property?.set || !property.configurable) return;
    const set = standIn(property.set, {
      apply(/** @type {Function} */ native, /** @type {any} */ self, /** @type {any[]} */ args) {
        const result = apply(native, self, args);
        quietly(() => see(self, here()), undefined);
        return result;
      },
    });
    Object.defineProperty(holder, name, { ...property, set });
  }
  tapSetter(NativeTrack.prototype, 'enabled', look);

  return {
    MAX_KNOWN,
    MAX_WATCHED,
    deref,
    idFor,
    kindOf,
    nameOf,
    note,
    own,
    quietly,
    tapSetter,
    tell,
    withOne,

    /** The id of a track; empty if it has none. @param {object} track */
    idOf: (track) => known.get(track)?.on ?? '',

    /** Looks for what no event tells: that the code has stopped a track. */
    look() {
      for (let i = 0; i < watched.length; i += 1) {
        const track = deref(watched[i]);
        if (track) look(track);
      }
    },

    /** Something was given to a connection to be sent, perhaps a track. @param {unknown} track @param {string} on the connection @param {Error} trace */
    sent(track, on, trace) {
      if (track instanceof NativeTrack) quietly(() => idFor(track, on, 'local', trace), '');
    },

    /** @param {Event} event `track` of a connection @param {string} on the connection */
    received(event, on) {
      quietly(() => idFor(trackOf(event), on, 'remote'), '');
    },
  };
}
