// @ts-check
// The wire: text frames `/command|senderId|arg…`, or directed, `/to|targetId|/command|senderId|arg…`. Parse and encode, nothing else.

/**
 * @typedef {object} Frame
 * @property {string} command lower case, without its slash
 * @property {string} sender the id of the peer that speaks; empty for frames of the server itself
 * @property {any} data the first argument, parsed if it is JSON
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
  const [command, sender = '', ...args] = rest.split('|');
  const fromServer = sender.startsWith('{');
  // Whatever follows the sender is one JSON value: a `|` inside it is not a separator.
  const json = fromServer ? [sender, ...args].join('|') : args.join('|');
  return { command: command.slice(1).toLowerCase(), sender: fromServer ? '' : sender, data: parseValue(json), target };
}

/**
 * @param {string} command
 * @param {string} sender
 * @param {object} [data]
 */
export function encodeFrame(command, sender, data) {
  return data === undefined ? `/${command}|${sender}` : `/${command}|${sender}|${encodeValue(data)}`;
}

/**
 * @param {string} target
 * @param {string} frame
 */
export const directed = (target, frame) => `/to|${target}|${frame}`;

/** Other clients split a frame at every `|`, so none may stand in the JSON. @param {object} data */
const encodeValue = (data) => JSON.stringify(data).replaceAll('|', '\\u007c');

/** @param {string} text */
function parseValue(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
