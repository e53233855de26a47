// @ts-check
// The library test-network without a browser: what it tells the server, and what it makes of the answers.

import assert from 'node:assert/strict';
import test from 'node:test';
import { openLab, openLine, withoutCandidates } from '../../../code/test-network/index.js';

/** Where the library takes the book to be. */
const ROOT = new URL('../../../', import.meta.url).href;
const LINE = { id: 'one', a: { address: '192.0.2.7', port: 40_001 }, b: { address: '2001:db8::7', port: 40_002 } };

const description = (/** @type {string} */ ufrag, more = '') =>
  /** @type {const} */ ({
    type: 'offer',
    sdp: `v=0\r\na=ice-options:trickle\r\nm=audio 9 x 0\r\na=ice-ufrag:${ufrag}\r\na=ice-pwd:password-of-${ufrag}\r\n${more}a=mid:0\r\n`,
  });

/** A server that answers so, one answer after another, and what it was asked. @param {unknown[]} answers */
function serverThatAnswers(...answers) {
  /** @type {unknown[]} */
  const asked = [];
  globalThis.fetch = async (url, { method, body } = {}) => {
    asked.push([method, String(url).replace(ROOT, ''), body && JSON.parse(String(body))]);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer instanceof Response ? answer : Response.json(answer);
  };
  return asked;
}

test('conditions that stand alone hold both ways, but where one way has its own', async () => {
  const asked = serverThatAnswers(LINE, LINE, LINE);
  await openLine({ delay: 100, loss: 5, b_to_a: { delay: 20 }, seed: 7, capture: true });
  await openLine();
  await openLine({ preset: 'train', timeline: 'cut at 2 s', not_loopback: true });
  const both = { delay: 100, loss: 5 };
  const none = { a_to_b: {}, b_to_a: {} };
  assert.deepEqual(asked, [
    ['POST', 'line', { settings: { seed: 7, a_to_b: both, b_to_a: { ...both, delay: 20 } }, capture: true }],
    ['POST', 'line', { settings: none }],
    [
      'POST',
      'line',
      {
        settings: { ...none, timeline: [{ at: 2, way: 'both', set: { cut: true } }] },
        preset: 'train',
        not_loopback: true,
      },
    ],
  ]);
});

test('each side is given the end that it sends to, and the new one after a rebinding', async () => {
  const moved = { ...LINE, b: { ...LINE.b, port: 50_000 } };
  const asked = serverThatAnswers(LINE, moved);
  const line = await openLine();
  const candidate = (/** @type {string} */ place) => [
    { candidate: `candidate:1 1 udp 2130706431 ${place} typ host`, sdpMLineIndex: 0 },
  ];
  assert.deepEqual(line.forA, candidate('192.0.2.7 40001'));
  assert.deepEqual(line.forB, candidate('2001:db8::7 40002'));
  await line.rebind('b');
  assert.deepEqual(asked[1], ['PATCH', 'line/one', { rebind: 'b' }]);
  assert.deepEqual(line.forB, candidate('2001:db8::7 50000'));
});

test('of a lab each side is given the candidates of the other', async () => {
  const side = (/** @type {number} */ port) => ({
    stun: { address: '::1', port },
    candidates: [
      { type: 'host', address: '::1', port: port + 1 },
      { type: 'srflx', address: '::1', port: port + 2 },
    ],
  });
  const asked = serverThatAnswers({ id: 'two', a: side(100), b: side(200) });
  const lab = await openLab({ a: 'open', b: 'symmetric' });
  assert.deepEqual(asked, [['POST', 'lab', { a: 'open', b: 'symmetric' }]]);
  assert.deepEqual(
    [lab.forA, lab.forB].map((candidates) => candidates.map(({ candidate }) => candidate)),
    [
      [
        'candidate:1 1 udp 2130706431 ::1 201 typ host',
        'candidate:2 1 udp 1694498815 ::1 202 typ srflx raddr :: rport 9',
      ],
      [
        'candidate:1 1 udp 2130706431 ::1 101 typ host',
        'candidate:2 1 udp 1694498815 ::1 102 typ srflx raddr :: rport 9',
      ],
    ],
  );
  assert.deepEqual(lab.stun, { a: 'stun:[::1]:100', b: 'stun:[::1]:200' });
});

