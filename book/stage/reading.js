// @ts-check
// What helps to find one's way, on every page: loaded when the demos are there, because nobody needs it before. Layout:
//   contents.js     the sections of the page, beside it
//   neighbours.js   the titles of the pages before and after it
//   progress.js     which pages were read to their end
//
// May import: contents.js, neighbours.js, progress.js.

import { createContents } from './contents.js';
import { nameNeighbours } from './neighbours.js';
import { keepProgress } from './progress.js';

/** Adds it to this page. */
export function furnish() {
  createContents();
  nameNeighbours();
  keepProgress();
}
