// Which parts of the runner a run loads, when, and what becomes of what happens before they are there.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import vm from 'node:vm';

const RUNNER = new URL('../../../book/stage/runner/', import.meta.url);
const [LINES, PARTS, MEDIA, FAULTS] = await Promise.all(
  ['lines.js', 'load-parts.js', 'tap/media.js', 'tap/faults.js'].map(async (name) => {
    const text = await readFile(new URL(name, RUNNER), 'utf8');
    // Here, the test says what a module is, and when it comes.
    return new vm.Script(text.replaceAll('import(', 'moduleAt('), { filename: name });
  }),
);

/** A run of this code: what it asks for, in order, and by which name. @param {string} code @param {object[]} [faults] */
function runOf(code, faults = []) {
  /** What was asked for, and has not come yet. @type {Map<string, { resolve: (module: object) => void, reject: (reason: Error) => void }>} */
  const asked = new Map();
  /** @type {string[]} */
  const said = [];
  const inPage = { video: [], audio: [] };
  const then = (/** @type {Promise<unknown>} */ promise, /** @type {any} */ ...handlers) => promise.then(...handlers);
  const world = {
    document: { baseURI: 'http://book.example/stage/runner.html', getElementsByTagName: (name) => inPage[name] },
    moduleAt: (/** @type {string} */ url) =>
      new Promise((resolve, reject) => {
        asked.set(url.replace('http://book.example/stage/runner/parts/', ''), { resolve, reject });
      }),
    RTCPeerConnection: class {
      transceivers = [];
      getTransceivers() {
        return this.transceivers;
      }
    },
    URL,
    stage: /** @type {any} */ ({
      given: { files: [{ name: 'a.js', code }], faults },
      recorder: { then },
      uncurry: Function.prototype.call.bind.bind(Function.prototype.call),
    }),
  };
  vm.createContext(world);
  // Promises come from here, and not from the context.
  world.Promise = Promise;
  for (const script of [LINES, PARTS, FAULTS, MEDIA]) script.runInContext(world);
  const { parts, media } = world.stage;
  return {
    asked: () => [...asked.keys()],
    begin: () => parts.start((words) => said.push(words)),
    connection: new world.RTCPeerConnection(),
    faults: world.stage.faults,
    inPage,
    media,
    parts,
    said,
    /** Has a part come. @param {string} name @param {object} part */
    async come(name, part) {
      asked.get(name)?.resolve({ install: () => part });
      await new Promise(setImmediate);
    },
    /** Has it failed. @param {string} name */
    async fail(name) {
      asked.get(name)?.reject(new Error('gone'));
      await new Promise(setImmediate);
    },
  };
}

/** A part that notes what it is told. */
function follower() {
  /** @type {string[]} */
  const told = [];
  const note = (name) => (what) => {
    told.push(`${name} ${what ?? ''}`.trim());
  };
  return {
    told,
    sent: note('sent'),
    received: note('received'),
    look: note('look'),
    of: () => ({ transceivers: ['one'] }),
  };
}

const VIDEO = 'audio-video.js';

test('what the code speaks of is asked for before it begins, and nothing else, whatever its comments say', () => {
  for (const [code, expected] of [
    ["new RTCPeerConnection().createDataChannel('x'); // no media section, no video", []],
    ["import quickconnect from 'rtc-quickconnect';\nquickconnect('/', { room: 'x' });", []],
    ["import { testCard } from 'test-media';", [VIDEO]],
    ["pc.addTransceiver('audio');", [VIDEO]],
    ["quickconnect('/').on('stream:added', show);", [VIDEO]],
    ["pc.ontrack = console.log; // and 'more'", [VIDEO]],
  ]) {
    const { asked, parts } = runOf(/** @type {string} */ (code));
    assert.deepEqual(asked(), expected, /** @type {string} */ (code));
    assert.equal(parts.ready === undefined, expected.length === 0);
  }
});

test('a run waits for what its code speaks of, also when that does not load', async () => {
  for (const name of ['come', 'fail']) {
    const run = runOf('navigator.mediaDevices');
    let isReady = false;
    run.parts.ready.then(() => (isReady = true));
    await new Promise(setImmediate);
    assert.equal(isReady, false);
    await run[name](VIDEO, follower());
    assert.equal(isReady, true, name);
  }
});

