// @ts-check
// Where the picture of a frame stands, and how small it is, when it is kept in sight. Pure.
//
// May import: nothing.

/** How far from the edge of its demo it stands, and how wide its border is, in CSS pixels. */
const GAP = 8;
const BORDER = 1;
/** How large it is at most: in CSS pixels, and as a part of the width of its demo and of the height of the window. */
const MOST = { width: 240, height: 150, ofDemo: 0.45, ofWindow: 0.25 };

/** @typedef {import('./iframe.js').Box} Box */
/**
 * @typedef {object} SmallView
 * @property {number} width of the view with its border and its bar
 * @property {number} height
 * @property {string} transform of the frame, whose origin is its upper left corner
 * @property {string} clip of the frame, by which only the picture is left of it
 */

/**
 * The view stands in the lower right corner of the frame's place, with the picture above a bar. What the frame has laid out stays as it is: it is only drawn
 * smaller, and only in part.
 * @param {Box} picture in the frame
 * @param {object} room all in CSS pixels
 * @param {number} room.width of the frame
 * @param {number} room.height of the frame
 * @param {number} room.bar height of the bar
 * @param {number} room.window height of the window
 * @returns {SmallView | undefined} undefined if nothing of the picture is in what the frame shows
 */
export function smallView(picture, { width, height, bar, window }) {
  const right = Math.min(picture.x + picture.width, width);
  const bottom = Math.min(picture.y + picture.height, height);
  const [shownWidth, shownHeight] = [right - picture.x, bottom - picture.y];
  if (shownWidth <= 0 || shownHeight <= 0) return undefined;
  const scale = Math.min(
    1,
    Math.min(MOST.width, width * MOST.ofDemo) / shownWidth,
    Math.min(MOST.height, window * MOST.ofWindow) / shownHeight,
  );
  const [drawnWidth, drawnHeight] = [shownWidth * scale, shownHeight * scale].map(Math.round);
  const x = width - GAP - BORDER - drawnWidth - picture.x * scale;
  const y = height - BORDER - bar - drawnHeight - picture.y * scale;
  return {
    width: drawnWidth + 2 * BORDER,
    height: drawnHeight + bar + 2 * BORDER,
    transform: `translate(${rounded(x)}px, ${rounded(y)}px) scale(${rounded(scale)})`,
    clip: `inset(${picture.y}px ${width - right}px ${height - bottom}px ${picture.x}px)`,
  };
}

/** @param {number} length */
const rounded = (length) => Math.round(length * 1_000) / 1_000;
