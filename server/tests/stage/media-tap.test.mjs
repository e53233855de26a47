// What is recorded of media elements and tracks: changes only, with the line that made them, never more than a bound, and nothing that a demo could notice.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import vm from 'node:vm';
import { scriptOfPart } from './runner-part.mjs';

const SIGNS = await readFile(new URL('../../../book/stage/runner/tap/media-signs.js', import.meta.url), 'utf8');
const PARTS = await Promise.all(['tracks', 'elements', 'audio-video'].map(scriptOfPart));

/** The part of the runner for audio and video, in a world. @param {any} world */
function mediaIn(world) {
  for (const part of PARTS) part.runInContext(world);
  return world.install(world.stage);
}

/** A frame with the taps, what they have recorded, and the classes of a browser as far as they are looked at. */
function frame() {
  /** @type {any[]} */
  const recorded = [];
  const inPage = { video: [], audio: [] };
  const classes = browserClasses();
  let calls = 0;
  const uncurry = Function.prototype.call.bind.bind(Function.prototype.call);
  const then = (promise, ...handlers) => promise.then(...handlers);
  const recorder = {
    getter(prototype, name) {
      const get = Object.getOwnPropertyDescriptor(prototype, name)?.get;
      return get ? uncurry(get) : () => undefined;
    },
    here: () => new Error(),
    nextCall: () => (calls += 1),
    now: () => 0,
    observer: (type, see) => ({
      type,
      listener(event) {
        see(this, event);
      },
    }),
    plain: (object, name) => object?.[name],
    record: ({ trace, ...fields }) => recorded.push(fields),
    then,
    watch: (target, observers) => {
      for (const { type, listener } of observers) target.addEventListener(type, listener);
    },
  };
  const noted = [];
  const world = {
    ...classes,
    DOMException,
    document: { getElementsByTagName: (name) => inPage[name] },
    stage: /** @type {any} */ ({
      apply: Reflect.apply,
      construct: Reflect.construct,
      lines: { note: (error) => noted.push(error.name) },
      noteCalls() {},
      recorder,
      standIn: (native, handler) => new Proxy(native, handler),
      uncurry,
    }),
  };
  vm.createContext(world);
  // Elements and promises come from here, and not from the context.
  world.Promise = Promise;
  vm.runInContext(SIGNS, world);
  const media = mediaIn(world);
  let signs = 0;
  world.stage.mediaSigns.start(() => (signs += 1));
  const told = () =>
    recorded.splice(0).map(({ type, on, name, value }) => [type, on, name, value].filter(Boolean).join(' '));
  return { ...classes, ...world, inPage, media, noted, recorded, signs: () => signs, told };
}

function browserClasses() {
  class MediaStreamTrack extends EventTarget {
    own = { kind: 'video', id: 'camera', muted: false, enabled: true, readyState: 'live' };
    get kind() {
      return this.own.kind;
    }
    get id() {
      return this.own.id;
    }
    get muted() {
      return this.own.muted;
    }
    get enabled() {
      return this.own.enabled;
    }
    set enabled(isOn) {
      this.own.enabled = isOn;
    }
    get readyState() {
      return this.own.readyState;
    }
  }
  class MediaStream {
    constructor(tracks = []) {
      this.tracks = tracks;
    }
    getTracks() {
      return this.tracks;
    }
  }
  class Node extends EventTarget {
    own = { isThere: false, width: 320, paused: true, readyState: 0, stream: null, picture: 0, frames: 0, refused: '' };
    get isConnected() {
      return this.own.isThere;
    }
  }
  class DOMRectReadOnly {
    constructor(size) {
      this.size = size;
    }
    get width() {
      return this.size;
    }
    get height() {
      return this.size;
    }
  }
  class Element extends Node {
    getBoundingClientRect() {
      return new DOMRectReadOnly(this.own.width);
    }
  }
  class HTMLMediaElement extends Element {
    get srcObject() {
      return this.own.stream;
    }
    set srcObject(stream) {
      if (stream === 1) throw new TypeError('no stream');
      this.own.stream = stream;
    }
    get paused() {
      return this.own.paused;
    }
    get readyState() {
      return this.own.readyState;
    }
    get muted() {
      return false;
    }
    get autoplay() {
      return false;
    }
    get controls() {
      return this.own.hasControls;
    }
    get volume() {
      return 1;
    }
    async play() {
      if (this.own.refused) throw new DOMException('no', this.own.refused);
      this.own.paused = false;
    }
  }
  class AudioContext {}
  class VideoPlaybackQuality {
    constructor(frames) {
      this.frames = frames;
    }
    get totalVideoFrames() {
      return this.frames;
    }
  }
  class HTMLVideoElement extends HTMLMediaElement {
    get videoWidth() {
      return this.own.picture;
    }
    get videoHeight() {
      return this.own.picture;
    }
    getVideoPlaybackQuality() {
      return new VideoPlaybackQuality(this.own.frames);
    }
  }
  class RTCTrackEvent extends Event {
    constructor(track) {
      super('track');
      this.given = track;
    }
    get track() {
      return this.given;
    }
  }
  class RTCPeerConnection {
    transceivers = [];
    getTransceivers() {
      return this.transceivers;
    }
  }
  class RTCRtpSender {
    track = null;
  }
  class RTCRtpReceiver {
    constructor(track) {
      this.given = track;
    }
    get track() {
      return this.given;
    }
  }
  class RTCRtpTransceiver {
    constructor(receiver) {
      this.given = receiver;
    }
    get mid() {
      return '0';
    }
    get direction() {
      return 'recvonly';
    }
    get currentDirection() {
      return 'recvonly';
    }
    get sender() {
      return new RTCRtpSender();
    }
    get receiver() {
      return this.given;
    }
  }
  return {
    AudioContext,
    DOMRectReadOnly,
    Element,
    HTMLMediaElement,
    HTMLVideoElement,
    MediaStream,
    MediaStreamTrack,
    Node,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCRtpSender,
    RTCRtpTransceiver,
    RTCTrackEvent,
    VideoPlaybackQuality,
  };
}

