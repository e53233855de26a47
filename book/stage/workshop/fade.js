// @ts-check
// Takes away what only informs, after some time, unless somebody is at it. Pure but for the timer that it is given.
//
// May import: nothing.

/** How long it stands, in ms: several times what it takes to read a sentence. */
export const STANDS_FOR = 30_000;

/**
 * @param {object} notice
 * @param {() => boolean} notice.isThere nothing else has taken it away
 * @param {() => boolean} notice.isHeld it has the keyboard or the pointer, or nobody can see it: it stands as long once more
 * @param {() => void} notice.takeAway
 * @param {(act: () => void, after: number) => unknown} later
 */
export function fade(notice, later) {
  later(() => {
    if (!notice.isThere()) return;
    if (notice.isHeld()) fade(notice, later);
    else notice.takeAway();
  }, STANDS_FOR);
}
