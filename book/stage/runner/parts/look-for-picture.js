// @ts-check
// Looks where in the frame the demo's pictures are: the box around each `<video>` that has a picture, and each `<canvas>`, that can be seen. The
// page keeps that part of the frame in sight while its reader is further down.
//
// May import: nothing.

/**
 * Prepares for looking at the pictures of this document.
 * @param {any} stage what the runner shares
 * @param {(box: { x: number, y: number, width: number, height: number }) => void} tell the box in CSS pixels of the frame, when it has changed; without a size if there is no picture
 * @returns {() => void} looks where they are now
 */
export function install(stage, tell) {
  /** Elements of each kind that are looked at. */
  const MAX_LOOKED_AT = 16;
  /** What is smaller, in CSS pixels, is no picture to look at. */
  const LEAST = 24;

  const { recorder, uncurry } = stage;
  const { getter } = recorder;
  const { floor, ceil, max, min } = Math;
  const boxOf = uncurry(Element.prototype.getBoundingClientRect);
  const [leftOf, topOf, rightOf, bottomOf] = ['left', 'top', 'right', 'bottom'].map((name) =>
    getter(DOMRectReadOnly.prototype, name),
  );
  const check = Element.prototype.checkVisibility;
  const isVisible = check && uncurry(check);
  const VISIBLE = Object.freeze({ opacityProperty: true, visibilityProperty: true });
  const Video = globalThis.HTMLVideoElement;
  const pictureOf = Video && getter(Video.prototype, 'videoWidth');
  /** Both stay up to date by themselves. */
  const lists = ['video', 'canvas'].map((name) => document.getElementsByTagName(name));
  let told = '0 0 0 0';

  /** @param {Element} element */
  const hasPicture = (element) => !Video || !(element instanceof Video) || pictureOf(element) > 0;

  function look() {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = 0; k < lists.length; k += 1)
      for (let i = 0; i < lists[k].length && i < MAX_LOOKED_AT; i += 1) {
        const element = lists[k][i];
        if (!hasPicture(element) || (isVisible && !isVisible(element, VISIBLE))) continue;
        const box = boxOf(element);
        if (rightOf(box) - leftOf(box) < LEAST || bottomOf(box) - topOf(box) < LEAST) continue;
        left = min(left, leftOf(box));
        top = min(top, topOf(box));
        right = max(right, rightOf(box));
        bottom = max(bottom, bottomOf(box));
      }
    const [x, y] = right > left ? [max(0, floor(left)), max(0, floor(top))] : [0, 0];
    const [width, height] = right > left ? [max(0, ceil(right) - x), max(0, ceil(bottom) - y)] : [0, 0];
    const now = `${x} ${y} ${width} ${height}`;
    if (now === told) return;
    told = now;
    tell({ x, y, width, height });
  }

  return () => {
    try {
      look();
    } catch {
      // The demo has replaced what this needs. Its frame is shown where it stands.
    }
  };
}
