// @ts-check
// What the “NATs” panel makes of what the server tells of a lab, or a file, which may come from anybody.

import assert from 'node:assert/strict';
import test from 'node:test';
import { labOf } from '../../../book/stage/instruments/model/lab-report.js';
import {
  dropNote,
  dropRows,
  kindOf,
  mappingNote,
  mappingRows,
  summaryOfLab,
  wayOut,
} from '../../../book/stage/instruments/model/lab-words.js';

const SYMMETRIC = {
  mapping: 'address-and-port-dependent',
  filtering: 'address-and-port-dependent',
  port_preservation: true,
  hairpinning: true,
  timeout: 120,
  inbound_refresh: false,
};
const MAPPING = {
  inside: '10.0.0.2:5000',
  outside: '203.0.113.1:20000',
  toward: '203.0.113.2:5000',
  permitted: ['203.0.113.2:5000'],
  more_permitted: 0,
  seconds: 2.2,
  seconds_left: 117.8,
};
const DROP = {
  number: 7,
  at: 0.12345,
  by: 'b',
  from: '203.0.113.2:5000',
  to: '203.0.113.1:5000',
  length: 96,
  protocol: 'stun',
  summary: 'Binding request',
  reason: 'filtered',
  why: 'from 203.0.113.1:5000 nothing was sent to 203.0.113.2:5000',
};
const NOTHING = { passed: 0, dropped: 0, drops: [] };

/** A report with a NAT of A. @param {object} changed of the NAT */
const reportWith = (changed) => ({
  seconds: 3.5,
  a: { inside: '10.0.0.2:5000', locked: true },
  b: { inside: '203.0.113.2:5000', locked: false },
  nats: [
    {
      ...NOTHING,
      name: 'a',
      outside: '203.0.113.1',
      behaviour: SYMMETRIC,
      mappings: [MAPPING],
      more_mappings: 0,
      ...changed,
    },
  ],
  internet: NOTHING,
});

/** @param {object} changed */
function natWith(changed) {
  const nat = labOf(reportWith(changed))?.nats[0];
  assert.ok(nat);
  return nat;
}

test('the kind of a NAT is said in words', () => {
  const said = new Map(kindOf(natWith({})));
  assert.match(said.get('Mapping') ?? '', /^address and port-dependent: an outside port for each/);
  assert.match(said.get('Filtering') ?? '', /lets in addresses and ports that were sent to/);
  assert.equal(said.get('Old name'), 'symmetric');
  assert.match(said.get('Hairpinning') ?? '', /^yes/);
  assert.equal(said.get('A mapping ends'), '120 s after the last packet out');
  const other = { ...SYMMETRIC, filtering: 'address-dependent', hairpinning: false, inbound_refresh: true, timeout: 5 };
  const kind = new Map(kindOf(natWith({ behaviour: other })));
  assert.equal(kind.has('Old name'), false);
  assert.match(kind.get('Hairpinning') ?? '', /^no/);
  assert.equal(kind.get('A mapping ends'), '5 s after the last packet out or in');
});

test('a mapping says what it is for, whom it lets in, and when it ends', () => {
  assert.deepEqual(mappingRows(natWith({})), [
    ['10.0.0.2:5000', '203.0.113.1:20000', '203.0.113.2:5000', '203.0.113.2:5000', '2 s', '118 s'],
  ]);
  const open = { ...MAPPING, toward: null, permitted: [null], more_permitted: 3 };
  const [[, , toward, permitted]] = mappingRows(natWith({ mappings: [open] }));
  assert.deepEqual([toward, permitted], ['anybody', 'anybody, and 3 earlier ones']);
});