test('a lab with a TURN server gives each side the other’s relayed port, and the server where it reaches that', async () => {
  const side = (/** @type {number} */ port) => ({
    stun: { address: '192.0.2.7', port },
    candidates: [{ type: 'relay', address: '192.0.2.7', port: port + 1 }],
  });
  const turn = { username: '600:name', credential: 'secret' };
  const asked = serverThatAnswers({ id: 'two', a: side(100), b: side(200), turn });
  const lab = await openLab({ a: 'open', b: 'symmetric', turn: true });
  assert.deepEqual(asked, [['POST', 'lab', { a: 'open', b: 'symmetric', turn: true }]]);
  assert.deepEqual(
    lab.forA.map(({ candidate }) => candidate),
    ['candidate:1 1 udp 16777215 192.0.2.7 201 typ relay raddr 0.0.0.0 rport 9'],
  );
  assert.deepEqual(lab.turn?.a, { urls: 'turn:192.0.2.7:100', ...turn });
  assert.deepEqual(lab.turn?.b, { urls: 'turn:192.0.2.7:200', ...turn });
});

test('the server knows the credentials of both before either side has a candidate', async () => {
  /** @type {unknown[]} */
  const order = [];
  class Connection {
    /** @param {string} name */
    constructor(name) {
      this.localDescription = description(name);
      this.remoteDescription = description('other');
      this.addIceCandidate = async (/** @type {RTCIceCandidateInit} */ { candidate }) =>
        order.push(`${name} gets ${candidate?.split(' ')[5]}`);
    }
  }
  Object.assign(globalThis, { RTCPeerConnection: Connection });
  const [a, b] = /** @type {any[]} */ ([new Connection('left'), new Connection('right')]);
  const asked = serverThatAnswers(LINE, LINE);
  const line = await openLine();
  const { fetch } = globalThis;
  globalThis.fetch = async (...args) => {
    const answer = await fetch(...args);
    order.push('told');
    return answer;
  };
  await line.join(a, b);
  assert.deepEqual(order, ['told', 'left gets 40001', 'right gets 40002']);
  const credentials = {
    a: { ufrag: 'left', password: 'password-of-left' },
    b: { ufrag: 'right', password: 'password-of-right' },
  };
  assert.deepEqual(asked[1], ['PATCH', 'line/one', { credentials }]);
});

test('packets are read until there are no more, from the one that the program has seen', async () => {
  const some = (/** @type {number} */ first, /** @type {number} */ count) => ({
    packets: Array.from({ length: count }, (_, i) => ({ number: first + i })),
    dropped: first,
  });
  const asked = serverThatAnswers(LINE, some(6, 200), some(206, 200), some(406, 3));
  const line = await openLine();
  const { packets, dropped } = await line.packets({ after: 5 });
  assert.deepEqual([packets.length, packets.at(-1)?.number, dropped], [403, 408, 406]);
  assert.deepEqual(
    asked.slice(1).map((request) => /** @type {string[]} */ (request)[1]),
    [5, 205, 405].map((after) => `line/one/packets?after=${after}`),
  );
});

test('a line that has ended already is closed, and an error says what the server says', async () => {
  const refused = (/** @type {number} */ status, /** @type {string} */ words, type = 'text/plain') =>
    new Response(words, { status, headers: { 'content-type': type } });
  serverThatAnswers(
    LINE,
    refused(404, 'There is no such line.'),
    refused(404, 'There is no such line.'),
    refused(400, 'loss is 200 at line 1 column 30'),
    new TypeError('Failed to fetch'),
    refused(404, '<html>', 'text/html'),
    refused(405, '', 'text/plain'),
  );
  const line = await openLine();
  await line.close();
  await assert.rejects(line.read(), new Error('line.read: There is no such line.'));
  await assert.rejects(openLine(), new Error('openLine: loss is 200'));
  await assert.rejects(
    openLine(),
    new Error('openLine: the server does not answer: it was stopped, or is out of reach.'),
  );
  for (let i = 0; i < 2; i += 1)
    await assert.rejects(
      openLine(),
      /^Error: openLine: this page is served without the server that has lines and labs/,
    );
});

test('a description is given away without its candidates, and is otherwise the same', () => {
  const candidates =
    'a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\na=candidate:2 1 udp 1 ::1 9 typ host\r\na=end-of-candidates\r\n';
  assert.deepEqual(withoutCandidates(description('abcd', candidates)), description('abcd'));
  assert.throws(() => withoutCandidates(null), new TypeError('withoutCandidates: there is no description yet.'));
});
