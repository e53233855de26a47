// @ts-check
// Brings what belongs together into sight, code and instruments, by scrolling the boxes around it. The page stays where the reader has put it.
//
// May import: nothing.

/**
 * Scrolls the boxes around elements, as far as the demo that they are in, until one of them can be seen. If one can already, nothing moves.
 * @param {Element[]} elements that say the same; the first is brought into sight
 */
export function reveal(elements) {
  if (elements.length === 0 || elements.some(isInSight)) return;
  for (const box of boxesAround(elements[0])) {
    const { top, bottom } = seenPart(box);
    const { top: above, bottom: below } = elements[0].getBoundingClientRect();
    if (above < top) box.scrollTop -= top - above;
    else if (below > bottom) box.scrollTop += Math.min(below - bottom, above - top);
  }
}

/** @param {Element} element */
function isInSight(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return boxesAround(element).every((box) => top >= seenPart(box).top - 1 && bottom <= seenPart(box).bottom + 1);
}

/** What of a box shows its contents: its borders and its horizontal scroll bar do not. @param {Element} box */
function seenPart(box) {
  const top = box.getBoundingClientRect().top + box.clientTop;
  return { top, bottom: top + box.clientHeight };
}

/** The boxes around an element that scroll, from the inside to its demo. @param {Element} element */
function boxesAround(element) {
  const demo = element.closest('.demo');
  const boxes = [];
  for (let box = element.parentElement; box && demo?.contains(box); box = box.parentElement)
    if (box.scrollHeight > box.clientHeight && /auto|scroll/.test(getComputedStyle(box).overflowY)) boxes.push(box);
  return boxes;
}