test('a dropped packet says from whom it came, to whom it went, what it was and why, the newest first', () => {
  const newer = { ...DROP, number: 8, by: 'stun', protocol: 'dtls', reason: 'no-mapping', why: 'nobody uses it' };
  assert.deepEqual(dropRows(natWith({ dropped: 2, drops: [DROP, newer] })), [
    [
      '8',
      '0.123 s',
      'STUN and TURN server',
      '203.0.113.2:5000',
      '203.0.113.1:5000',
      'DTLS: Binding request, 96 bytes',
      'No mapping: nobody uses it',
    ],
    [
      '7',
      '0.123 s',
      'B',
      '203.0.113.2:5000',
      '203.0.113.1:5000',
      'STUN: Binding request, 96 bytes',
      'Filtered: from 203.0.113.1:5000 nothing was sent to 203.0.113.2:5000',
    ],
  ]);
});

test('what is not shown is counted, and an empty table says so', () => {
  assert.equal(mappingNote(natWith({})), '');
  assert.equal(mappingNote(natWith({ more_mappings: 1 })), '1 earlier mapping not shown.');
  assert.match(mappingNote(natWith({ mappings: [] })), /^No mapping/);
  assert.equal(dropNote(natWith({})), 'Nothing was dropped.');
  assert.equal(dropNote(natWith({ dropped: 1, drops: [DROP] })), '');
  assert.equal(dropNote(natWith({ dropped: 1_002, drops: [DROP, DROP] })), '1,000 earlier packets not shown.');
});

test('the way out of a host goes through its own NAT and that of the carrier', () => {
  const report = reportWith({ passed: 1_200, dropped: 3 });
  const [nat] = report.nats;
  const lab = labOf({ ...report, nats: [{ ...nat, name: 'carrier', outside: '203.0.113.100' }, nat] });
  assert.ok(lab);
  const titles = (/** @type {'a' | 'b'} */ side) => wayOut(lab, side).map(({ title }) => title);
  assert.deepEqual(titles('a'), ['Host A', 'NAT of A', 'NAT of the carrier', 'Internet']);
  assert.deepEqual(titles('b'), ['Host B', 'NAT of the carrier', 'Internet']);
  assert.deepEqual(wayOut(lab, 'a')[1], {
    title: 'NAT of A',
    at: '203.0.113.1',
    states: ['1 mapping', '1,200 passed', '3 dropped'],
  });
  assert.equal(summaryOfLab(lab), 'NAT of A: 1 mapping. NAT of the carrier: 1 mapping. Checks of A arrive.');
});

test('a lab that was saved is the same when it is opened', () => {
  const lab = labOf(reportWith({ dropped: 1, drops: [DROP] }));
  assert.deepEqual(labOf(JSON.parse(JSON.stringify(lab))), lab);
});

test('what a file says in place of a lab is no lab, or has nothing in it that is not text or a number', () => {
  for (const report of [undefined, null, 7, 'lab', [], {}, { nats: 'a' }]) assert.equal(labOf(report), undefined);
  const odd = { toString: () => 'odd' };
  const lab = labOf({
    seconds: Infinity,
    a: 7,
    nats: [null, { name: 'x' }, { name: 'a', outside: odd, behaviour: 7, mappings: [null, 7], drops: [odd] }],
    internet: null,
  });
  assert.ok(lab);
  const [nat] = lab.nats;
  assert.deepEqual([lab.seconds, lab.a.inside, lab.nats.length, nat.outside], [0, '', 1, '']);
  assert.equal(nat.mappings.length, 2);
  const cells = [...mappingRows(nat), ...dropRows(nat), ...kindOf(nat)].flat();
  for (const cell of cells) assert.equal(typeof cell, 'string');
});

test('lists and texts of a file have bounds', () => {
  const word = 'x'.repeat(10_000);
  const mapping = { ...MAPPING, inside: word, permitted: new Array(1_000).fill(word) };
  const lab = labOf({
    nats: new Array(50).fill({ name: 'a', mappings: new Array(1_000).fill(mapping), drops: new Array(1_000) }),
  });
  assert.ok(lab);
  assert.equal(lab.nats.length, 1, 'a name stands once');
  const [{ mappings, drops }] = lab.nats;
  assert.deepEqual([mappings.length, drops.length, mappings[0].permitted.length], [64, 64, 8]);
  assert.ok(JSON.stringify(lab).length < 100_000);
});
