// @ts-check
// The rooms that the text of a demo names, and the same text in the rooms of a pair: `room: 'chat'` becomes `room: 'amber-otter/chat'`. Pure.
//
// A room is named by a string behind `room:` or `room =`. Comments and other strings are passed over, so that nothing changes but what names a
// room. A text that makes its room's name in another way is left as it is.
//
// May import: nothing.

/** Two words of lower case, as the server makes them: nothing that could end a string or an address. */
const PAIR = /^[a-z]{2,20}-[a-z]{2,20}$/;

/** Comments; a room up to the quotation mark of its name; other strings. Each is read once, also one that is never closed. */
const PARTS =
  /\/\/[^\n]*|\/\*(?:.*?\*\/|.*)|(?<![\w$])(["']?)room\1\s*[:=]\s*(?=["'`])|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\.)*`?/gs;
/** The name of a room, with its quotation marks. */
const NAME = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/sy;

/** Whether this can be the name of a pair. @param {unknown} text @returns {text is string} */
export const isPair = (text) => typeof text === 'string' && PAIR.test(text);

/**
 * The name of a pair as somebody typed its two words; undefined if it can't be one.
 * @param {string} text
 */
export function pairTyped(text) {
  const name = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, '-');
  return isPair(name) ? name : undefined;
}

/**
 * The text with its rooms in a pair. One that is there already stays.
 * @param {string} code
 * @param {string} pair
 */
export function withPair(code, pair) {
  const begin = beginningOf(pair);
  return changed(code, (name) => (name.startsWith(begin) ? name : begin + name));
}

/**
 * The text with its rooms out of the pair.
 * @param {string} code
 * @param {string} pair
 */
export function withoutPair(code, pair) {
  const begin = beginningOf(pair);
  return changed(code, (name) => (name.startsWith(begin) ? name.slice(begin.length) : name));
}

/** The names of the rooms in a text, as they are written there. @param {string} code */
export const roomsIn = (code) => placesIn(code).map(({ name }) => name);

/** @param {string} pair */
function beginningOf(pair) {
  if (!isPair(pair)) throw new TypeError(`${pair} is no name of a pair`);
  return `${pair}/`;
}

/** @param {string} code @param {(name: string) => string} change */
function changed(code, change) {
  let text = '';
  let end = 0;
  for (const { at, name } of placesIn(code)) {
    text += code.slice(end, at) + change(name);
    end = at + name.length;
  }
  return text + code.slice(end);
}

/** Where the names of rooms stand. @param {string} code @returns {{ at: number, name: string }[]} */
function placesIn(code) {
  const places = [];
  PARTS.lastIndex = 0;
  for (let part = PARTS.exec(code); part; part = PARTS.exec(code)) {
    // Only of a room is the quotation mark in front a group, perhaps an empty one.
    if (part[1] === undefined) continue;
    NAME.lastIndex = PARTS.lastIndex;
    const name = NAME.exec(code);
    if (!name) continue;
    places.push({ at: name.index + 1, name: name[0].slice(1, -1) });
    PARTS.lastIndex = NAME.lastIndex;
  }
  return places;
}
