// @ts-check
// What calls with sound and pictures want besides the calls themselves: mute that the others are told of, another camera, bounds and layers of what
// is sent, and figures of how good it is. `index.d.ts` documents it. It is a module of its own, so that who sends no media does not load it, and
// knows the library by its public interface only. The parts:
//   create.js     puts the other parts together, for one quickconnect
//   sent.js       what we send, in every call (encodings.js: the encodings of one sender)
//   received.js   in which state what the others send is (state.js: how that is judged)
//   quality.js    figures of one connection, again and again (figures.js: from two answers of `getStats()`; levels.js: how loud it was meanwhile)
//
// May import: create.js, quality.js.

import { createMedia } from './create.js';
import { watchQuality } from './quality.js';

export { createMedia, watchQuality };
