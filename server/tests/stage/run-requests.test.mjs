// @ts-check
// What the code of a run asks of the server through its page: only some addresses, within bounds, and nothing outlives the run.

import assert from 'node:assert/strict';
import test from 'node:test';

globalThis.addEventListener ??= () => {};
globalThis.removeEventListener ??= () => {};
const { createRequests } = await import('../../../book/stage/line/run-requests.js');

/** So many requests a run has under way at most, and so many lines and labs. */
const [MAX_UNDER_WAY, MAX_OPEN] = [64, 32];

const idOf = (/** @type {number} */ number) => number.toString(16).padStart(32, '0');

/** A server that opens whatever it is asked for, unless `respond` says something else, and what it was asked. */
function serverThat(
  respond = (/** @type {string} */ _) => /** @type {Response | Promise<Response> | undefined} */ (undefined),
) {
  /** @type {string[]} */
  const asked = [];
  globalThis.fetch = async (url, { method, body } = {}) => {
    const request = `${method} ${String(url).replace(/^.*\/book\//, '')}${body ? ` ${body}` : ''}`;
    asked.push(request);
    const answer = await respond(request);
    if (answer) return answer;
    if (method === 'DELETE') return new Response(null, { status: 204 });
    return Response.json({ id: idOf(asked.length) }, { status: method === 'POST' ? 201 : 200 });
  };
  return asked;
}

/** A run, and what its iframe was answered: status and words. */
function run() {
  /** @type {[number, number, string][]} */
  const answers = [];
  const requests = createRequests(({ id, status, body }) => answers.push([id, status, new TextDecoder().decode(body)]));
  let count = 0;
  const ask = (/** @type {unknown} */ method, /** @type {unknown} */ path, /** @type {unknown} */ body) =>
    requests.hear({ id: (count += 1), method, path, body });
  return { answers, ask, requests };
}

test('the server is asked as the code has asked, and the code gets the answer', async () => {
  const asked = serverThat();
  const { answers, ask } = run();
  await ask('POST', 'line', '{"capture":true}');
  await ask('PATCH', `line/${idOf(1)}`, '{}');
  await ask('GET', `line/${idOf(1)}/packets?after=7`, '');
  await ask('POST', 'ice');
  assert.deepEqual(asked, [
    'POST line {"capture":true}',
    `PATCH line/${idOf(1)} {}`,
    `GET line/${idOf(1)}/packets?after=7`,
    'POST ice',
  ]);
  assert.deepEqual(answers[0], [1, 201, `{"id":"${idOf(1)}"}`]);
});

test('nothing else of the server can be asked for', async () => {
  const asked = serverThat();
  const { answers, ask, requests } = run();
  for (const path of [
    '',
    'index.html',
    'companion',
    'line/',
    'line/../metrics',
    `line/${idOf(1)}/more`,
    'ice?proof=1',
    7,
    undefined,
  ])
    await ask('GET', path);
  for (const method of ['PUT', 'CONNECT', '', undefined]) await ask(method, 'line');
  for (const body of [{}, 7, 'x'.repeat(33 * 1_024)]) await ask('POST', 'line', body);
  await requests.hear({ id: 'seven', method: 'GET', path: 'line' });
  assert.deepEqual(asked, []);
  assert.deepEqual([...new Set(answers.map(([, status]) => status))], [404, 413]);
  assert.equal(answers.length, 16);
});

test('what was opened and not ended yet ends with the run', async () => {
  const asked = serverThat((request) => (request.startsWith('GET') ? new Response('', { status: 404 }) : undefined));
  const { ask, requests } = run();
  for (const kind of ['line', 'line', 'lab', 'lab']) await ask('POST', kind);
  await ask('DELETE', `line/${idOf(1)}`);
  await ask('GET', `lab/${idOf(3)}`);
  requests.close();
  assert.deepEqual(asked.slice(6), [`DELETE line/${idOf(2)}`, `DELETE lab/${idOf(4)}`]);
  await ask('POST', 'line');
  assert.equal(asked.length, 8, 'the run asks for nothing more');
});

