// @ts-check
// What is believed of a greeting. The Rust client's tests (`src/protocol/tests.rs`) have the same bounds.

import assert from 'node:assert/strict';
import test from 'node:test';
import { readGreeting } from '../js/greeting.js';

/** @param {unknown} json */
const read = (json) => readGreeting(`primus::hello|${JSON.stringify(json)}`);
const url = 'stun:192.0.2.1:8000';

test('numbers that make no sense are left out', () => {
  for (const pingSeconds of [0, -1, 601, '25', null]) assert.equal(read({ pingSeconds }).pingSeconds, undefined);
  assert.equal(read({ pingSeconds: 0.5 }).pingSeconds, 0.5);
  for (const maxFrameBytes of [1_023, 2_000.5, '65536']) assert.equal(read({ maxFrameBytes }).maxFrameBytes, undefined);
  assert.equal(read({ maxFrameBytes: 1_024 }).maxFrameBytes, 1_024);
});

test('eight ICE servers are believed, and none of nine', () => {
  const servers = Array(8).fill({ urls: [url] });
  assert.equal(read({ iceServers: servers }).iceServers.length, 8);
  assert.deepEqual(read({ iceServers: [...servers, { urls: [url] }] }).iceServers, []);
});

test('4096 characters of them are believed, and none of more', () => {
  /** @param {number} length */
  const server = (length) => ({ urls: url, username: 'u', credential: 'c'.repeat(length) });
  const room = 4_096 - url.length - 1;
  assert.equal(read({ iceServers: [server(room)] }).iceServers[0].credential?.length, room);
  assert.deepEqual(read({ iceServers: [server(room + 1)] }).iceServers, []);
});

test('one that is of no use takes the others with it', () => {
  for (const server of [
    7,
    null,
    'stun:x',
    {},
    { urls: 7 },
    { urls: [7] },
    { urls: [[url]] },
    { urls: url, credential: 7 },
  ])
    assert.deepEqual(read({ iceServers: [{ urls: url }, server] }).iceServers, [], JSON.stringify(server));
  for (const iceServers of [7, null, {}, url]) assert.deepEqual(read({ iceServers }).iceServers, []);
  for (const text of ['primus::hello', 'primus::hello|', 'primus::hello|null', 'primus::hello|7'])
    assert.deepEqual(readGreeting(text).iceServers, []);
});
