// Who reaches whom: what a page does when it is asked to try, and what the host reads of it.

import assert from 'node:assert/strict';
import test from 'node:test';
import { toldIn } from '../../../book/stage/host/host-view.js';
import { reachRows, sentenceOf, wayBetween } from '../../../book/stage/host/reach-words.js';
import { createReach } from '../../../book/stage/workshop/reach.js';
import { forMessage } from '../../../book/stage/workshop/reach-description.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A connection that finds all addresses at once, and connects when a test says so. */
class Connection extends EventTarget {
  iceGatheringState = 'complete';
  connectionState = 'new';
  localDescription = null;
  remote = [];
  isClosed = false;
  channel = new EventTarget();
  createDataChannel(_label, options) {
    assert.deepEqual(options, { negotiated: true, id: 0 });
    return this.channel;
  }
  async setLocalDescription() {
    this.localDescription = { sdp: `v=0\r\no=${this.remote.length > 0 ? 'answer' : 'offer'}\r\n` };
  }
  async setRemoteDescription(description) {
    if (!description.sdp.startsWith('v=0')) throw new TypeError('no description');
    this.remote.push(description);
  }
  close() {
    this.isClosed = true;
  }
  opens() {
    this.channel.dispatchEvent(new Event('open'));
  }
  fails() {
    this.connectionState = 'failed';
    this.dispatchEvent(new Event('connectionstatechange'));
  }
}

/** A page, what it has sent, its connections, and a way to let time pass. */
function page() {
  const sent = [];
  const connections = [];
  let due = [];
  const reach = createReach({
    send: (message) => sent.push(message),
    connect: () => {
      connections.push(new Connection());
      return connections.at(-1);
    },
    later: (act, after) => due.push({ act, after }),
  });
  const pass = (time) => {
    const over = due.filter(({ after }) => after <= time);
    due = due.filter(({ after }) => after > time);
    for (const { act } of over) act();
  };
  return { reach, sent: () => sent.splice(0), connections, pass };
}

test('the side that offers sends an offer, takes the answer, and tells that it is connected', async () => {
  const { reach, sent, connections, pass } = page();
  reach.hear({ type: 'reach', number: 3, offers: true }, true);
  await settled();
  assert.deepEqual(sent(), [{ type: 'reach-signal', number: 3, description: 'v=0\r\no=offer\r\n' }]);
  reach.hear({ type: 'reach-signal', number: 3, description: 'v=0\r\no=theirs\r\n' }, true);
  await settled();
  const [pc] = connections;
  assert.deepEqual(pc.remote, [{ type: 'answer', sdp: 'v=0\r\no=theirs\r\n' }]);
  pc.opens();
  assert.deepEqual(sent(), [{ type: 'reached', number: 3, direct: true }]);
  assert.ok(!pc.isClosed, 'the other side has to see it as well');
  pass(60_000);
  assert.ok(pc.isClosed);
  assert.deepEqual(sent(), [], 'it is told once');
});

test('the other side waits for the offer and answers it', async () => {
  const { reach, sent, connections } = page();
  reach.hear({ type: 'reach', number: 4, offers: false }, true);
  await settled();
  assert.deepEqual(sent(), []);
  reach.hear({ type: 'reach-signal', number: 4, description: 'v=0\r\n' }, true);
  await settled();
  assert.deepEqual(sent(), [{ type: 'reach-signal', number: 4, description: 'v=0\r\no=answer\r\n' }]);
  connections[0].fails();
  assert.deepEqual(sent(), [{ type: 'reached', number: 4, direct: false }]);
});

test('what takes too long, and what is no description, is not direct', async () => {
  const { reach, sent, connections, pass } = page();
  reach.hear({ type: 'reach', number: 5, offers: false }, true);
  reach.hear({ type: 'reach-signal', number: 5, description: '<script>' }, true);
  await settled();
  assert.deepEqual(sent(), [{ type: 'reached', number: 5, direct: false }]);
  reach.hear({ type: 'reach', number: 6, offers: false }, true);
  pass(6_000);
  pass(0);
  assert.deepEqual(sent(), [{ type: 'reached', number: 6, direct: false }]);
  assert.ok(connections.every(({ isClosed }) => isClosed));
});

test('who shares nothing tries nothing, few are tried at once, and what is left ends', async () => {
  const { reach, sent, connections } = page();
  reach.hear({ type: 'reach', number: 1, offers: true }, false);
  for (const nonsense of [undefined, {}, { type: 'reach', number: 'x' }, { type: 'reach-signal', number: 9 }])
    reach.hear(nonsense, true);
  assert.equal(connections.length, 0);
  for (let number = 0; number < 20; number++) reach.hear({ type: 'reach', number, offers: false }, true);
  reach.hear({ type: 'reach', number: 0, offers: false }, true);
  assert.equal(connections.length, 6);
  reach.end();
  await settled();
  assert.ok(connections.every(({ isClosed }) => isClosed));
  assert.deepEqual(sent(), []);
});