test('what is opened when its run has ended is ended at once', async () => {
  let opened = () => {};
  const waiting = new Promise((resolve) => {
    opened = () => resolve(undefined);
  });
  const asked = serverThat(() => waiting.then(() => undefined));
  const { answers, ask, requests } = run();
  const asking = ask('POST', 'line');
  requests.close();
  opened();
  await asking;
  assert.deepEqual(asked, ['POST line', `DELETE line/${idOf(1)}`]);
  assert.deepEqual(answers, []);
});

test('the lines and the labs that are open are known apart', async () => {
  serverThat();
  const { ask, requests } = run();
  await ask('POST', 'line', '{}');
  await ask('POST', 'lab', '{}');
  assert.deepEqual(requests.lines, [{ id: idOf(1), on: undefined }]);
  assert.deepEqual(requests.labs, [idOf(2)]);
  await ask('DELETE', `lab/${idOf(2)}`);
  assert.deepEqual(requests.labs, []);
});

test('a run has so many lines and labs, and is told when it asks for more', async () => {
  const asked = serverThat();
  const { answers, ask } = run();
  await Promise.all(Array.from({ length: MAX_OPEN + 1 }, (_, i) => ask('POST', i % 2 ? 'line' : 'lab')));
  assert.equal(asked.length, MAX_OPEN);
  const refused = answers.filter(([, status]) => status !== 201);
  assert.deepEqual(refused, [
    [MAX_OPEN + 1, 429, `A run has ${MAX_OPEN} lines, labs and sessions at most: close one of them first.`],
  ]);
  await ask('DELETE', `lab/${idOf(1)}`);
  await ask('POST', 'lab');
  assert.equal(answers.at(-1)?.[1], 201);
});

test('a run that asks faster than the server answers is told so', async () => {
  let answer = () => {};
  const waiting = new Promise((resolve) => {
    answer = () => resolve(undefined);
  });
  const asked = serverThat(() => waiting.then(() => undefined));
  const { answers, ask } = run();
  const all = Array.from({ length: MAX_UNDER_WAY + 1 }, () => ask('GET', 'line'));
  await all.at(-1);
  assert.equal(asked.length, MAX_UNDER_WAY);
  assert.deepEqual(
    answers.map(([id, status]) => [id, status]),
    [[MAX_UNDER_WAY + 1, 429]],
  );
  answer();
  await Promise.all(all);
  await ask('GET', 'line');
  assert.equal(answers.at(-1)?.[1], 200);
});

/** A media room that begins a session whenever it is asked for one, and what it was asked, with which headers. */
function mediaRoom() {
  /** @type {[string, unknown][]} */
  const asked = [];
  globalThis.fetch = async (url, { method, headers } = {}) => {
    asked.push([`${method} ${String(url).replace(/^.*\/book\//, '')}`, headers]);
    if (method !== 'POST') return new Response(null, { status: 200 });
    const response = new Response('answer', { status: 201, headers: { location: `id/secret${asked.length}` } });
    return Object.defineProperty(response, 'url', { value: String(url) });
  };
  return asked;
}

