// @ts-check
// What stands in for `navigator.mediaDevices`. Requests fail in the order of the standard
// (https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia): no such device, constraints that none meets, permission, a device that
// can't be read.
//
// May import: constraints.js, errors.js, list.js, state.js, track.js.

import { choose } from './constraints.js';
import { failure, overconstrained } from './errors.js';
import { infosOf, SCREEN } from './list.js';
import { createState } from './state.js';
import { dress } from './track.js';

/** @typedef {import('./list.js').Device} Device */
/** @typedef {import('./constraints.js').Settings} Settings */
/** @typedef {import('./track.js').Source} Source */
/** @typedef {{ track: MediaStreamTrack, device: Device, end: () => void }} Use */

/** How long a request takes at least, in ms: it is never answered at once. */
const ASKING = 30;
/** After this time in use, a device is pulled out, in ms. */
const PULLED_AFTER = 3_000;

/** What can be asked for, and of which kind of device. @type {['audio' | 'video', 'audioinput' | 'videoinput', string][]} */
const ASKED = [
  ['audio', 'audioinput', 'microphone'],
  ['video', 'videoinput', 'camera'],
];
const SUPPORTED = [
  'deviceId',
  'groupId',
  'facingMode',
  'width',
  'height',
  'frameRate',
  'echoCancellation',
  'noiseSuppression',
  'autoGainControl',
];

/**
 * What it needs of the frame around it.
 * @typedef {object} Frame
 * @property {string} state how the devices are at first
 * @property {(device: Device, settings: Settings) => Source} open starts what a device gives
 * @property {(tracks: MediaStreamTrack[]) => MediaStream} streamOf
 * @property {() => boolean} hasClick somebody has just used the frame
 * @property {(words: string) => void} say tells the reader what a light would
 * @property {<T>(promise: Promise<T>) => Promise<T>} noting remembers where a request was made
 */