test('a track that is received is told of with its connection, and each of its changes once', () => {
  const { MediaStreamTrack, RTCTrackEvent, media, told } = frame();
  const track = new MediaStreamTrack();
  track.own.muted = true;
  media.received(new RTCTrackEvent(track), 'pc2');
  assert.deepEqual(told(), ['new tr1 MediaStreamTrack video', 'state tr1 flow muted']);
  track.own.muted = false;
  track.dispatchEvent(new Event('unmute'));
  track.dispatchEvent(new Event('unmute'));
  media.look();
  assert.deepEqual(told(), ['state tr1 flow unmuted']);
  media.received(new RTCTrackEvent(track), 'pc2');
  assert.deepEqual(told(), [], 'it is known');
});

test('a track that was shown before it is sent is told of again, with its connection', () => {
  const { HTMLVideoElement, MediaStream, MediaStreamTrack, media, recorded } = frame();
  const track = new MediaStreamTrack();
  new HTMLVideoElement().srcObject = new MediaStream([track]);
  for (const on of ['pc1', 'pc3']) media.sent(track, on, new Error());
  const news = recorded.filter(({ type, on }) => type === 'new' && on === 'tr1');
  assert.deepEqual(
    news.map(({ of }) => of),
    [undefined, 'pc1'],
  );
});

test('a track that the code disables or stops is told of, and nobody listens for the end of one that it has made', () => {
  const { MediaStreamTrack, media, told } = frame();
  const track = new MediaStreamTrack();
  const listened = [];
  track.addEventListener = (type) => listened.push(type);
  media.sent(track, 'pc1', new Error());
  media.sent('video', 'pc1', new Error());
  assert.deepEqual(told(), ['new tr1 MediaStreamTrack video']);
  track.enabled = false;
  assert.equal(track.enabled, false);
  track.own.readyState = 'ended';
  media.look();
  assert.deepEqual(told(), ['state tr1 enabled off', 'state tr1 track ended']);
  assert.deepEqual(listened, []);
});

test('an element tells which tracks it has got, and what became of it', async () => {
  const { HTMLVideoElement, MediaStream, MediaStreamTrack, media, told } = frame();
  const video = new HTMLVideoElement();
  video.srcObject = new MediaStream([new MediaStreamTrack()]);
  assert.deepEqual(told(), [
    'new el1 HTMLMediaElement video',
    'new tr1 MediaStreamTrack video',
    'state el1 tracks tr1',
    'state el1 sight not in the page',
  ]);
  await video.play();
  assert.deepEqual(told(), ['call el1 play', 'done el1 play']);
  Object.assign(video.own, { readyState: 4, picture: 640, isThere: true });
  video.dispatchEvent(new Event('playing'));
  assert.deepEqual(told(), ['state el1 playback playing', 'state el1 size 640x640', 'state el1 sight in sight']);
  video.own.width = 0;
  media.look();
  assert.deepEqual(told(), [], 'elements in the page are looked for there');
});

test('the page is not laid out while the code of the demo runs', () => {
  const { HTMLVideoElement, media, inPage, told } = frame();
  const video = new HTMLVideoElement();
  video.own.isThere = true;
  let layouts = 0;
  Object.defineProperty(video.own, 'width', { get: () => (layouts += 1) });
  video.srcObject = null;
  assert.equal(layouts, 0);
  inPage.video.push(video);
  media.look();
  assert.equal(layouts, 1);
  assert.ok(told().includes('state el1 sight in sight'));
});

test('an element in the page is found though the code gives it nothing, and its size is looked at', () => {
  const { HTMLVideoElement, inPage, media, told } = frame();
  const video = new HTMLVideoElement();
  Object.assign(video.own, { isThere: true, width: 0 });
  inPage.video.push(video);
  media.look();
  assert.deepEqual(told(), ['new el1 HTMLMediaElement video', 'state el1 sight without size']);
  video.own.width = 320;
  media.look();
  media.look();
  assert.deepEqual(told(), ['state el1 sight in sight']);
});

