// @ts-check
// The wire: text frames `/command|senderId|arg…`, or directed, `/to|targetId|/command|senderId|arg…`. Parse and encode, nothing else.

/**
 * @typedef {object} Frame
 * @property {string} command lower case, without its slash
 * @property {string} sender the id of the peer that speaks; empty for frames of the server itself
 * @property {any[]} args each parsed if it is JSON
 * @property {string | undefined} target the peer a directed frame is for
 */

/**
 * @param {unknown} text what arrived
 * @returns {Frame | undefined} undefined for whatever is not a frame, such as the server's greeting
 */
export function parseFrame(text) {
  if (typeof text !== 'string' || !text.startsWith('/')) return undefined;
  let target;
  let rest = text;
  if (text.startsWith('/to|')) {
    const end = text.indexOf('|', 4);
    if (end < 0 || text[end + 1] !== '/') return undefined;
    target = text.slice(4, end);
    rest = text.slice(end + 1);
  }
  const [command, sender = '', ...fields] = rest.split('|');
  const fromServer = sender.startsWith('{');
  if (fromServer) fields.unshift(sender);
  return {
    command: command.slice(1).toLowerCase(),
    sender: fromServer ? '' : sender,
    args: parseFields(fields),
    target,
  };
}

/**
 * @param {string} command
 * @param {string} sender
 * @param {unknown[]} args
 */
export const encodeFrame = (command, sender, args) => [`/${command}`, sender, ...args.map(encodeValue)].join('|');

/**
 * @param {string} target
 * @param {string} frame
 */
export const directed = (target, frame) => `/to|${target}|${frame}`;

/** The command of a frame, with its slash. @param {string} frame */
export const commandOf = (frame) => /(?<=^|^\/to\|[^|]*\|)\/(?!to\|)[^|]*/.exec(frame)?.[0] ?? frame;

/** Its bytes on the way. @param {string} frame */
export const sizeOf = (frame) => new TextEncoder().encode(frame).length;

/**
 * Strings that are written as JSON, because a receiver would read something else: nothing; JSON, whole or begun; a number, in the original's
 * grammar or in that of JSON; a string with a separator, or with half a surrogate pair, which no WebSocket carries.
 */
const AMBIGUOUS =
  /^$|[|\p{Surrogate}]|^[ \t\n\r]*(?:[{["]|(?:-?\d+\.?\d*(?:[eE][-+]?\d+)?|true|false|null)[ \t\n\r]*$)/u;

/**
 * Receivers split a frame at every `|`, so none stands in a value. `encoding.json` has examples, which the client in Rust follows as well. An
 * original client parses what it has parsed once more, so that "42" is a number there, as it is from one of its own.
 * @param {unknown} value
 */
function encodeValue(value) {
  if (typeof value === 'string' && !AMBIGUOUS.test(value)) return value;
  return (JSON.stringify(value) ?? '').replaceAll('|', '\\u007c');
}

/** @param {string[]} fields */
function parseFields(fields) {
  // The original escapes nothing: a `|` inside the one object that most frames carry is not a separator.
  if (fields.length > 1 && /^[{[]/.test(fields[0])) {
    const whole = parseValue(fields.join('|'));
    if (typeof whole === 'object') return [whole];
  }
  return fields.map(parseValue);
}

/** @param {string} text @returns {any} */
export function parseValue(text) {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
