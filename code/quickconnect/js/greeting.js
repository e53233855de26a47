// @ts-check
// What the signaling server says of itself in its greeting, as far as it makes sense: it comes from outside. Pure.
//
// May import: protocol.js.

import { GREETING, parseValue } from './protocol.js';

/** The longest ping period, in s, and the smallest message limit, in bytes, that are accepted from a server. */
const LONGEST_PERIOD = 600;
export const SMALLEST_LIMIT = 1_024;
/** How many ICE servers, and how many characters of all that is said of them, are accepted. */
const MAX_ICE_SERVERS = 8;
const MAX_ICE_SERVER_CHARACTERS = 4_096;

/**
 * @typedef {object} Greeting
 * @property {number} [pingSeconds] between two pings
 * @property {number} [maxFrameBytes] the largest message that the server takes
 * @property {RTCIceServer[]} iceServers for whoever names none
 */

/** @param {string} text a frame that begins as a greeting does @returns {Greeting} */
export function readGreeting(text) {
  const { pingSeconds, maxFrameBytes, iceServers } = parseValue(text.slice(GREETING.length + 1)) ?? {};
  return {
    pingSeconds:
      Number.isFinite(pingSeconds) && pingSeconds > 0 && pingSeconds <= LONGEST_PERIOD ? pingSeconds : undefined,
    maxFrameBytes: Number.isInteger(maxFrameBytes) && maxFrameBytes >= SMALLEST_LIMIT ? maxFrameBytes : undefined,
    iceServers: readServers(iceServers),
  };
}

/** All of them, or none if there are more than anybody needs, or if one is of no use: a peer connection would refuse them all. @param {unknown} given */
function readServers(given) {
  if (!Array.isArray(given) || given.length > MAX_ICE_SERVERS) return [];
  const texts = given.flatMap((server) => [server?.urls, server?.username ?? '', server?.credential ?? '']).flat();
  const areTexts = texts.every((text) => typeof text === 'string');
  return areTexts && texts.join('').length <= MAX_ICE_SERVER_CHARACTERS ? given : [];
}