test('a track of which the code does not speak is told of when the part is there, in the order in which things came', async () => {
  const run = runOf('run()');
  const part = follower();
  run.media.sent(undefined, 'pc1');
  run.media.look();
  assert.deepEqual(run.asked(), [], 'nothing has come yet');
  run.media.received('a track event', 'pc1');
  run.media.sent({ toString: () => 'a track' }, 'pc1');
  assert.deepEqual(run.asked(), [VIDEO]);
  await run.come(VIDEO, part);
  run.media.look();
  assert.deepEqual(part.told, ['received a track event', 'sent a track', 'look']);
});

test('a part is nothing that a property `then`, which the demo can give to all objects, could get hold of', async () => {
  const run = runOf('navigator.mediaDevices');
  let isCaught = false;
  const then = (/** @type {(part: unknown) => void} */ resolve) => {
    isCaught = true;
    resolve(undefined);
  };
  const part = { ...follower(), then };
  await run.come(VIDEO, part);
  await run.parts.ready;
  run.media.look();
  assert.deepEqual([part.told, isCaught], [['look'], false]);
});

test('an element in the page brings what follows it', async () => {
  const run = runOf('run()');
  const part = follower();
  run.inPage.video.push(/** @type {never} */ ({}));
  run.media.look();
  await run.come(VIDEO, part);
  assert.deepEqual(part.told, ['look']);
});

test('statistics of a connection without media are told at once, and of one with media when its part is there', async () => {
  const run = runOf('run()');
  /** @type {any[]} */
  const told = [];
  run.media.of(run.connection, 'pc1', (more) => told.push(more));
  assert.deepEqual([told[0].transceivers.length, run.asked()], [0, []]);
  run.connection.transceivers.push(/** @type {never} */ ({}));
  run.media.of(run.connection, 'pc1', (more) => told.push(more));
  assert.equal(told.length, 1);
  await run.come(VIDEO, follower());
  assert.deepEqual(told[1].transceivers, ['one']);
});

test('a part that does not load is said in the console, once, and what waited for it goes on', async () => {
  const run = runOf('run()');
  /** @type {any[]} */
  const told = [];
  run.connection.transceivers.push(/** @type {never} */ ({}));
  run.media.received('a track event', 'pc1');
  run.media.of(run.connection, 'pc1', (more) => told.push(more));
  await run.fail(VIDEO);
  assert.equal(told.length, 1);
  assert.deepEqual(run.said, [], 'the console can not be written to yet');
  run.begin();
  run.media.received('a track event', 'pc1');
  run.media.of(run.connection, 'pc1', (more) => told.push(more));
  await new Promise(setImmediate);
  assert.equal(told.length, 2);
  assert.deepEqual(run.said, [
    'The instruments tell nothing of tracks and of elements that play. Is the server still there?',
  ]);
});

test('more than a bound does not wait for a part', async () => {
  const run = runOf('run()');
  const part = follower();
  for (let i = 0; i < 2_000; i += 1) run.media.received(i, 'pc1');
  await run.come(VIDEO, part);
  assert.equal(part.told.length, 500);
});

test('what is broken on purpose is broken from when its part is there, as the reader wants it then', async () => {
  const run = runOf('run()');
  let changes = 0;
  run.faults.onchange(() => (changes += 1));
  run.faults.set([]);
  assert.deepEqual([run.asked(), changes], [[], 1]);
  run.faults.set([{ id: 'freeze', amounts: {} }]);
  run.faults.set([{ id: 'slow', amounts: { seconds: 2 } }]);
  assert.deepEqual([run.asked(), run.faults.isAny()], [['break.js'], false]);
  await run.come('break.js', { arrive: () => 'arrived' });
  assert.deepEqual([run.faults.has('freeze'), run.faults.amounts('slow').seconds], [false, 2]);
  assert.equal(run.faults.arrive(), 'arrived');
  run.faults.set([]);
  assert.equal(run.faults.isAny(), false);
});

test('what is broken from the beginning is there before the code begins', async () => {
  const run = runOf('run()', [{ id: 'slow', amounts: {} }]);
  assert.deepEqual(run.asked(), ['break.js']);
  run.faults.set([{ id: 'slow', amounts: {} }]);
  await run.come('break.js', { arrive() {} });
  await run.parts.ready;
  assert.equal(run.faults.has('slow'), true);
});
