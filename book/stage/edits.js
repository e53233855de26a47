// @ts-check
// The reader's own versions of the demos, kept in this browser and nowhere else. All tabs of the book share them: what was kept last holds.

/** A longer text, in characters, is not kept: storage is shared by the whole book. */
const MAX_LENGTH = 100_000;

/**
 * What came of an edit: it is kept, or why not. Whatever the reason, no older edit is left in its place.
 * @typedef {'kept' | 'too long' | 'full' | 'refused'} Outcome
 */

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
 * @returns {Outcome}
 */
export function saveEdit(name, code) {
  const key = keyOf(name);
  /** @type {Storage} */
  let storage;
  try {
    // Only to name it throws where the browser keeps nothing for this site.
    storage = localStorage;
    if (code === undefined || code.length > MAX_LENGTH) {
      storage.removeItem(key);
      return code === undefined ? 'kept' : 'too long';
    }
  } catch {
    return 'refused';
  }
  try {
    storage.setItem(key, code);
    return 'kept';
  } catch {
    return saveInPlaceOfOlder(storage, key, code);
  }
}

/** The older edit must not come back in place of one that can't be kept; and without it, there may be room. @param {Storage} storage @param {string} key @param {string} code
 * @returns {Outcome} */
function saveInPlaceOfOlder(storage, key, code) {
  try {
    storage.removeItem(key);
    storage.setItem(key, code);
    return 'kept';
  } catch {
    return 'full';
  }
}

/**
 * @param {string} name
 * @param {(code: string | undefined) => void} listener told what is kept when another tab has changed it, or may have while this page was put aside
 */
export function watchEdit(name, listener) {
  addEventListener('storage', ({ key }) => {
    // All of the storage was cleared, if there is no key.
    if (key === null || key === keyOf(name)) listener(loadEdit(name));
  });
  addEventListener('pageshow', ({ persisted }) => persisted && listener(loadEdit(name)));
}
