// @ts-check
// The signaling messages: text of the form `/command|senderId|arg…`, or directed to one peer, `/to|targetId|/command|senderId|arg…`. This is their
// only parser in JavaScript: the book's stage uses it too (`book/stage/wire.js`). Pure.
//
// May import: nothing.

/** How the server's greeting begins. After a `|` it carries, as JSON, the server's limits, its ICE servers, and the resume token, which proves who owns an id. */
export const GREETING = 'primus::hello';

/**
 * A message in parts. The payload is not parsed: the instruments look at thousands of messages, and need the payload of few.
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
 * Takes a message apart, without parsing its payload.
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
 * Parses a message.
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
 * Creates a message to the whole room.
 * @param {string} command
 * @param {string} sender
 * @param {unknown[]} args
 */
export const encodeMessage = (command, sender, args) => [`/${command}`, sender, ...args.map(encodeValue)].join('|');

/**
 * Directs a message to one peer.
 * @param {string} target
 * @param {string} message
 */
export const directed = (target, message) => `/to|${target}|${message}`;

/** Its size on the wire, in bytes. @param {string} message */
export const sizeOf = (message) => new TextEncoder().encode(message).length;

/**
 * Strings that are written as JSON, because a receiver would otherwise read another value: the empty string; what is or begins like JSON;
 * numbers, in JSON's grammar or the original library's; strings with a separator, or with a lone surrogate, which no WebSocket carries.
 */
const AMBIGUOUS =
  /^$|[|\p{Surrogate}]|^[ \t\n\r]*(?:[{["]|(?:-?\d+\.?\d*(?:[eE][-+]?\d+)?|true|false|null)[ \t\n\r]*$)/u;

/**
 * Receivers split a message at every `|`, so a `|` in a value is escaped. `encoding.json` has examples, which the client in Rust follows as well.
 * Original clients parse a value twice, so that the string "42" is a number there, as it is when one of them sends it.
 * @param {unknown} value
 */
function encodeValue(value) {
  if (typeof value === 'string' && !AMBIGUOUS.test(value)) return value;
  return (JSON.stringify(value) ?? '').replaceAll('|', '\\u007c');
}

/** @param {string[]} fields */
function parseFields(fields) {
  // Original clients don't escape `|`. Most of their messages carry one object: if the fields are JSON when joined, the `|` belongs to it.
  if (fields.length > 1 && /^[{[]/.test(fields[0])) {
    const whole = parseValue(fields.join('|'));
    if (typeof whole === 'object') return [whole];
  }
  return fields.map(parseValue);
}

/**
 * Parses one argument: JSON if it is that, otherwise a string; undefined if it is empty.
 * @param {string} text
 * @returns {any}
 */
export function parseValue(text) {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
