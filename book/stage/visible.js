// @ts-check
// Makes hidden characters visible in text that a peer chose (ids, rooms, messages, errors), before it is shown. Pure.
//
// Characters that are invisible or change the order of their neighbours are replaced by their code point, as in `[U+202E]`. Otherwise two
// different ids could look alike, and one message like another (Unicode Technical Report 36, section 2.5).
//
// May import: nothing.

/**
 * Control characters, default ignorable code points (https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point), line and
 * paragraph separators, lone surrogates, and interlinear annotations.
 */
const HIDDEN = /[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}\ufff9-\ufffb]/gu;

/** Scripts in which joiners have no effect, so that they would only make two different words look alike. */
const NEVER_JOINED = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u;

/**
 * For text of several lines, such as console output: line feeds and tabs are kept, and carriage returns before a line feed, as in SDP.
 * @param {string} text
 */
export const visible = (text) =>
  replace(text, (hidden, at) => hidden === '\n' || hidden === '\t' || (hidden === '\r' && text[at + 1] === '\n'));

/**
 * For text of one line, such as an id, a room or a label: line feeds and tabs are replaced as well.
 * @param {string} text
 */
export const visibleLine = (text) => replace(text, () => false);

/** @param {string} text @param {(hidden: string, at: number) => boolean} isLayout */
const replace = (text, isLayout) =>
  text.replaceAll(HIDDEN, (hidden, at) =>
    isLayout(hidden, at) || isPartOfCharacter(hidden, at, text) ? hidden : numberOf(hidden),
  );

/**
 * Whether a hidden character belongs to the visible one before it: a variation selector of an emoji, or a joiner in an emoji or in a joining script.
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
