// @ts-check
// The reader's versions of the demos, in this browser's localStorage. All tabs of the book share them; the last one that was saved counts.
//
// May import: nothing.

/** The longest text that is saved, in characters: the whole book shares one quota. */
const MAX_LENGTH = 100_000;

/**
 * The outcome of saving an edit. If it was not saved, an older edit is not left in its place either.
 * @typedef {'kept' | 'too long' | 'full' | 'refused'} Outcome
 */

/** @param {string} name */
const keyOf = (name) => `creating-connections edit ${location.pathname.replace(/index\.html$/, '')} ${name}`;

/**
 * The saved edit of a demo.
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
 * Saves or forgets the edit of a demo.
 * @param {string} name
 * @param {string | undefined} code undefined forgets the edit
 * @returns {Outcome}
 */
export function saveEdit(name, code) {
  const key = keyOf(name);
  /** @type {Storage} */
  let storage;
  try {
    // Merely reading `localStorage` throws where the browser denies storage to this site.
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

/**
 * Removes the older edit, which must not come back in place of this one, and tries again in the room that this leaves.
 * @param {Storage} storage
 * @param {string} key
 * @param {string} code
 * @returns {Outcome}
 */
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
 * Watches for changes of the edit by other tabs.
 * @param {string} name
 * @param {(code: string | undefined) => void} listener told what is kept when another tab has changed it, or may have while this page was put aside
 */
export function watchEdit(name, listener) {
  addEventListener('storage', ({ key }) => {
    // Without a key, all of the storage was cleared.
    if (key === null || key === keyOf(name)) listener(loadEdit(name));
  });
  addEventListener('pageshow', ({ persisted }) => persisted && listener(loadEdit(name)));
}
