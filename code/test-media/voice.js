// @ts-check
// The test voice: a buzz, as of vocal cords, through three resonances, as of a mouth, which take the places of one vowel after another.
//
// May import: ticker.js.

import { every } from './ticker.js';

/** @typedef {typeof import('./index.d.ts')} Library */

/** How long a browser may take to start its audio, in ms. Firefox takes up to three seconds when nothing else needs the machine. */
const STARTS_WITHIN = 10_000;
/** How often the voice looks whether it is time for the next syllable, in ms. */
const TICK = 50;
/** The resonances of vowels, in Hz. */
const VOWELS = [
  [700, 1_200, 2_600],
  [300, 2_300, 3_000],
  [400, 800, 2_500],
  [500, 1_800, 2_500],
  [350, 650, 2_400],
];

/** @type {Library['testVoice']} */
export async function testVoice() {
  if (!globalThis.AudioContext) throw new Error('testVoice: this browser has no Web Audio (AudioContext).');
  const context = new AudioContext();
  if (!(await starts(context))) {
    context.close().catch(() => {});
    const seconds = STARTS_WITHIN / 1_000;
    throw new Error(
      `testVoice: the audio of this browser has not started in ${seconds} s. Is there a sound device? Firefox needs one. Was there a click on the page?`,
    );
  }
  const out = context.createMediaStreamDestination();
  const sayNext = speaker(context, out);
  const [track] = out.stream.getAudioTracks();
  let nextAt = 0;
  const stop = every(TICK, () => {
    if (track.readyState === 'ended') {
      // `track.stop()` raises no event.
      stop();
      context.close().catch(() => {});
    } else if (context.currentTime >= nextAt) {
      nextAt = sayNext();
    }
  });
  return track;
}

/** Whether the audio runs in time: what keeps it from that leaves the promise of `resume` pending. @param {AudioContext} context */
function starts(context) {
  return new Promise((done) => {
    const timer = setTimeout(() => done(false), STARTS_WITHIN);
    context.resume().then(
      () => {
        clearTimeout(timer);
        done(true);
      },
      () => done(false),
    );
  });
}

/**
 * @param {AudioContext} context @param {AudioNode} out
 * @returns {() => number} says a syllable, and tells when the next one is due, by the clock of the context
 */
function speaker(context, out) {
  const buzz = new OscillatorNode(context, { type: 'sawtooth', frequency: 110 });
  const loudness = new GainNode(context, { gain: 0 });
  const mouth = VOWELS[0].map((frequency) => new BiquadFilterNode(context, { type: 'bandpass', frequency, Q: 8 }));
  for (const resonance of mouth) buzz.connect(resonance).connect(loudness);
  loudness.connect(out);
  buzz.start();

  return () => {
    const start = context.currentTime;
    const end = start + 0.12 + Math.random() * 0.1;
    const vowel = VOWELS[Math.floor(Math.random() * VOWELS.length)];
    mouth.forEach((resonance, i) => {
      resonance.frequency.setTargetAtTime(vowel[i], start, 0.02);
    });
    buzz.frequency.setTargetAtTime(95 + Math.random() * 40, start, 0.05);
    loudness.gain.setTargetAtTime(0.6, start, 0.015);
    loudness.gain.setTargetAtTime(0, end, 0.03);
    const isEndOfSentence = Math.random() < 0.12;
    return end + 0.08 + (isEndOfSentence ? 0.9 : 0);
  };
}
