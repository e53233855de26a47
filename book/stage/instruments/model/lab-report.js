// @ts-check
// What the server tells of a NAT lab (server/src/line/lab/report.rs), validated, because a saved one may come from anybody. Pure.
//
// May import: nothing.

/** NATs of a lab, and of each the mappings, of each mapping those that are let in, and the dropped packets: as many as the server tells. */
const MAX_NATS = 3;
const MAX_MAPPINGS = 64;
const MAX_PERMITTED = 8;
const MAX_DROPS = 64;
/** Characters of an endpoint, a word or a name, and of a sentence. */
const MAX_WORD = 100;
const MAX_SENTENCE = 300;

/** Which NATs there are, in the order in which they are shown. */
const NAMES = ['a', 'b', 'carrier'];

/** @typedef {'a' | 'b'} Side */

/**
 * One row of a NAT's table. Endpoints are texts, `10.0.0.2:5000`.
 * @typedef {object} Mapping
 * @property {string} inside
 * @property {string} outside
 * @property {string | null} toward what of the remote endpoint it is for; null for all
 * @property {(string | null)[]} permitted who is let in, the newest; null for anybody
 * @property {number} more_permitted how many are not among these
 * @property {number} seconds since it was made
 * @property {number} seconds_left until it ends, if nothing refreshes it
 */

/**
 * A packet that was dropped, with the addresses that it had there.
 * @typedef {object} Drop
 * @property {number} number of the packet in the lab
 * @property {number} at in s since the lab was opened
 * @property {string} by `a`, `b`, or `stun`, the server of STUN and TURN
 * @property {string} from
 * @property {string} to
 * @property {number} length in bytes
 * @property {string} protocol
 * @property {string} summary what it says
 * @property {string} reason in one word
 * @property {string} why in a sentence
 */

/** @typedef {{ passed: number, dropped: number, drops: Drop[] }} Tally of packets; `drops` are the newest, in their order */

/**
 * @typedef {object} Behaviour
 * @property {string} mapping
 * @property {string} filtering
 * @property {boolean} port_preservation
 * @property {boolean} hairpinning
 * @property {number} timeout in s
 * @property {boolean} inbound_refresh
 */

/** @typedef {Tally & { name: string, outside: string, behaviour: Behaviour, mappings: Mapping[], more_mappings: number }} Nat */

/** @typedef {{ inside: string, locked: boolean }} Host `locked`: a check of it has come whose integrity verifies */

/**
 * A lab as it was at one time.
 * @typedef {object} Lab
 * @property {number} seconds since it was opened
 * @property {Host} a
 * @property {Host} b
 * @property {Nat[]} nats
 * @property {Tally} internet what the network between the NATs has dropped
 */

/** @param {any} report @returns {Lab | undefined} undefined if it is none */
export function labOf(report) {
  if (!Array.isArray(report?.nats)) return undefined;
  const nats = listOf(report.nats, MAX_NATS)
    .filter((nat) => NAMES.includes(nat?.name))
    .map(natOf);
  return {
    seconds: numberOf(report.seconds),
    a: hostOf(report.a),
    b: hostOf(report.b),
    nats: NAMES.flatMap((name) => nats.find((nat) => nat.name === name) ?? []),
    internet: tallyOf(report.internet),
  };
}

/** @param {any} nat @returns {Nat} */
function natOf(nat) {
  const { mapping, filtering, port_preservation, hairpinning, timeout, inbound_refresh } = nat.behaviour ?? {};
  return {
    ...tallyOf(nat),
    name: nat.name,
    outside: wordOf(nat.outside),
    behaviour: {
      mapping: wordOf(mapping),
      filtering: wordOf(filtering),
      port_preservation: port_preservation === true,
      hairpinning: hairpinning === true,
      timeout: numberOf(timeout),
      inbound_refresh: inbound_refresh === true,
    },
    mappings: listOf(nat.mappings, MAX_MAPPINGS).map(mappingOf),
    more_mappings: numberOf(nat.more_mappings),
  };
}

/** @param {any} mapping @returns {Mapping} */
const mappingOf = (mapping) => ({
  inside: wordOf(mapping?.inside),
  outside: wordOf(mapping?.outside),
  toward: remoteOf(mapping?.toward),
  permitted: listOf(mapping?.permitted, MAX_PERMITTED).map(remoteOf),
  more_permitted: numberOf(mapping?.more_permitted),
  seconds: numberOf(mapping?.seconds),
  seconds_left: numberOf(mapping?.seconds_left),
});

/** @param {any} tally @returns {Tally} */
const tallyOf = (tally) => ({
  passed: numberOf(tally?.passed),
  dropped: numberOf(tally?.dropped),
  drops: listOf(tally?.drops, MAX_DROPS).map(dropOf),
});

/** @param {any} drop @returns {Drop} */
const dropOf = (drop) => ({
  number: numberOf(drop?.number),
  at: numberOf(drop?.at),
  by: wordOf(drop?.by),
  from: wordOf(drop?.from),
  to: wordOf(drop?.to),
  length: numberOf(drop?.length),
  protocol: wordOf(drop?.protocol),
  summary: textOf(drop?.summary, MAX_SENTENCE),
  reason: wordOf(drop?.reason),
  why: textOf(drop?.why, MAX_SENTENCE),
});

/** @param {any} host @returns {Host} */
const hostOf = (host) => ({ inside: wordOf(host?.inside), locked: host?.locked === true });

/** @param {unknown} remote */
const remoteOf = (remote) => (remote === null ? null : wordOf(remote));

/** The last ones of a list, also of one with holes. @param {unknown} list @param {number} most @returns {any[]} */
const listOf = (list, most) => (Array.isArray(list) ? Array.from(list.slice(-most)) : []);

/** @param {unknown} text */
const wordOf = (text) => textOf(text, MAX_WORD);

/** @param {unknown} text @param {number} most */
const textOf = (text, most) => (typeof text === 'string' ? text.slice(0, most) : '');

/** A number that is not negative. @param {unknown} value */
const numberOf = (value) => (typeof value === 'number' && Number.isFinite(value) ? Math.max(0, value) : 0);
