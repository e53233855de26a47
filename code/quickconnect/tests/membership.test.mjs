// Who is a member of the room, and may be called.

import assert from 'node:assert/strict';
import test from 'node:test';
import { absent, announced, hungUp, lostCall, wanted } from '../js/membership.js';

const DATA = { id: 'a', room: 'r', instance: 'page', connection: 1 };
const here = { data: DATA, isPresent: true, endedBy: undefined };
const toRoom = { isBroadcast: true, call: 'none' };
const toUs = { isBroadcast: false, call: 'none' };

test('whoever announces itself for the first time is called, and told of us if it spoke to the room', () => {
  for (const about of [toRoom, toUs]) {
    const { member, isNew, mayCall, mustReply } = announced(undefined, DATA, about);
    assert.deepEqual([member.data, member.isPresent, isNew, mayCall], [DATA, true, true, true]);
    assert.equal(mustReply, about.isBroadcast);
  }
});

test('another page with the same id is new, and so is one with another socket unless the call with it goes on', () => {
  const otherPage = { ...DATA, instance: 'other' };
  const otherSocket = { ...DATA, connection: 2 };
  for (const call of ['none', 'attempt', 'setup', 'active']) {
    assert.equal(announced(here, otherPage, { isBroadcast: true, call }).isNew, true);
    assert.equal(announced(here, otherSocket, { isBroadcast: true, call }).isNew, call !== 'active');
  }
  const news = announced(here, otherSocket, { isBroadcast: true, call: 'active' });
  assert.deepEqual([news.isBack, news.mustReply], [true, true]);
});

test('a new profile is taken, and leads to no second call', () => {
  const profile = { ...DATA, name: 'Ann' };
  for (const call of ['attempt', 'setup', 'active']) {
    const news = announced(here, profile, { isBroadcast: true, call });
    assert.deepEqual(news, {
      member: { ...here, data: profile },
      isNew: false,
      isBack: false,
      mustReply: false,
      mayCall: false,
    });
  }
});

test('who left, and announces itself again, is told of us', () => {
  const news = announced(absent(here), DATA, { isBroadcast: true, call: 'active' });
  assert.deepEqual([news.member.isPresent, news.mustReply, news.isNew], [true, true, false]);
});

test('after a call was ended on purpose the other side may begin one, and who ended it only by asking for it', () => {
  const may = (member, about) => announced(member, DATA, about).mayCall;
  const endedHere = hungUp(here);
  const endedThere = lostCall(here, 'ended');
  assert.deepEqual([may(endedHere, toRoom), may(endedHere, toUs)], [false, false]);
  assert.deepEqual([may(endedThere, toRoom), may(endedThere, toUs)], [false, true]);
  assert.deepEqual([may(lostCall(here, 'refused'), toUs), may(lostCall(here, 'failed'), toRoom)], [false, true]);
  assert.equal(may(wanted(endedHere), toRoom), true);
});
