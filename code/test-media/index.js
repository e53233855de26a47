// @ts-check
// Pictures and sounds that need no device, a clock that can be read from a picture, and two connections to send them over. What it offers is
// documented in `index.d.ts`, against which this module is checked. Layout:
//   card.js       the picture, painted at each tick
//   clock.js      the time as black and white cells; pure
//   age.js        reads that time from a video
//   voice.js      the sound
//   ticker.js     ticks that go on in the background
//   pair.js       two connections, wired to each other
//   settings.js   what a setting may be; pure
//
// May import: age.js, card.js, pair.js, voice.js.

import { pictureAge } from './age.js';
import { testCard } from './card.js';
import { pair } from './pair.js';
import { testVoice } from './voice.js';

export { pair, pictureAge, testCard, testVoice };
