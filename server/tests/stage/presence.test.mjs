// Who is in a demo's rooms, as its sockets tell.

import assert from 'node:assert/strict';
import test from 'node:test';
import { createPresence } from '../../../book/stage/presence.js';

/** What the taps record of a message. */
const message = (side, text, on = 'ws1', fault = '') => ({ type: 'message', on, side, text, fault });
const closed = (on) => ({ type: 'state', on, name: 'socket', value: 'closed', text: '1000' });
const enter = (room, on) => [
  message('out', `/announce|me|${JSON.stringify({ id: 'me', room })}`, on),
  message('in', '/roominfo|{"memberCount":1}', on),
];

test('whoever announces itself to the room counts once, and until it leaves', () => {
  const rooms = createPresence();
  assert.deepEqual(rooms.take(enter('r')), { count: 1, room: 'r', rooms: 1 });
  assert.equal(rooms.take([message('in', '/announce|a|{"id":"a"}')])?.count, 2);
  assert.equal(rooms.take([message('in', '/announce|a|{"id":"a"}')]), undefined);
  assert.equal(
    rooms.take([message('in', '/to|me|/announce|b|{"id":"b"}')]),
    undefined,
    'it is in the count of roominfo',
  );
  assert.equal(rooms.take([message('in', '/leave|a|')])?.count, 1);
  assert.deepEqual(rooms.take([closed('ws1')]), { count: 0, room: '', rooms: 0 });
});

test('of several rooms the last one counts that the demo is still in', () => {
  const rooms = createPresence();
  assert.deepEqual(rooms.take([...enter('a', 'ws1'), ...enter('b', 'ws2')]), { count: 1, room: 'b', rooms: 2 });
  assert.deepEqual(rooms.take([closed('ws2')]), { count: 1, room: 'a', rooms: 1 });
  assert.equal(rooms.take([closed('ws2')]), undefined);
});

test('a room is a text or a number, and anything else is none', () => {
  assert.equal(createPresence().take(enter(0))?.room, '0');
  assert.equal(createPresence().take(enter(' spaces '))?.room, ' spaces ');
  for (const room of [null, ['r'], {}, true]) assert.deepEqual(createPresence().take(enter(room)), undefined);
});

test('what the demo does not hear, and what is no message, changes nothing', () => {
  const rooms = createPresence();
  rooms.take(enter('r'));
  const others = [
    message('in', '/announce|a|{}', 'ws1', 'freeze'),
    message('in', '/announce|a|{}', 'ws2'),
    message('in', 'primus::hello'),
    message('in', ''),
    { ...message('in', '/announce|a|{}'), on: 'ch1' },
  ];
  for (const event of others) assert.equal(rooms.take([event]), undefined);
  assert.equal(rooms.take([message('in', '/roominfo|{"memberCount":"many"}')])?.count, 0);
});
