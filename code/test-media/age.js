// @ts-check
// Reads the time in the upper edge of a test card from a video that shows it.
//
// May import: clock.js.

import { COLUMNS, ROW, ROWS, ageOf, now } from './clock.js';

/** @typedef {typeof import('./index.d.ts')} Library */

/** One pixel for each cell. Made when it is first needed. @type {CanvasRenderingContext2D | null | undefined} */
let eye;

function createEye() {
  const canvas = document.createElement('canvas');
  canvas.width = COLUMNS;
  canvas.height = ROWS;
  return canvas.getContext('2d', { alpha: false, willReadFrequently: true });
}

/** @type {Library['pictureAge']} */
export function pictureAge(video) {
  if (!(video instanceof HTMLVideoElement)) throw new TypeError('pictureAge: this is no <video> element.');
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0) return NaN;
  eye ??= createEye();
  if (!eye) throw new Error('pictureAge: this browser gives no canvas to read a picture with.');
  // A timer can do this also while the video is out of sight; `requestVideoFrameCallback` stops then.
  eye.drawImage(video, 0, 0, videoWidth, videoHeight * ROW * ROWS, 0, 0, COLUMNS, ROWS);
  const { data } = eye.getImageData(0, 0, COLUMNS, ROWS);
  const levels = Array.from({ length: COLUMNS * ROWS }, (_, i) => data[i * 4]);
  return ageOf(levels, now());
}