test('the code publishes and watches, is told where its sessions are, and they end with the run', async () => {
  const asked = mediaRoom();
  /** @type {(string | undefined)[]} */
  const locations = [];
  const requests = createRequests(
    ({ location }) => locations.push(location),
    () => 'a.b',
  );
  const ask = (/** @type {object} */ request) => requests.hear({ id: 1, method: 'POST', ...request });
  await ask({ path: 'whip/amber-otter/lobby', contentType: 'application/sdp', authorization: 'Bearer k' });
  await ask({ path: 'whep/lobby/x?keyframes=off', type: 'text/plain', authorization: 'a\nb' });
  await ask({ path: 'whep/lobby/x/secret/layer' });
  await ask({ path: 'sfu/lobby/key' });
  await ask({ method: 'GET', path: 'sfu/lobby' });
  await ask({ method: 'DELETE', path: 'whep/lobby/id/secret2' });
  requests.close();
  assert.deepEqual(asked, [
    ['POST whip/amber-otter/lobby?ticket=a.b', { 'content-type': 'application/sdp', authorization: 'Bearer k' }],
    ['POST whep/lobby/x?keyframes=off&ticket=a.b', {}],
    ['POST whep/lobby/x/secret/layer?ticket=a.b', {}],
    ['POST sfu/lobby/key?ticket=a.b', {}],
    ['GET sfu/lobby?ticket=a.b', {}],
    ['DELETE whep/lobby/id/secret2?ticket=a.b', {}],
    ['DELETE whip/amber-otter/id/secret1?ticket=a.b', undefined],
  ]);
  assert.deepEqual(locations, [
    'whip/amber-otter/id/secret1',
    'whep/lobby/id/secret2',
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('a session in a room of any name ends with the run, also if the server has refused to end it before', async () => {
  const asked = mediaRoom();
  const { ask, requests } = run();
  await ask('POST', 'whip/layer');
  await ask('POST', 'whip/amber-otter/layer');
  const begins = globalThis.fetch;
  globalThis.fetch = async () => new Response('a key that is none', { status: 401 });
  await ask('DELETE', 'whip/id/secret1');
  globalThis.fetch = begins;
  requests.close();
  assert.deepEqual(
    asked.slice(2).map(([request]) => request),
    ['DELETE whip/id/secret1', 'DELETE whip/amber-otter/id/secret2'],
  );
});

test('a session that the server has ended makes room for another when the code ends it too', async () => {
  const asked = mediaRoom();
  const { answers, ask } = run();
  for (let i = 0; i < MAX_OPEN; i += 1) await ask('POST', 'whep/lobby/x');
  await ask('POST', 'whep/lobby/x');
  assert.equal(answers.at(-1)?.[1], 429);
  const begins = globalThis.fetch;
  globalThis.fetch = async () => new Response('no such session', { status: 404 });
  await ask('DELETE', 'whep/lobby/id/secret1');
  globalThis.fetch = begins;
  await ask('POST', 'whep/lobby/x');
  assert.equal(answers.at(-1)?.[1], 201);
  assert.equal(asked.length, MAX_OPEN + 1);
});

test('the code is answered where a session stands at another server, and the page leaves that one alone', async () => {
  const asked = serverThat(() => {
    const response = new Response('answer', { status: 201, headers: { location: 'https://elsewhere.example/1' } });
    return Object.defineProperty(response, 'url', { value: 'https://book.example/book/whip/lobby' });
  });
  const { answers, ask, requests } = run();
  await ask('POST', 'whip/lobby');
  requests.close();
  assert.deepEqual(answers, [[1, 201, 'answer']]);
  assert.deepEqual(asked, ['POST whip/lobby']);
});

test('no address of the media room leads out of it', async () => {
  const asked = mediaRoom();
  const { answers, ask } = run();
  for (const path of [
    'whip',
    'whip/',
    'whip/..',
    'whip/../host',
    'whip/%2e%2e/host',
    'sfu/a?ticket=x',
    'whep/a\\b',
    'whep//a',
    'sfu/a#b',
  ])
    await ask('POST', path);
  await ask('POST', 'whip/lobby', 'x'.repeat(65 * 1_024));
  assert.deepEqual(asked, []);
  assert.deepEqual([...new Set(answers.map(([, status]) => status))], [404, 413]);
});

test('the code is told when nobody answers', async () => {
  serverThat(() => Promise.reject(new TypeError('Failed to fetch')));
  const { answers, ask } = run();
  await ask('POST', 'line');
  assert.deepEqual(answers, [[1, 0, '']]);
});
