// @ts-check
// Writes texts only where they differ: writing the same again would make a screen reader repeat it, and the browser lay it out anew.
//
// May import: nothing.

/** @param {Element} element @param {string} text */
export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Names a control for screen readers. @param {Element} element @param {string} name */
export function label(element, name) {
  if (element.getAttribute('aria-label') !== name) element.setAttribute('aria-label', name);
}