test('tries that are over and linger keep no other try from being made', async () => {
  const { reach, sent, connections, pass } = page();
  // The server asks for three at the same time, and for the next one as soon as one side has told that it is connected.
  for (let number = 0; number < 9; number++) {
    reach.hear({ type: 'reach', number, offers: true }, true);
    connections[number]?.opens();
  }
  assert.equal(connections.length, 6);
  await settled();
  reach.hear({ type: 'reach-signal', number: 8, description: 'v=0\r\no=early\r\n' }, true);
  sent();
  pass(1_000);
  assert.equal(connections.length, 9);
  assert.ok(connections.slice(0, 6).every(({ isClosed }) => isClosed));
  await settled();
  assert.deepEqual(
    sent().map(({ type, number }) => [type, number]),
    [6, 7, 8].map((number) => ['reach-signal', number]),
  );
  assert.deepEqual(connections[8].remote, [{ type: 'answer', sdp: 'v=0\r\no=early\r\n' }]);
});

test('of the candidates of the other side few are tried', async () => {
  const { reach, connections } = page();
  reach.hear({ type: 'reach', number: 1, offers: false }, true);
  const candidates = Array.from({ length: 60 }, (_, i) => `a=candidate:${i} 1 udp 1 192.0.2.${i} 53 typ host`);
  reach.hear({ type: 'reach-signal', number: 1, description: ['v=0', ...candidates, ''].join('\r\n') }, true);
  await settled();
  assert.equal(connections[0].remote[0].sdp.match(/^a=candidate:/gm).length, 8);
});

test('a description has few candidates, those of UDP', () => {
  const candidate = (protocol, i) => `a=candidate:${i} 1 ${protocol} 2113937151 192.168.1.${i} 5${i} typ host`;
  const candidates = Array.from({ length: 40 }, (_, i) => candidate(i % 2 === 0 ? 'udp' : 'tcp', i));
  const lines = forMessage(['v=0', 'a=ice-pwd:x', ...candidates, ''].join('\r\n')).split('\r\n');
  assert.deepEqual([lines[0], lines[1], lines.at(-1)], ['v=0', 'a=ice-pwd:x', '']);
  assert.equal(lines.length, 2 + 8 + 1);
  assert.ok(lines.every((line) => !line.includes(' tcp ')));
  const long = forMessage([...Array.from({ length: 100 }, () => 'x'.repeat(28)), ...candidates].join('\n'));
  assert.ok(long.length <= 3_500);
});

/** @param {string[]} rows @param {object} [more] */
const reachOf = (rows, more) => ({ ids: rows.map((_, i) => `a${i}`), rows, remaining: 0, leftOut: 0, ...more });

test('the host reads one sentence of it', () => {
  assert.equal(sentenceOf(reachOf(['', 'd', 'dd'])), 'Everybody reaches everybody directly.');
  assert.equal(sentenceOf(reachOf(['', 'n', 'nn'])), 'This Wi-Fi isolates its clients: calls go through the relay.');
  assert.match(sentenceOf(reachOf(['', 'd', 'nn'])), /^1 of 3 pairs reach each other directly\. Calls of the others/);
  assert.match(sentenceOf(reachOf(['', 'd', '?d'])), /^Everybody .* Of 1 pair it is not known/);
  assert.equal(sentenceOf(reachOf(['', '?', '??'], { remaining: 2 })), 'Trying: 1 of 3 pairs are done.');
  assert.match(sentenceOf(reachOf(['', '?'])), /^Nobody could try it\./);
  assert.match(
    sentenceOf(reachOf(['', 'd'], { leftOut: 5 })),
    / 2 were tried; 5 were left out, and are first when you press it again\.$/,
  );
});

test('a row says whom somebody reaches, both ways round', () => {
  const reach = reachOf(['', 'd', 'n?']);
  assert.equal(wayBetween(reach, 0, 1), 'direct');
  assert.equal(wayBetween(reach, 1, 0), 'direct');
  const rows = reachRows(reach, (id) => id.toUpperCase());
  assert.deepEqual(rows[0].ways, [undefined, 'direct', 'not']);
  assert.equal(rows[0].sentence, 'reaches directly: A1; not directly: A2.');
  assert.equal(rows[2].sentence, 'not directly: A0; not known: A1.');
  const many = reachRows(reachOf(Array.from({ length: 20 }, (_, i) => 'd'.repeat(i))), (id) => id);
  assert.match(many[0].sentence, /a12 and 7 more\.$/);
});

test('what the server tells of it is bounded', () => {
  const view = (reach) =>
    toldIn(JSON.stringify({ type: 'view', attendees: [], pairs: [], noTls: 0, timer: null, reach })).view;
  assert.equal(view(null).reach, undefined);
  const { reach } = view({ ids: Array.from({ length: 500 }, () => 'a7'), rows: 'no list', remaining: -3 });
  assert.deepEqual([reach.ids.length, reach.rows, reach.remaining, reach.leftOut], [100, [], 0, 0]);
  assert.equal(wayBetween(reach, 0, 1), 'unknown');
});
