// @ts-check
// A NAT lab in the words of the “NATs” panel. Pure.
//
// May import: protocols.js.

import { PROTOCOLS } from './protocols.js';

/** @typedef {import('./lab-report.js').Lab} Lab */
/** @typedef {import('./lab-report.js').Nat} Nat */
/** @typedef {import('./lab-report.js').Tally} Tally */

/** @type {Record<string, string>} */
const NATS = { a: 'NAT of A', b: 'NAT of B', carrier: 'NAT of the carrier' };

/** RFC 4787, section 4.1. @type {Record<string, string>} */
const MAPPINGS = {
  'endpoint-independent': 'endpoint-independent: one outside port, whoever is sent to',
  'address-dependent': 'address-dependent: an outside port for each address that is sent to',
  'address-and-port-dependent': 'address and port-dependent: an outside port for each address and port that is sent to',
};

/** RFC 4787, section 5. @type {Record<string, string>} */
const FILTERINGS = {
  'endpoint-independent': 'endpoint-independent: lets in anybody',
  'address-dependent': 'address-dependent: lets in addresses that were sent to',
  'address-and-port-dependent': 'address and port-dependent: lets in addresses and ports that were sent to',
};

/** The names of RFC 3489, by mapping and filtering. */
const OLD_NAMES = new Map([
  ['endpoint-independent endpoint-independent', 'full cone'],
  ['endpoint-independent address-dependent', 'restricted cone'],
  ['endpoint-independent address-and-port-dependent', 'port restricted cone'],
  ['address-and-port-dependent address-and-port-dependent', 'symmetric'],
]);

/** Why a packet was dropped. */
const REASONS = new Map([
  ['no-mapping', 'No mapping'],
  ['expired', 'Mapping has ended'],
  ['filtered', 'Filtered'],
  ['no-hairpinning', 'No hairpinning'],
  ['full', 'Table is full'],
  ['family', 'Another family of addresses'],
  ['no-route', 'For nobody'],
]);

/** @type {Record<string, string>} */
const SENDERS = { a: 'A', b: 'B', stun: 'STUN and TURN server' };

export const MAPPING_HEADS = ['Inside', 'Outside', 'For packets to', 'Lets in', 'Age', 'Ends in'];
export const DROP_HEADS = ['No.', 'At', 'Sent by', 'From', 'To', 'What', 'Why'];

/** @param {Nat} nat */
export const nameOfNat = ({ name }) => NATS[name];

/** What kind of NAT it is: terms, and what is said of each. @param {Nat} nat @returns {[string, string][]} */
export function kindOf({ behaviour }) {
  const { mapping, filtering, port_preservation, hairpinning, timeout, inbound_refresh } = behaviour;
  const oldName = OLD_NAMES.get(`${mapping} ${filtering}`);
  return [
    ['Mapping', MAPPINGS[mapping] ?? mapping],
    ['Filtering', FILTERINGS[filtering] ?? filtering],
    ...(oldName ? [/** @type {[string, string]} */ (['Old name', oldName])] : []),
    ['Outside port', port_preservation ? 'that of the inside, while it is free' : 'one of its own choice'],
    [
      'Hairpinning',
      hairpinning ? 'yes: what is for its own address comes back in' : 'no: drops what is for its own address',
    ],
    ['A mapping ends', `${seconds(timeout)} after the last packet ${inbound_refresh ? 'out or in' : 'out'}`],
  ];
}

/** The rows of a NAT's table, the newest last. @param {Nat} nat @returns {string[][]} */
export const mappingRows = ({ mappings }) =>
  mappings.map((mapping) => [
    mapping.inside,
    mapping.outside,
    mapping.toward ?? 'anybody',
    permittedOf(mapping),
    seconds(mapping.seconds),
    seconds(mapping.seconds_left),
  ]);

/** @param {import('./lab-report.js').Mapping} mapping */
function permittedOf({ permitted, more_permitted }) {
  const shown = permitted.map((remote) => remote ?? 'anybody').join(', ');
  return more_permitted > 0 ? `${shown}, and ${count(more_permitted, 'earlier one')}` : shown;
}

/** What is said below a NAT's table: that there is nothing in it, or more than is shown. @param {Nat} nat */
export function mappingNote({ mappings, more_mappings }) {
  if (more_mappings > 0) return `${count(more_mappings, 'earlier mapping')} not shown.`;
  return mappings.length === 0 ? 'No mapping: nobody inside has sent anything, or all mappings have ended.' : '';
}

/** Dropped packets, the newest first. @param {Tally} tally @returns {string[][]} */
export const dropRows = ({ drops }) =>
  drops
    .map(({ number, at, by, from, to, length, protocol, summary, reason, why }) => [
      String(number),
      `${at.toFixed(3)} s`,
      SENDERS[by] ?? by,
      from,
      to,
      `${PROTOCOLS.get(protocol) ?? 'Unknown'}: ${summary}, ${count(length, 'byte')}`,
      `${REASONS.get(reason) ?? reason}: ${why}`,
    ])
    .reverse();

/** @param {Tally} tally */
export function dropNote({ dropped, drops }) {
  if (dropped === 0) return 'Nothing was dropped.';
  const more = dropped - drops.length;
  return more > 0 ? `${count(more, 'earlier packet')} not shown.` : '';
}

/** @typedef {{ title: string, at: string, states: string[] }} Stop on the way of a host's packets */

/** The way out of a host, from itself to the internet. @param {Lab} lab @param {import('./lab-report.js').Side} side @returns {Stop[]} */
export function wayOut(lab, side) {
  const host = lab[side];
  const nats = lab.nats.filter(({ name }) => name === side || name === 'carrier');
  return [
    {
      title: `Host ${SENDERS[side]}`,
      at: host.inside,
      states: [host.locked ? 'its checks arrive' : 'not heard of yet'],
    },
    ...nats.map((nat) => ({
      title: NATS[nat.name],
      at: nat.outside,
      states: [mappingsOf(nat), `${written(nat.passed)} passed`, `${written(nat.dropped)} dropped`],
    })),
    { title: 'Internet', at: '', states: [`${written(lab.internet.dropped)} for nobody`] },
  ];
}

/** The lab in one sentence, which changes less often than its numbers. @param {Lab} lab */
export function summaryOfLab(lab) {
  const nats = lab.nats.map((nat) => `${NATS[nat.name]}: ${mappingsOf(nat)}.`);
  const heard = [lab.a.locked ? 'A' : '', lab.b.locked ? 'B' : ''].filter(Boolean).join(' and ');
  return [...nats, heard ? `Checks of ${heard} arrive.` : 'No check of a host has arrived yet.'].join(' ');
}

/** @param {Nat} nat */
const mappingsOf = ({ mappings, more_mappings }) => count(mappings.length + more_mappings, 'mapping');

/** @param {number} number @param {string} what */
const count = (number, what) => `${written(number)} ${what}${number === 1 ? '' : 's'}`;

/** @param {number} time */
export const seconds = (time) => `${written(Math.round(time))} s`;

/** @param {number} number */
const written = (number) => number.toLocaleString('en');