/** Creates the stand-in. @param {Frame} frame */
export function createMediaDevices({ state: chosen, open, streamOf, hasClick, say, noting }) {
  const state = createState(chosen);
  const exposed = { audioinput: false, videoinput: false };
  /** Tracks that use a device. @type {Set<Use>} */
  const uses = new Set();
  const later = setTimeout.bind(globalThis);
  const never = clearTimeout.bind(globalThis);
  /** Until a device is pulled out. @type {ReturnType<typeof setTimeout> | undefined} */
  let pulling;
  const wait = () => new Promise((done) => later(done, ASKING));
  /** @param {Device} device */
  const isInUse = (device) => [...uses].some((one) => one.device === device);
  /** @param {Device} device */
  const isThere = (device) => device === SCREEN || state.devices().includes(device);

  class StandInDevices extends EventTarget {
    /** @type {((event: Event) => void) | null} */
    #ondevicechange = null;

    get ondevicechange() {
      return this.#ondevicechange;
    }

    set ondevicechange(listener) {
      if (this.#ondevicechange) this.removeEventListener('devicechange', this.#ondevicechange);
      this.#ondevicechange = typeof listener === 'function' ? listener : null;
      if (this.#ondevicechange) this.addEventListener('devicechange', this.#ondevicechange);
    }

    /** @param {any} [constraints] */
    getUserMedia(constraints) {
      return noting(getUserMedia(constraints));
    }

    /** @param {any} [options] */
    getDisplayMedia(options) {
      return noting(getDisplayMedia(options));
    }

    async enumerateDevices() {
      return infosOf(state.devices(), exposed);
    }

    getSupportedConstraints() {
      return Object.fromEntries(SUPPORTED.map((name) => [name, true]));
    }
  }
  const mediaDevices = new StandInDevices();

  return {
    mediaDevices,

    /** The reader has chosen another state. @param {string} changed */
    choose(changed) {
      const before = state.devices().length;
      state.choose(changed);
      for (const one of [...uses]) if (state.isRevoked() || !isThere(one.device)) one.end();
      if (state.devices().length !== before) tellChange();
      pullLater();
    },
  };

  /** @param {any} constraints */
  async function getUserMedia(constraints) {
    const asked = ASKED.filter(([name]) => constraints?.[name]);
    if (asked.length === 0) throw new TypeError('getUserMedia: it has to be asked for audio, for video, or for both.');
    const now = state.next();
    const wanted = asked.map(([name, kind, word]) => {
      const devices = state.devices(now).filter((device) => device.kind === kind);
      if (devices.length === 0) throw failure('NotFoundError', `There is no ${word}.`);
      const chosen = choose(devices, constraints[name] === true ? {} : constraints[name]);
      if ('failed' in chosen) throw overconstrained(chosen.failed, `No ${word} meets the constraint.`);
      return { ...chosen, constraints: constraints[name] };
    });
    await wait();
    if (now === 'denied') throw failure('NotAllowedError', 'The answer was no.');
    for (const [, kind] of asked) exposed[kind] = true;
    if (now === 'busy') throw failure('NotReadableError', 'Another program has the device.');
    const tracks = wanted.map(({ device, settings, constraints }) => use(device, settings, constraints));
    pullLater();
    return streamWith(tracks);
  }

  /** @param {any} options */
  async function getDisplayMedia(options = {}) {
    if (!hasClick()) throw failure('InvalidStateError', 'It has to be asked for by a click.');
    const { video = true } = options;
    const wishes = Object.values(video);
    if (video === false || wishes.some((wish) => wish?.exact !== undefined || wish?.min !== undefined))
      throw new TypeError('getDisplayMedia: it gives a picture, and takes no min and no exact.');
    const now = state.next();
    const chosen = choose([SCREEN], video === true ? {} : video);
    if ('failed' in chosen) throw overconstrained(chosen.failed, 'No screen meets the constraint.');
    await wait();
    if (now === 'denied') throw failure('NotAllowedError', 'Nothing was chosen.');
    if (now === 'none') throw failure('NotFoundError', 'There is no screen.');
    if (now === 'busy') throw failure('NotReadableError', 'The system does not give the screen.');
    const track = use(SCREEN, chosen.settings, video);
    pullLater();
    return streamWith([track]);
  }

  /**
   * A stream whose `clone()` is that of its tracks: the browser's own knows nothing of these devices.
   * @param {MediaStreamTrack[]} tracks
   * @returns {MediaStream}
   */
  function streamWith(tracks) {
    const stream = streamOf(tracks);
    const clone = () => streamWith(stream.getTracks().map((track) => track.clone()));
    return Object.defineProperty(stream, 'clone', { value: clone, configurable: true, writable: true });
  }

  /** Starts a device, or uses it once more. @param {Device} device @param {Settings} settings @param {any} constraints */
  function use(device, settings, constraints) {
    /** @type {Use} */
    let one;
    const { track, end } = dress(open(device, settings), {
      device,
      settings,
      constraints: typeof constraints === 'object' ? constraints : {},
      copy: (now, wishes) => use(device, now, wishes),
      onended() {
        uses.delete(one);
        if (!isInUse(device)) say(`${device.label} is free.`);
      },
    });
    one = { track, device, end };
    if (!isInUse(device)) say(`${device.label} is in use.`);
    uses.add(one);
    return track;
  }

  function tellChange() {
    mediaDevices.dispatchEvent(new Event('devicechange'));
  }

  /** Pulls out the device that was given last, in a moment, if that has been chosen. The time begins anew with each that is given. */
  function pullLater() {
    never(pulling);
    const last = [...uses].at(-1);
    if (!last || !state.isToBePulled()) return;
    const { device } = last;
    pulling = later(() => {
      if (!state.isToBePulled() || !isInUse(device)) return;
      state.pull(device);
      say(`${device.label} ${device === SCREEN ? 'is shared no more' : 'was pulled out'}.`);
      for (const one of [...uses]) if (one.device === device) one.end();
      if (device !== SCREEN) tellChange();
    }, PULLED_AFTER);
  }
}
