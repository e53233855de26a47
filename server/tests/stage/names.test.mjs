// Connections are named after the variables in which the code keeps them.

import assert from 'node:assert/strict';
import test from 'node:test';
import { eventsOf } from '../../../book/stage/events.js';
import { rowsOf } from '../../../book/stage/instruments/model/rows.js';
import { redacted } from '../../../book/stage/instruments/timeline/redact.js';
import { createNames } from '../../../book/stage/names.js';

const made = (lines) => eventsOf(lines.map((line, i) => ({ at: i, type: 'new', on: `pc${i + 1}`, line })));
const names = (code, lines) => createNames(code)(made(lines)).map(({ value }) => value);

test('a variable, a property and a list of variables name what they are given', () => {
  assert.deepEqual(names('const caller = new RTCPeerConnection();', [1]), ['caller']);
  assert.deepEqual(names('\nlet pc=new webkitRTCPeerConnection({ iceServers: [] });', [2]), ['pc']);
  assert.deepEqual(names('const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];', [1, 1]), ['a', 'b']);
  assert.deepEqual(names('const a = new RTCPeerConnection(), b = new window.RTCPeerConnection();', [1, 1]), ['a', 'b']);
  assert.deepEqual(names('return { pc: new RTCPeerConnection() };', [1]), ['pc']);
});

test('of a line that makes several, each has a name of its own', () => {
  assert.deepEqual(names('const pc = new RTCPeerConnection();', [1, 1, 1]), ['pc', 'pc 2', 'pc 3']);
});

test('what no variable names, and what is of no line, has none', () => {
  assert.deepEqual(names('list.push(new RTCPeerConnection());', [1]), ['']);
  assert.deepEqual(names('const caller = new RTCPeerConnection();', [undefined]), ['']);
  assert.deepEqual(names('', [7]), ['']);
});

test('the name stands in the head of the column, and does not leave the page', () => {
  const [event] = createNames('const caller = new RTCPeerConnection();')(made([1]));
  assert.deepEqual(rowsOf([event]).columns, [{ id: 'pc1', title: 'caller, line 1' }]);
  assert.deepEqual(rowsOf(made([1])).columns, [{ id: 'pc1', title: 'Connection 1' }]);
  assert.equal(redacted(event).value, '');
});
