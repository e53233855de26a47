// @ts-check
// A demo holds on to its connections while it sends, and not only to channels. In a browser the page around a demo keeps them; whoever copies the
// program has no such page, and Firefox then closes a connection that nothing refers to any more.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import v8 from 'node:v8';
import vm from 'node:vm';

v8.setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collectGarbage = vm.runInNewContext('gc');

/** Gives objects that nothing refers to any more back, in a task of its own: those a task has looked at live as long as that. */
async function forget() {
  for (let round = 0; round < 2; round += 1) {
    await new Promise((done) => setImmediate(done));
    collectGarbage();
  }
}

/** What a program has made: held by nothing but the program. @type {Map<string, WeakRef<object>>} */
const made = new Map();

class Channel {
  readyState = 'open';
  bufferedAmount = 0;
  /** @type {(event: { data: unknown }) => void} */
  onmessage = () => {};
  other = () => /** @type {Channel | undefined} */ (undefined);
  sent = 0;

  /** @param {unknown} data */
  send(data) {
    this.sent += 1;
    this.other()?.onmessage({ data });
  }
}

/** Two peers of a call have the same channels, and neither refers to the other: a network is between them. */
class Connection {
  /** @type {Map<number, WeakRef<Channel>>} */
  static waiting = new Map();
  localDescription = {};

  constructor() {
    made.set(`connection ${made.size}`, new WeakRef(this));
  }

  /** @param {string} label @param {{ id: number }} options */
  createDataChannel(label, { id }) {
    const channel = new Channel();
    const partner = Connection.waiting.get(id)?.deref();
    if (partner) {
      const [mine, theirs] = [new WeakRef(channel), new WeakRef(partner)];
      partner.other = () => mine.deref();
      channel.other = () => theirs.deref();
    }
    Connection.waiting.set(id, new WeakRef(channel));
    made.set(`an end of ${label}, ${made.size}`, new WeakRef(channel));
    return channel;
  }

  async setLocalDescription() {}
  async setRemoteDescription() {}
}

const lost = () => [...made].filter(([, object]) => object.deref() === undefined).map(([name]) => name);

test('beside a bulk, neither a connection nor an end of a channel is forgotten', async () => {
  const line = { join: async () => {}, set: async () => {} };
  const says = /** @type {string[]} */ ([]);
  let waits = 0;
  /** @type {string[]} */
  let forgotten = [];
  // Time passes by itself; garbage is collected now and then.
  const setTimeout = async (/** @type {() => void} */ done) => {
    waits += 1;
    if (waits % 50 === 0) {
      await forget();
      forgotten = lost();
    }
    done();
  };
  const given = {
    RTCPeerConnection: Connection,
    openLine: async () => line,
    setTimeout,
    console: { log: (/** @type {string[]} */ ...texts) => says.push(texts.join(' ')) },
  };
  const program = readFileSync(new URL('../../../code/data/channels-window.js', import.meta.url), 'utf8');
  const body = program.replace(/^import .*$/m, `const { ${Object.keys(given)} } = globalThis.given;`);
  Object.assign(globalThis, { given });
  await import(`data:text/javascript,${encodeURIComponent(body)}`);
  assert.deepEqual(forgotten, []);
  assert.equal(made.size, 6);
  assert.match(says.join('\n'), /^alone: half within \d+ ms\nbeside a bulk: half within \d+ ms$/);
  assert.ok(waits > 300, 'it should have sent for a while');
});
