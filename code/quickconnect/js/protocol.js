// @ts-check
// The signaling messages, called messages: text of the form `/command|senderId|arg…`, or directed, `/to|targetId|/command|senderId|arg…`.
// The only reader of them in JavaScript: the book's stage uses it as well (`book/stage/wire.js`). Pure; imports nothing.

/** How the server's greeting begins. Behind a `|` it carries, as JSON, the server's limits and the token that proves whose an id is. */
export const GREETING = 'primus::hello';

/**
 * A message, taken apart. Its payload is not parsed yet: whoever looks at thousands of messages needs that of few.
 * @typedef {object} Envelope
 * @property {string} command lower case, without its slash
 * @property {string} sender the id of the peer that sent it; empty for messages of the server itself
 * @property {string | undefined} target the peer that a directed message is for
 * @property {string | undefined} payload all arguments, as they were sent; undefined if the message ends before them
 */

/**
 * A message with its arguments.
 * @typedef {object} Message
 * @property {string} command
 * @property {string} sender
 * @property {string | undefined} target
 * @property {any[]} args each parsed if it is JSON
 */

/**
 * @param {unknown} text what arrived, or is about to be sent
 * @returns {Envelope | undefined} undefined for whatever is not a message, such as the server's greeting
 */
export function splitMessage(text) {
  if (typeof text !== 'string' || !text.startsWith('/')) return undefined;
  let target;
  let rest = text;
  if (text.startsWith('/to|')) {
    const end = text.indexOf('|', 4);
    if (end < 0 || text[end + 1] !== '/') return undefined;
    target = text.slice(4, end);
    rest = text.slice(end + 1);
  }
  const [, command, sender = '', payload] = /** @type {string[]} */ (
    /^\/([^|]*)(?:\|(?!{)([^|]*))?(?:\|(.*))?$/s.exec(rest)
  );
  return { command: command.toLowerCase(), sender, target, payload };
}

/**
 * @param {unknown} text what arrived
 * @returns {Message | undefined} undefined for whatever is not a message
 */
export function parseMessage(text) {
  const envelope = splitMessage(text);
  if (!envelope) return undefined;
  const { payload, ...rest } = envelope;
  return { ...rest, args: payload === undefined ? [] : parseFields(payload.split('|')) };
}

/**
 * @param {string} command
 * @param {string} sender
 * @param {unknown[]} args
 */
export const encodeMessage = (command, sender, args) => [`/${command}`, sender, ...args.map(encodeValue)].join('|');

/**
 * @param {string} target
 * @param {string} message
 */
export const directed = (target, message) => `/to|${target}|${message}`;

/** Its bytes on the way. @param {string} message */
export const sizeOf = (message) => new TextEncoder().encode(message).length;

/**
 * Strings that are written as JSON, because a receiver would read something else: nothing; JSON, whole or begun; a number, in the original's
 * grammar or in that of JSON; a string with a separator, or with half a surrogate pair, which no WebSocket carries.
 */
const AMBIGUOUS =
  /^$|[|\p{Surrogate}]|^[ \t\n\r]*(?:[{["]|(?:-?\d+\.?\d*(?:[eE][-+]?\d+)?|true|false|null)[ \t\n\r]*$)/u;

/**
 * Receivers split a message at every `|`, so none stands in a value. `encoding.json` has examples, which the client in Rust follows as well. An
 * original client parses what it has parsed once more, so that "42" is a number there, as it is from one of its own.
 * @param {unknown} value
 */
function encodeValue(value) {
  if (typeof value === 'string' && !AMBIGUOUS.test(value)) return value;
  return (JSON.stringify(value) ?? '').replaceAll('|', '\\u007c');
}

/** @param {string[]} fields */
function parseFields(fields) {
  // The original escapes nothing: a `|` inside the one object that most messages carry is not a separator.
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
