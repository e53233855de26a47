// @ts-check
// Text that a peer chose, with nothing hidden in it: ids, rooms, messages and errors, before they are shown. Pure; imports nothing.
//
// A character that shows nothing, or that changes the order in which its neighbours are shown, is replaced by its number, as in `[U+202E]`. Otherwise
// two different ids could look alike, and a message could look like another one (Unicode Technical Report 36, section 2.5).

/**
 * Controls, what Unicode lets programs leave out when they draw text (https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point), separators of
 * lines and paragraphs, halves of surrogate pairs, and interlinear annotations.
 */
const HIDDEN = /[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}\ufff9-\ufffb]/gu;

/** Scripts that have no use for joiners: there, a joiner only makes two words look alike. */
const NEVER_JOINED = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u;

/**
 * Text of several lines, such as a message in a console: line feeds and tabs stay, and carriage returns before a line feed, as SDP has them.
 * @param {string} text
 */
export const visible = (text) =>
  replace(text, (hidden, at) => hidden === '\n' || hidden === '\t' || (hidden === '\r' && text[at + 1] === '\n'));

/**
 * Text of one line, such as an id, a room, a label: there, line feeds and tabs are hidden as well.
 * @param {string} text
 */
export const visibleLine = (text) => replace(text, () => false);

/** @param {string} text @param {(hidden: string, at: number) => boolean} isLayout */
const replace = (text, isLayout) =>
  text.replaceAll(HIDDEN, (hidden, at) =>
    isLayout(hidden, at) || isPartOfCharacter(hidden, at, text) ? hidden : numberOf(hidden),
  );

/**
 * Whether it belongs to the visible character before it: a variation of an emoji, or a joiner in an emoji or in a script that joins letters.
 * @param {string} hidden @param {number} at @param {string} text
 */
function isPartOfCharacter(hidden, at, text) {
  const isVariation = hidden === '\ufe0e' || hidden === '\ufe0f';
  const isJoiner = hidden === '\u200c' || hidden === '\u200d';
  if (!isVariation && !isJoiner) return false;
  const before = [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? '';
  if (isVariation) return /\p{Emoji}|\u20e3/u.test(before);
  return /\ufe0f|[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{L}\p{M}]/u.test(before) && !NEVER_JOINED.test(before);
}

/** @param {string} character */
const numberOf = (character) =>
  `[U+${/** @type {number} */ (character.codePointAt(0)).toString(16).toUpperCase().padStart(4, '0')}]`;
