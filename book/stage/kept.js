// @ts-check
// Short lists of texts that this browser keeps for the reader. One that keeps nothing forgets them with the page.
//
// May import: nothing.

/** The key of the exercises that were solved. */
export const SOLVED = 'creating-connections solved';
/** Texts in one list; the oldest go first. */
const MAX_TEXTS = 500;

/**
 * What was kept under a key.
 * @param {string} key
 * @returns {string[]}
 */
export function kept(key) {
  try {
    const texts = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(texts) ? texts.filter((text) => typeof text === 'string').slice(-MAX_TEXTS) : [];
  } catch {
    return [];
  }
}

/**
 * Adds a text to those that are kept, or takes it away.
 * @param {string} key
 * @param {string} text
 * @param {boolean} isIn
 * @returns {string[]} what is in the list now, whether it could be kept or not
 */
export function keep(key, text, isIn) {
  const others = kept(key).filter((other) => other !== text);
  const texts = (isIn ? [...others, text] : others).slice(-MAX_TEXTS);
  try {
    localStorage.setItem(key, JSON.stringify(texts));
  } catch {
    // The browser denies storage to this site, or has no room left.
  }
  return texts;
}
