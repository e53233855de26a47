// @ts-check
// Copies text to the clipboard, also where the page is not a secure context: a workshop's address is plain http.
//
// May import: dom.js.

import { el } from './dom.js';

/**
 * Copies a text to the clipboard.
 * @param {string} text
 * @returns {Promise<boolean>} whether the browser took it
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const area = el('textarea', { 'aria-hidden': 'true', class: 'stage-clipboard' });
  area.value = text;
  document.body.append(area);
  area.select();
  try {
    return document.execCommand('copy');
  } catch {
    return false; // Browsers may do without it one day.
  } finally {
    area.remove();
    focused?.focus();
  }
}
