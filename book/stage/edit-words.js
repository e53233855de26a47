// @ts-check
// What the reader is told of the edits of a demo that are kept. Pure.
//
// May import: nothing.

/** When an edit was saved. @type {Record<import('./edits.js').Outcome, string>} */
export const OUTCOMES = {
  kept: '',
  'too long': 'The edit is too long to be kept: it is gone when you leave the page.',
  full: 'This browser has no room left for the edit: it is gone when you leave the page.',
  refused: 'This browser keeps nothing for this page: the edit is gone when you leave it.',
};

/**
 * When another tab has changed what is kept; the text in this one stays.
 * @param {string | undefined} kept undefined if nothing is
 * @param {string} own the text in this tab
 * @param {string} book the text of the book
 * @returns {string} empty if the texts are the same
 */
export function wordsOfOtherEdit(kept, own, book) {
  if ((kept ?? book) === own) return '';
  if (own === book)
    return 'Another tab has an edited version of this demo. It comes when you load this page again; Reset forgets it.';
  if (kept === undefined)
    return 'Another tab has forgotten the edits of this demo: this version is gone when you leave the page, unless you edit it again.';
  return 'Another tab has kept a version of its own: this one is gone when you leave the page, unless you edit it again.';
}

/**
 * When a page is opened, of the files of which an edit was kept.
 * @param {string[]} names
 * @param {boolean} isOnly the demo has one file
 */
export function wordsOfKept(names, isOnly) {
  if (names.length === 0) return '';
  if (isOnly) return 'This is your edited version. Reset brings back the text of the book.';
  const which =
    names.length > 1 ? `Your edited versions of ${names.join(' and ')} are` : `Your edited version of ${names[0]} is`;
  return `${which} shown. Reset brings back the text of the book, of the file that you look at.`;
}
