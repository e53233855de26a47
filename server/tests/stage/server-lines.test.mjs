// The lines of a run: opened when a connection asks, told what changes in the order in which it changed, ended with the run; and what the reader
// is told when the server refuses.

import assert from 'node:assert/strict';
import test from 'node:test';
import { PERFECT } from '../../../book/stage/line/line-settings.js';

globalThis.addEventListener ??= () => {};
globalThis.removeEventListener ??= () => {};
const { createLines } = await import('../../../book/stage/line/server-lines.js');

const SETTINGS = { seed: 7, a_to_b: PERFECT, b_to_a: PERFECT, timeline: [] };
const CREDENTIALS = { ufrag: 'abcd', password: '0123456789012345678901' };
const ENDS = { a: { address: '192.0.2.7', port: 1 }, b: { address: '192.0.2.7', port: 2 } };
const STATE = {
  conditions: PERFECT,
  statistics: Object.fromEntries(
    ['entered', 'copied', 'delivered', 'lost', 'queue_full', 'cut', 'bound'].map((name, i) => [name, { packets: i }]),
  ),
  held: { packets: 9 },
};

const refused = (status, words) => new Response(words, { status, headers: { 'content-type': 'text/plain' } });

/** A server that answers as `respond` says, or with success, and what it was asked. */
function serverThat(respond = () => undefined) {
  const asked = [];
  globalThis.fetch = async (url, { method, body }) => {
    const [, id] = /line(?:\/(.*))?$/.exec(url);
    const request = { method, id, body: body && JSON.parse(body) };
    asked.push(request);
    const answer = respond(request);
    if (answer) return answer;
    if (method === 'DELETE') return new Response(null, { status: 204 });
    return Response.json(method === 'POST' ? { id: `line${asked.length}`, ...ENDS } : { a_to_b: STATE, b_to_a: STATE });
  };
  return asked;
}

/** Lines, what was answered to the frame, and a way to wait until nothing is under way. */
function linesOf(settings = SETTINGS) {
  const answers = [];
  const lines = createLines((answer) => answers.push(answer));
  lines.set(settings);
  const settled = async () => {
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
  };
  return { lines, answers, settled };
}

test('a line is opened with the settings, and the frame is told its ports and not its id', async () => {
  const asked = serverThat();
  const { lines, answers, settled } = linesOf();
  lines.hear({ on: 'pc1', isPair: true, credentials: { b: CREDENTIALS } });
  await settled();
  assert.deepEqual(asked, [
    {
      method: 'POST',
      id: undefined,
      body: { settings: SETTINGS, credentials: { b: CREDENTIALS }, not_loopback: false },
    },
  ]);
  assert.deepEqual(answers, [{ on: 'pc1', ends: ENDS }]);
});

test('what is said while a line is being opened follows in order, and settings only in their last form', async () => {
  const asked = serverThat();
  const { lines, settled } = linesOf();
  lines.hear({ on: 'pc1', isPair: true, credentials: {} });
  lines.hear({ on: 'pc1', credentials: { a: CREDENTIALS } });
  for (const loss of [1, 2, 3]) lines.set({ ...SETTINGS, a_to_b: { ...PERFECT, loss } });
  lines.rebind();
  await settled();
  assert.deepEqual(
    asked.slice(1).map(({ method, id, body }) => [method, id, body]),
    [
      ['PATCH', 'line1', { credentials: { a: CREDENTIALS } }],
      ['PATCH', 'line1', { way: 'a-to-b', set: { loss: 3 } }],
      ['PATCH', 'line1', { rebind: 'b' }],
    ],
  );
});

test('switched off, it does nothing more to packets, and opens no other line', async () => {
  const asked = serverThat();
  const { lines, answers, settled } = linesOf();
  lines.hear({ on: 'pc1', isPair: true, credentials: {} });
  await settled();
  lines.set(undefined);
  lines.hear({ on: 'pc2', isPair: true, credentials: {} });
  await settled();
  assert.deepEqual(asked.at(-1), { method: 'PATCH', id: 'line1', body: { timeline: [], set: PERFECT } });
  assert.deepEqual(answers.at(-1), { on: 'pc2' });
});

