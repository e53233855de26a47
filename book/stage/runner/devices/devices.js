// @ts-check
// Stand-ins for cameras, microphones and a screen, loaded only by runs that ask for them: a test card and a voice, and `navigator.mediaDevices` in front
// of them, also where the browser has none (in a page that is no secure context), or refuses it (in a sandbox). It is there before the demo's code begins.
// Layout:
//   media-devices.js   requests, the list, and what happens to devices in use
//   state.js           how the devices are, as the reader has chosen it; pure
//   list.js            the devices, and what a page is told of them; pure
//   constraints.js     which device meets constraints, and how; pure
//   track.js           what makes a track one of a device
//   errors.js          the errors of requests
//
// May import: media-devices.js, test-media.

import { createMediaDevices } from './media-devices.js';

/** @typedef {import('./list.js').Device} Device */
/** @typedef {import('./constraints.js').Settings} Settings */
/** @typedef {import('./track.js').Source} Source */

/**
 * Puts the stand-in in the place of `navigator.mediaDevices`.
 * @param {object} frame
 * @param {string} frame.state how the devices are
 * @param {(words: string) => void} frame.say
 * @param {<T>(promise: Promise<T>) => Promise<T>} frame.noting
 * @returns {Promise<(state: string) => void>} changes how they are
 */
export async function install({ state, say, noting }) {
  const { testCard, testVoice } = await import('test-media');
  const { mediaDevices, choose } = createMediaDevices({
    state,
    open: (device, settings) => (device.kind === 'audioinput' ? microphone() : camera(device, settings)),
    streamOf: (tracks) => new MediaStream(tracks),
    hasClick: () => navigator.userActivation?.isActive ?? true,
    say,
    noting,
  });
  Object.defineProperty(navigator, 'mediaDevices', {
    get: () => mediaDevices,
    configurable: true,
    enumerable: true,
  });
  return choose;

  /** @param {Device} device @param {Settings} settings @returns {Source} */
  function camera({ label }, settings) {
    const { width, height, frameRate } = /** @type {Record<string, number>} */ (settings);
    const track = testCard({ width, height, fps: frameRate, title: label.replace(' (stand-in)', '') });
    const { canvas } = /** @type {CanvasCaptureMediaStreamTrack} */ (track);
    return {
      track,
      close() {},
      change: (changed) => Object.assign(canvas, { width: changed.width, height: changed.height }),
    };
  }

  /** A track at once; the voice comes when the browser has started its audio. @returns {Source} */
  function microphone() {
    const context = new AudioContext();
    const out = context.createMediaStreamDestination();
    const [track] = out.stream.getAudioTracks();
    /** @type {MediaStreamTrack | undefined} */
    let voice;
    /** Kept, so that it is not collected. @type {MediaStreamAudioSourceNode | undefined} */
    let mouth;
    testVoice().then(
      (started) => {
        if (track.readyState === 'ended') return started.stop();
        voice = started;
        context.resume().catch(() => {});
        mouth = context.createMediaStreamSource(new MediaStream([voice]));
        mouth.connect(out);
      },
      ({ message }) => track.readyState === 'live' && say(`The stand-in microphone is silent. ${message}`),
    );
    return {
      track,
      close() {
        mouth?.disconnect();
        voice?.stop();
        context.close().catch(() => {});
      },
      change() {},
    };
  }
}
