// @ts-check
// Records media elements: which tracks they are to show and what becomes of that, down to whether they are in sight. Only changes are recorded. Elements are
// known by weak references.
//
// May import: nothing.

/** @param {any} stage what the runner shares @param {any} tracks those of tracks.js; undefined in browsers without */
export function createElements(stage, tracks) {
  /** Tracks of one element, and transceivers of one connection, that are told of. */
  const MAX_TRACKS = 8;
  const MAX_TRANSCEIVERS = 50;
  /** The `readyState` of an element from which on it has something to show. */
  const HAVE_CURRENT_DATA = 2;

  const { apply, lines, mediaSigns, recorder, standIn, uncurry } = stage;
  const { getter, here, nextCall, now, observer, plain, then, watch } = recorder;
  const NativePromise = Promise;
  const silent = { look() {}, sent() {}, received() {}, of: () => ({}) };
  if (!tracks || !globalThis.HTMLVideoElement) return silent;

  const { MAX_KNOWN, MAX_WATCHED, deref, idFor, kindOf, nameOf, note, own, quietly, tapSetter, tell, withOne } = tracks;
  const NativeStream = MediaStream;
  const NativeVideo = HTMLVideoElement;
  const NativeElement = HTMLMediaElement;
  const { prototype } = NativeElement;
  const method = (/** @type {any} */ holder, /** @type {string} */ name) => {
    const found = holder?.prototype?.[name];
    return typeof found === 'function' ? uncurry(found) : undefined;
  };
  const [sourceOf, isPaused, readinessOf, isMuted, volumeOf, isAutomatic, hasControls] = [
    'srcObject',
    'paused',
    'readyState',
    'muted',
    'volume',
    'autoplay',
    'controls',
  ].map((name) => getter(prototype, name));
  const [widthOf, heightOf] = ['videoWidth', 'videoHeight'].map((name) => own(NativeVideo, name));
  const qualityOf = method(NativeVideo, 'getVideoPlaybackQuality');
  const framesOf = own(globalThis.VideoPlaybackQuality, 'totalVideoFrames');
  const tracksOf = uncurry(NativeStream.prototype.getTracks);
  const isInPage = own(Node, 'isConnected');
  const boxOf = uncurry(Element.prototype.getBoundingClientRect);
  const [boxWidth, boxHeight] = ['width', 'height'].map((name) => own(DOMRectReadOnly, name));
  const isVisible = method(Element, 'checkVisibility');
  const VISIBLE = Object.freeze({ opacityProperty: true, visibilityProperty: true });
  const transceiversOf = method(globalThis.RTCPeerConnection, 'getTransceivers');
  const [midOf, directionOf, currentOf, senderOf, receiverOf] = [
    'mid',
    'direction',
    'currentDirection',
    'sender',
    'receiver',
  ].map((name) => own(globalThis.RTCRtpTransceiver, name));
  const sentOf = own(globalThis.RTCRtpSender, 'track');
  const receivedOf = own(globalThis.RTCRtpReceiver, 'track');
  const heardOf = method(globalThis.RTCRtpReceiver, 'getSynchronizationSources');
  /** Both stay up to date by themselves. */
  const inPage = ['video', 'audio'].map((name) => document.getElementsByTagName(name));

  /** @typedef {{ on: string, states: Record<string, string>, tracks: string[], isObserved: boolean }} Known `states` as they were recorded last */
  /** @type {WeakMap<object, Known>} */
  const known = new WeakMap();
  /** Elements that the observer has said to be out of sight. @type {WeakSet<object>} */
  const outOfSight = new WeakSet();
  /** @type {WeakRef<HTMLMediaElement>[]} */
  let watched = [];
  let count = 0;

  /** What is known of an element; it gets to be known if it was not. @param {HTMLMediaElement} element @param {Error} [trace] @returns {Known | undefined} undefined if too many are known */
  function knownAs(element, trace) {
    const found = known.get(element);
    if (found || count >= MAX_KNOWN) return found;
    const on = `el${(count += 1)}`;
    const states = { start: 'code', tracks: '', playback: 'paused', size: '', sound: 'on', sight: '' };
    /** @type {Known} */
    const one = { on, states, tracks: [], isObserved: false };
    known.set(element, one);
    const value = element instanceof NativeVideo ? 'video' : 'audio';
    tell({ type: 'new', on, name: 'HTMLMediaElement', value, trace });
    watch(element, observers);
    watched = withOne(watched, element);
    return one;
  }

  /** @param {HTMLMediaElement} element @param {Error} [trace] of what has changed it */
  function look(element, trace) {
    const one = knownAs(element, trace);
    if (!one) return;
    note(one, 'start', isAutomatic(element) ? 'autoplay' : hasControls(element) ? 'controls' : 'code');
    const stream = sourceOf(element);
    one.tracks = stream instanceof NativeStream ? idsIn(tracksOf(stream), trace) : [];
    note(one, 'tracks', one.tracks.join(' '), trace);
    const isReady = readinessOf(element) >= HAVE_CURRENT_DATA;
    if (one.tracks.length > 0 || !isPaused(element)) mediaSigns.begin();
    note(one, 'playback', isPaused(element) ? 'paused' : isReady ? 'playing' : 'waiting', trace);
    note(one, 'sound', isMuted(element) || volumeOf(element) === 0 ? 'muted' : 'on');
    if (!(element instanceof NativeVideo)) return;
    note(one, 'size', widthOf(element) > 0 ? `${widthOf(element)}x${heightOf(element)}` : '');
    note(one, 'sight', sightOf(element, one, trace !== undefined));
  }

  /** @param {MediaStreamTrack[]} list @param {Error} [trace] */
  function idsIn(list, trace) {
    /** @type {string[]} */
    const ids = [];
    for (let i = 0; i < list.length && i < MAX_TRACKS; i += 1) {
      const id = idFor(list[i], undefined, 'local', trace);
      if (id) ids[ids.length] = id;
    }
    return ids;
  }

  /**
   * While the code runs, its box is left for later: to ask for it would lay out the page earlier than the code expects, and so begin transitions.
   * @param {HTMLMediaElement} element @param {Known} one @param {boolean} isCodeRunning
   */
  function sightOf(element, one, isCodeRunning) {
    const isThere = isInPage(element);
    // An observer keeps what it observes, so an element that was taken out of the page is let go.
    if (isThere !== one.isObserved) {
      if (isThere) observe?.(element);
      else unobserve?.(element);
      one.isObserved = isThere;
    }
    if (!isThere) return 'not in the page';
    if (isCodeRunning) return one.states.sight;
    const box = boxOf(element);
    if (boxWidth(box) < 1 || boxHeight(box) < 1) return 'without size';
    if (isVisible && !isVisible(element, VISIBLE)) return 'hidden';
    return outOfSight.has(element) ? 'out of sight' : 'in sight';
  }

  const observers = ['loadeddata', 'emptied', 'playing', 'waiting', 'pause', 'ended', 'resize', 'volumechange'].map(
    (event) => observer(event, (/** @type {HTMLMediaElement} */ element) => look(element)),
  );

  // What is in sight of the page around the iframe, only an observer knows.
  const targetOf = own(globalThis.IntersectionObserverEntry, 'target');
  const intersects = own(globalThis.IntersectionObserverEntry, 'isIntersecting');
  const sights =
    globalThis.IntersectionObserver && new IntersectionObserver((entries) => quietly(() => see(entries), undefined));
  const observe = sights?.observe.bind(sights);
  const unobserve = sights?.unobserve.bind(sights);

  /** @param {IntersectionObserverEntry[]} entries */
  function see(entries) {
    for (let i = 0; i < entries.length; i += 1) {
      const element = targetOf(entries[i]);
      if (intersects(entries[i])) outOfSight.delete(element);
      else outOfSight.add(element);
      look(element);
    }
  }

  tapSetter(prototype, 'srcObject', look);

  // A rejection is a DOMException without a stack in Chromium, so the line of the call is noted. The returned promise adopts the browser's: if the
  // demo does not handle a rejection, it is still reported as unhandled.
  prototype.play = standIn(prototype.play, {
    apply(/** @type {Function} */ native, /** @type {any} */ self, /** @type {unknown[]} */ args) {
      const trace = here();
      const at = now();
      const result = apply(native, self, args);
      if (!(result instanceof NativePromise)) return result;
      const on = self instanceof NativeElement ? quietly(() => knownAs(self, trace)?.on, undefined) : undefined;
      const call = nextCall();
      if (on) tell({ type: 'call', on, name: 'play', call, trace }, at);
      const settled = (/** @type {object} */ fields) => on && tell({ on, name: 'play', call, ...fields });
      then(
        result,
        () => settled({ type: 'done' }),
        (/** @type {any} */ error) => {
          lines.note(error, trace);
          const { name, message } = error instanceof DOMException ? error : { name: '', message: '' };
          settled({ type: 'failed', value: name, text: message });
        },
      );
      return new NativePromise((resolve) => resolve(result));
    },
  });

  /** @param {any} transceiver @param {string} on its connection */
  function brief(transceiver, on) {
    const [sent, received] = [sentOf(senderOf(transceiver)), receivedOf(receiverOf(transceiver))];
    const isHeard = heardOf && kindOf(received) === 'audio';
    return {
      mid: midOf(transceiver) ?? '',
      kind: kindOf(received),
      direction: directionOf(transceiver),
      current: currentOf(transceiver) ?? '',
      sends: sent ? idFor(sent, on) : '',
      source: sent ? nameOf(sent) : '',
      receives: tracks.idOf(received),
      level: isHeard ? plain(heardOf(receiverOf(transceiver))[0], 'audioLevel') : undefined,
    };
  }

  /** How many pictures elements have shown of what a connection receives. @param {{ receives: string }[]} transceivers */
  function shownOf(transceivers) {
    /** @type {{ on: string, frames: number }[]} */
    const shown = [];
    for (let i = 0; i < watched.length && qualityOf; i += 1) {
      const element = deref(watched[i]);
      const one = element && known.get(element);
      if (one && element instanceof NativeVideo && showsOneOf(one, transceivers))
        shown[shown.length] = { on: one.on, frames: framesOf(qualityOf(element)) };
    }
    return shown;
  }

  /** @param {Known} one @param {{ receives: string }[]} transceivers */
  function showsOneOf(one, transceivers) {
    for (let i = 0; i < transceivers.length; i += 1)
      for (let k = 0; k < one.tracks.length; k += 1) if (one.tracks[k] === transceivers[i].receives) return true;
    return false;
  }

  return {
    sent: tracks.sent,
    received: tracks.received,

    /** Looks for what no event tells: an element in the page, its size, a track that was added to its stream or stopped. */
    look() {
      quietly(() => {
        for (let k = 0; k < inPage.length; k += 1)
          for (let i = 0; i < inPage[k].length && i < MAX_WATCHED; i += 1)
            look(/** @type {HTMLMediaElement} */ (inPage[k][i]));
        for (let i = 0; i < watched.length; i += 1) {
          const element = deref(watched[i]);
          if (element && !isInPage(element)) look(element);
        }
        tracks.look();
      }, undefined);
    },

    /** What statistics don't tell of the media of a connection. @param {RTCPeerConnection} pc @param {string} on */
    of(pc, on) {
      return quietly(() => {
        const list = transceiversOf?.(pc) ?? [];
        /** @type {ReturnType<typeof brief>[]} */
        const transceivers = [];
        for (let i = 0; i < list.length && i < MAX_TRANSCEIVERS; i += 1) transceivers[i] = brief(list[i], on);
        return { transceivers, shown: shownOf(transceivers) };
      }, {});
    },
  };
}
