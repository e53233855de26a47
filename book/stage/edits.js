// @ts-check
// The reader's own versions of the demos, kept in this browser and nowhere else.

/** A longer text, in characters, is not kept: storage is shared by the whole book. */
const MAX_LENGTH = 100_000;

/** @param {string} name */
const keyOf = (name) => `creating-connections edit ${location.pathname} ${name}`;

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
    if (code === undefined) localStorage.removeItem(keyOf(name));
    else if (code.length > MAX_LENGTH) return false;
    else localStorage.setItem(keyOf(name), code);
    return true;
  } catch {
    return false;
  }
}