test('lines end with the run, with their connection, and when one of them ended while the server was asked', async () => {
  const asked = serverThat();
  const { lines, answers, settled } = linesOf();
  for (const on of ['pc1', 'pc2', 'pc3']) lines.hear({ on, isPair: true, credentials: {} });
  lines.hear({ on: 'pc3', isOver: true });
  await settled();
  assert.deepEqual(answers.at(-1), { on: 'pc3' });
  lines.hear({ on: 'pc2', isOver: true });
  lines.close();
  await settled();
  const ended = asked.filter(({ method }) => method === 'DELETE').map(({ id }) => id);
  assert.deepEqual(ended.sort(), ['line1', 'line2', 'line3']);
});

test('a refusal is said in the words of the server, and the connection goes its own way', async () => {
  serverThat(() => refused(429, 'There are too many lines from this address: close another run.'));
  const { lines, answers, settled } = linesOf();
  lines.hear({ on: 'pc1', isPair: true, credentials: {} });
  await settled();
  assert.deepEqual(answers, [{ on: 'pc1' }]);
  assert.equal(
    (await lines.read()).words,
    'There are too many lines from this address: close another run. The connection goes its own way.',
  );
});

test('where the machine has no address but loopback, the line is there and the words come when Firefox is met', async () => {
  const asked = serverThat(
    ({ body }) => body?.not_loopback && refused(409, 'This machine has no address for Firefox.'),
  );
  const { lines, answers, settled } = linesOf();
  lines.hear({ on: 'pc1', isPair: false, credentials: {} });
  await settled();
  assert.deepEqual(
    asked.map(({ body }) => body.not_loopback),
    [true, undefined],
  );
  assert.deepEqual(answers, [{ on: 'pc1', ends: ENDS }]);
  assert.equal((await lines.read()).words, '');
  lines.hear({ on: 'pc1', credentials: { b: CREDENTIALS }, isFirefox: true });
  assert.equal((await lines.read()).words, 'This machine has no address for Firefox.');
});

test('a server that is gone is said to be, until it answers; a line that has ended is not asked for again', async () => {
  let respond = () => undefined;
  const asked = serverThat((request) => respond(request));
  const { lines, settled } = linesOf();
  lines.hear({ on: 'pc1', isPair: true, credentials: {} });
  await settled();
  respond = () => {
    throw new TypeError('Failed to fetch');
  };
  assert.match((await lines.read()).words, /^The server does not answer/);
  respond = () => undefined;
  await lines.read();
  assert.equal((await lines.read()).words, '');
  respond = () => refused(404, 'There is no such line.');
  assert.match((await lines.read()).words, /^The line has ended/);
  const before = asked.length;
  await lines.read();
  assert.equal(asked.length, before);
});

test('packets of all lines are summed each way', async () => {
  serverThat();
  const { lines, settled } = linesOf();
  for (const on of ['pc1', 'pc2']) lines.hear({ on, isPair: true, credentials: {} });
  await settled();
  const { count, sums } = await lines.read();
  assert.equal(count, 2);
  assert.deepEqual(sums.a_to_b, { entered: 2, delivered: 4, lost: 6, dropped: 30, held: 18, isCut: false });
});

test('what a frame says of anything but a connection, and credentials that can be none, go no further', async () => {
  const asked = serverThat();
  const { lines, answers, settled } = linesOf();
  for (const on of ['../x', 7, undefined, 'ch1']) lines.hear({ on, isPair: true, credentials: {} });
  lines.hear({ on: 'pc1', isPair: true, credentials: { a: { ufrag: 'x'.repeat(300), password: 'y' }, b: 'no' } });
  await settled();
  assert.equal(answers.length, 1);
  assert.deepEqual(
    asked.map(({ body }) => body.credentials),
    [{}],
  );
});
