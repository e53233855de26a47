// @ts-check
// Makes the track of a canvas or of Web Audio look like that of a device.
//
// May import: constraints.js, errors.js.

import { fit } from './constraints.js';
import { overconstrained } from './errors.js';

/** @typedef {import('./list.js').Device} Device */
/** @typedef {import('./constraints.js').Settings} Settings */

/**
 * What a device gives.
 * @typedef {object} Source
 * @property {MediaStreamTrack} track
 * @property {() => void} close when the track has ended
 * @property {(settings: Settings) => void} change to other settings; the rate stays
 */

/**
 * What makes it one of a device.
 * @typedef {object} Dress
 * @property {Device} device
 * @property {Settings} settings
 * @property {any} constraints
 * @property {(settings: Settings, constraints: any) => MediaStreamTrack} copy another one of the same device
 * @property {() => void} onended called once
 */

/** @param {Source} source @param {Dress} dress */
export function dress({ track, close, change }, { device, settings, constraints, copy, onended }) {
  const nativeStop = track.stop.bind(track);
  let hasEnded = false;

  function stop() {
    nativeStop();
    if (hasEnded) return;
    hasEnded = true;
    close();
    onended();
  }

  Object.defineProperty(track, 'label', { value: device.label, enumerable: true, configurable: true });
  const methods = {
    stop,
    getSettings: () => ({ ...settings }),
    getCapabilities: () => structuredClone(device.capabilities),
    getConstraints: () => structuredClone(constraints),

    /** @param {any} [wishes] */
    async applyConstraints(wishes = {}) {
      if (hasEnded) return;
      const { frameRate } = settings;
      const capabilities = { ...device.capabilities };
      // It is painted as often as when it was opened.
      if (typeof frameRate === 'number') capabilities.frameRate = { min: frameRate, max: frameRate };
      const { failed, settings: changed } = fit({ capabilities, usual: device.usual }, wishes);
      if (failed.length > 0) throw overconstrained(failed[0], 'The device does not meet the constraint.');
      settings = changed;
      constraints = wishes;
      change(settings);
    },

    clone() {
      const copied = copy(settings, constraints);
      copied.enabled = track.enabled;
      if (hasEnded) copied.stop();
      return copied;
    },
  };
  for (const [name, value] of Object.entries(methods))
    Object.defineProperty(track, name, { value, configurable: true, writable: true });

  return {
    track,

    /** Ends it as its device does, with an event. */
    end() {
      if (hasEnded) return;
      stop();
      track.dispatchEvent(new Event('ended'));
    },
  };
}
