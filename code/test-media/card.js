// @ts-check
// The test card: a picture that moves, with a counter, words, and the time in its upper edge.
//
// May import: clock.js, settings.js, ticker.js.

import { COLUMNS, ROW, cellsOf, now } from './clock.js';
import { inRange } from './settings.js';
import { every } from './ticker.js';

/** @typedef {typeof import('./index.d.ts')} Library */

/** Sizes in pixels, and pictures a second: from what the clock can still be read in to what an encoder without hardware can do. */
const WIDTH = /** @type {[number, number]} */ ([80, 1_920]);
const HEIGHT = /** @type {[number, number]} */ ([45, 1_080]);
const FPS = /** @type {[number, number]} */ ([1, 60]);
/** Squares that move: enough work for an encoder to be like a camera. */
const SQUARES = 30;

/** @type {Library['testCard']} */
export function testCard({ width = 640, height = 360, fps = 30, title = '' } = {}) {
  const canvas = document.createElement('canvas');
  canvas.width = inRange('testCard: width', width, WIDTH);
  canvas.height = inRange('testCard: height', height, HEIGHT);
  const period = 1_000 / inRange('testCard: fps', fps, FPS);
  const ink = canvas.getContext('2d', { alpha: false });
  if (!ink || !canvas.captureStream)
    throw new Error('testCard: this browser can’t make a track of a canvas (HTMLCanvasElement.captureStream).');

  // Captured before it is painted: Chrome sends nothing of what was painted earlier.
  const [track] = canvas.captureStream().getVideoTracks();
  // As the standard has it (https://www.w3.org/TR/mediacapture-fromelement/#dom-canvascapturemediastreamtrack-canvas), in Firefox too.
  if (!('canvas' in track)) Object.defineProperty(track, 'canvas', { value: canvas });
  let count = 0;
  const paintNext = () => {
    count += 1;
    paint(ink, count, String(title));
  };
  const stop = every(period, () => {
    // `track.stop()` raises no event.
    if (track.readyState === 'ended') stop();
    else paintNext();
  });
  paintNext();
  return track;
}

/** @param {CanvasRenderingContext2D} ink @param {number} count @param {string} title */
function paint(ink, count, title) {
  const { width, height } = ink.canvas;
  ink.fillStyle = '#224';
  ink.fillRect(0, 0, width, height);
  const side = width / 16;
  for (let i = 0; i < SQUARES; i += 1) {
    ink.fillStyle = `hsl(${i * 12} 70% 50%)`;
    ink.fillRect((i * 97 + count * 3) % width, (i * 53 + count * (i % 5)) % height, side, side);
  }
  ink.fillStyle = 'white';
  if (title) {
    ink.font = `${height / 8}px sans-serif`;
    ink.fillText(title, side, height * 0.4, width - 2 * side);
  }
  ink.font = `${height / 4}px monospace`;
  ink.fillText(String(count), side, height * 0.7);
  ink.font = `${height / 18}px sans-serif`;
  ink.fillText('Can you read this?', side, height * 0.9);
  cellsOf(now()).forEach((isWhite, i) => {
    ink.fillStyle = isWhite ? 'white' : 'black';
    const [column, row] = [i % COLUMNS, Math.floor(i / COLUMNS)];
    ink.fillRect((column * width) / COLUMNS, row * height * ROW, width / COLUMNS, height * ROW);
  });
}
