// @ts-check
// The reader's own versions of the demos, kept in this browser and nowhere else.

/** A longer text, in characters, is not kept: storage is shared by the whole book. */
const MAX_LENGTH = 100_000;

/** @param {string} name */
const keyOf = (name) => `creating-connections edit ${location.pathname.replace(/index\.html$/, '')} ${name}`;

/**
 * @param {string} name of the demo
 * @returns {string | undefined} what the reader made of it
 */
export function loadEdit(name) {
  try {
    return localStorage.getItem(keyOf(name)) ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} name
 * @param {string | undefined} code undefined forgets the edit
 * @returns {boolean} false if this browser would not keep it
 */
export function saveEdit(name, code) {
  try {
    const isTooLong = code !== undefined && code.length > MAX_LENGTH;
    // An older edit must not come back in place of one that can't be kept.
    if (code === undefined || isTooLong) localStorage.removeItem(keyOf(name));
    else localStorage.setItem(keyOf(name), code);
    return !isTooLong;
  } catch {
    return false;
  }
}