test('a refused play rejects as before, and is told of by its name', async () => {
  const { HTMLVideoElement, noted, told } = frame();
  const video = new HTMLVideoElement();
  video.own.refused = 'NotAllowedError';
  await assert.rejects(video.play(), { name: 'NotAllowedError' });
  assert.deepEqual(told(), ['new el1 HTMLMediaElement video', 'call el1 play', 'failed el1 play NotAllowedError']);
  assert.deepEqual(noted, ['NotAllowedError'], 'with its line');
});

test('an element that waits for its reader is told of', () => {
  const { HTMLVideoElement, told } = frame();
  const video = new HTMLVideoElement();
  video.own.hasControls = true;
  video.srcObject = null;
  assert.deepEqual(told().slice(0, 2), ['new el1 HTMLMediaElement video', 'state el1 start controls']);
});

test('what a browser refuses to set is refused as before, and not told', () => {
  const { HTMLVideoElement, told } = frame();
  assert.throws(() => {
    new HTMLVideoElement().srcObject = /** @type {any} */ (1);
  }, TypeError);
  assert.deepEqual(told(), []);
});

test('a loop of changes is recorded up to a bound', () => {
  const { HTMLVideoElement, recorded } = frame();
  const video = new HTMLVideoElement();
  video.srcObject = null;
  for (let i = 0; i < 5_000; i += 1) {
    video.own.paused = !video.own.paused;
    video.dispatchEvent(new Event('pause'));
  }
  assert.equal(recorded.length, 1_000);
});

test('beside statistics, transceivers and the pictures that were shown are told', () => {
  const { HTMLVideoElement, MediaStream, MediaStreamTrack, media, ...classes } = frame();
  const track = new MediaStreamTrack();
  media.received(new classes.RTCTrackEvent(track), 'pc2');
  const [seen, other] = [new HTMLVideoElement(), new HTMLVideoElement()];
  seen.srcObject = new MediaStream([track]);
  other.srcObject = new MediaStream([new MediaStreamTrack()]);
  seen.own.frames = 7;
  const pc = new classes.RTCPeerConnection();
  pc.transceivers.push(new classes.RTCRtpTransceiver(new classes.RTCRtpReceiver(track)));
  const { transceivers, shown } = media.of(pc, 'pc2');
  const [{ mid, kind, direction, current, sends, receives }] = transceivers;
  assert.deepEqual([mid, kind, direction, current, sends, receives], ['0', 'video', 'recvonly', 'recvonly', '', 'tr1']);
  assert.deepEqual(
    // Of the context, whose arrays are others.
    Array.from(shown, ({ on, frames }) => [on, frames]),
    [['el1', 7]],
  );
});

test('a browser without tracks is left as it is', () => {
  /** @type {Map<string, string[]>} */
  let noted = new Map();
  const noteCalls = (/** @type {[string, string[]][]} */ list) => (noted = new Map(list));
  const world = { stage: /** @type {any} */ ({ noteCalls, recorder: {}, uncurry: () => {} }) };
  vm.createContext(world);
  assert.deepEqual({ ...mediaIn(world).of() }, {});
  assert.deepEqual([...(noted.get('HTMLMediaElement') ?? [])], ['play'], 'nobody else notes where it is played');
});

test('the page is told once that a run makes pictures or sounds: by a track that it gives away, an element, or an audio context', async () => {
  const sent = frame();
  sent.media.sent('video', 'pc1', new Error());
  sent.media.received(new sent.RTCTrackEvent(new sent.MediaStreamTrack()), 'pc2');
  sent.inPage.video.push(new sent.HTMLVideoElement());
  sent.media.look();
  assert.equal(sent.signs(), 0, 'what is only negotiated is none, nor is an element with nothing to play');
  sent.media.sent(new sent.MediaStreamTrack(), 'pc1', new Error());
  sent.media.sent(new sent.MediaStreamTrack(), 'pc1', new Error());
  assert.equal(sent.signs(), 1);

  const shown = frame();
  const received = new shown.MediaStreamTrack();
  shown.media.received(new shown.RTCTrackEvent(received), 'pc1');
  new shown.HTMLVideoElement().srcObject = new shown.MediaStream([received]);
  assert.equal(shown.signs(), 1);

  const played = frame();
  const video = new played.HTMLVideoElement();
  await video.play();
  video.dispatchEvent(new Event('playing'));
  assert.equal(played.signs(), 1);
});

test('an audio context is a sign, and what the code gets is of the class that it knows', () => {
  const { AudioContext, signs } = frame();
  class Own extends AudioContext {}
  const contexts = [new AudioContext(), new Own()];
  assert.equal(signs(), 1);
  assert.ok(contexts.every((context) => context instanceof AudioContext && context.constructor));
  assert.equal(contexts[0].constructor, AudioContext);
  assert.equal(contexts[1].constructor, Own);
});
