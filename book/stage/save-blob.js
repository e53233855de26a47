// @ts-check
// Gives the reader a file. The browser asks where to, or puts it where it puts all of them.
//
// May import: dom.js.

import { el } from './dom.js';

/** @param {string} name of the file @param {Blob} blob */
export function saveBlob(name, blob) {
  const url = URL.createObjectURL(blob);
  const link = el('a', { href: url, download: name });
  link.click();
  // After the click the browser no longer needs the URL.
  setTimeout(() => URL.revokeObjectURL(url));
}
