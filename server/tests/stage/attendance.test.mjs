// @ts-check
// What an attendee's page makes of the server's messages, what it tells, and what it keeps.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  answered,
  away,
  companyOf,
  heard as after,
  newsOfPair,
  UNKNOWN,
} from '../../../book/stage/workshop/attendance.js';
import { fade, STANDS_FOR } from '../../../book/stage/workshop/fade.js';
import { addressIn, isSamePage, pageIn } from '../../../book/stage/workshop/place-in-book.js';
import { createTeller, INTERVAL, seenMessage } from '../../../book/stage/workshop/seen.js';
import { isTicket, keepTicket, keptTicket, pairIn } from '../../../book/stage/workshop/ticket.js';
import { createWays, wayOf } from '../../../book/stage/workshop/ways.js';
import { checkedMessage } from '../../../book/stage/workshop/checked.js';

const TICKET = 'eyJpZCI6ImE3In0.c2ln';
const YOU = {
  type: 'you',
  id: 'a7',
  name: 'Alder',
  ticket: TICKET,
  shares: true,
  hand: false,
  waiting: false,
  pair: null,
};
const MEMBERS = [
  { id: 'a7', name: 'Alder', here: true },
  { id: 'b1', name: 'Birch', here: true },
];

/** @param {any[]} messages */
const heard = (...messages) => messages.reduce((state, message) => after(state, message, 1_000), UNKNOWN);

test('the server says who the reader is, and their pair with its members', () => {
  const state = heard({ ...YOU, pair: { name: 'amber-otter', locked: true, members: MEMBERS } });
  assert.deepEqual(state.self, { id: 'a7', name: 'Alder', ticket: TICKET, shares: true, hand: false, waiting: false });
  assert.deepEqual(state.pair, { name: 'amber-otter', locked: true, members: MEMBERS });
  assert.equal(state.isConnected, true);
  assert.equal(after(state, YOU, 0).pair, undefined);
});

test('while the server is away, the pair stays', () => {
  const state = away(heard({ ...YOU, pair: { name: 'amber-otter', locked: false, members: MEMBERS } }));
  assert.equal(state.isConnected, false);
  assert.equal(state.pair?.name, 'amber-otter');
});

test('a pair whose name could not stand in a text is none, and a message without a good ticket is not taken', () => {
  for (const name of [`x'-y`, '<b>', 'amber', undefined, 7, {}])
    assert.equal(heard({ ...YOU, pair: { name, members: MEMBERS } }).pair, undefined);
  assert.equal(heard({ ...YOU, pair: { name: 'amber-otter', members: 'all' } }).pair, undefined);
  for (const ticket of [undefined, '', 'a b', 'a.b&x=1', `${TICKET}#`])
    assert.equal(heard({ ...YOU, ticket }), UNKNOWN);
});

test('hidden characters of names and messages are shown, and long ones are cut', () => {
  const members = [{ id: 'b1', name: 'Bi\u202erch', here: true }];
  const state = heard({ ...YOU, pair: { name: 'amber-otter', members } }, { type: 'said', text: 'a\nb' });
  assert.equal(state.pair?.members[0].name, 'Bi[U+202E]rch');
  assert.equal(state.said[0].text, 'a[U+000A]b');
  assert.equal(heard({ type: 'said', text: 'x'.repeat(10_000) }).said[0].text.length, 500);
  assert.equal(
    heard({ ...YOU, pair: { name: 'amber-otter', members: Array(500).fill(members[0]) } }).pair?.members.length,
    10,
  );
});

test('what is no message changes nothing', () => {
  for (const message of [
    undefined,
    null,
    7,
    'you',
    [],
    {},
    { type: 'view' },
    { type: 'said' },
    { type: 'said', text: 7 },
  ])
    assert.equal(heard(message), UNKNOWN);
});

test('the same words twice are two messages, and the newest ten are kept', () => {
  const twice = heard({ type: 'said', text: 'hello' }, { type: 'said', text: 'hello' });
  assert.notEqual(twice.said[0].number, twice.said[1].number);
  const many = heard(...Array.from({ length: 15 }, (_, i) => ({ type: 'said', text: String(i) })));
  assert.deepEqual([many.said.length, many.said[0].text, many.said.at(-1)?.text], [10, '5', '14']);
  const [one, two] = [1, 2].map((n) => heard(...Array(n).fill({ type: 'refused', code: 'pair-full', words: 'Full.' })));
  assert.notEqual(one.refused?.number, two.refused?.number);
});

test('a request to come stays until it is answered, and another takes its place', () => {
  const state = heard({ type: 'bring', place: 'a.html', title: 'A' }, { type: 'bring', place: 'b.html', title: '' });
  assert.deepEqual([state.bring?.place, state.bring?.title], ['b.html', 'b.html']);
  assert.equal(answered(state).bring, undefined);
});

test('a timer ends when it has run, and is taken away', () => {
  const state = heard({ type: 'timer', label: 'Exercise', remaining: 60_000 });
  assert.deepEqual(state.timer, { label: 'Exercise', endsAt: 61_000 });
  assert.equal(after(state, { type: 'timer', label: '', remaining: null }, 0).timer, undefined);
  assert.equal(heard({ type: 'timer', label: 'x', remaining: 1e15 }).timer?.endsAt, 4 * 3_600_000 + 1_000);
});

test('a pair is told as people say it', () => {
  const pair = (/** @type {any[]} */ ...members) => companyOf({ name: 'amber-otter', locked: false, members }, 'a7');
  assert.equal(pair(MEMBERS[0]), 'you alone');
  assert.equal(pair(...MEMBERS), 'you and Birch');
  assert.equal(pair(...MEMBERS, { id: 'c', name: 'Cedar', here: false }), 'you, Birch and Cedar (not here)');
});

test('that the other comes and goes with each page is no news, and who they are is', () => {
  const pair = (/** @type {any[]} */ ...members) => ({ name: 'amber-otter', locked: false, members });
  const both = pair(...MEMBERS);
  assert.equal(newsOfPair(undefined, both, 'a7'), 'Your pair, amber-otter: you and Birch.');
  assert.equal(newsOfPair(both, pair(MEMBERS[0], { ...MEMBERS[1], here: false }), 'a7'), '');
  assert.equal(newsOfPair(both, pair(MEMBERS[0]), 'a7'), 'You are alone in your pair now.');
  assert.equal(newsOfPair(both, undefined, 'a7'), 'You are in no pair any more.');
  assert.equal(newsOfPair(undefined, undefined, 'a7'), '');
});

/** @type {import('../../../book/stage/workshop/seen.js').Seen} */
const SEEN = {
  page: 'connecting/index.html',
  title: 'Connecting',
  demo: undefined,
  running: false,
  error: undefined,
  way: undefined,
  solved: [],
};

test('what is shared is within the server’s bounds, in whole characters', () => {
  const solved = Array.from({ length: 300 }, (_, i) => `${i}/${'größe'.repeat(10)}`);
  const message = seenMessage({
    ...SEEN,
    title: '🦦'.repeat(200),
    error: 'a\u202eb\n',
    solved: [...solved, 'x'.repeat(61)],
  });
  assert.ok(new TextEncoder().encode(JSON.stringify(message)).length <= 4_000);
  assert.ok(message.solved.length > 0 && message.solved.length <= 100);
  assert.equal(message.solved.at(-1), solved.at(-1));
  assert.ok(message.title.length <= 100 && message.title.isWellFormed());
  assert.equal(message.error, 'a[U+202E]b');
  assert.deepEqual([seenMessage(SEEN).demo, seenMessage(SEEN).error, seenMessage(SEEN).way], [null, null, null]);
});

/** A teller whose clock the test has. */
function createClock() {
  /** @type {string[]} */
  const sent = [];
  /** @type {[act: () => void, at: number][]} */
  const timers = [];
  const clock = { now: 5_000 };
  const teller = createTeller({
    send: ({ title }) => sent.push(title),
    now: () => clock.now,
    later: (act, wait) => timers.push([act, clock.now + wait]),
  });
  const tell = (/** @type {string} */ title) => teller.tell({ ...SEEN, title });
  const pass = (/** @type {number} */ ms) => {
    clock.now += ms;
    for (const [act, at] of timers.splice(0)) {
      if (at <= clock.now) act();
      else timers.push([act, at]);
    }
  };
  return { sent, teller, tell, pass };
}

test('the first is told at once, the last of a second when it is over, and nothing twice', () => {
  const { sent, tell, pass } = createClock();
  for (const title of ['a', 'b', 'c']) tell(title);
  assert.deepEqual(sent, ['a']);
  pass(INTERVAL - 1);
  assert.deepEqual(sent, ['a']);
  pass(1);
  assert.deepEqual(sent, ['a', 'c']);
  pass(INTERVAL);
  tell('c');
  pass(INTERVAL);
  assert.deepEqual(sent, ['a', 'c']);
});

test('another connection is told again, and who shares nothing any more tells nothing that was waiting', () => {
  const { sent, teller, tell, pass } = createClock();
  tell('a');
  pass(INTERVAL);
  teller.forget();
  tell('a');
  assert.deepEqual(sent, ['a', 'a']);
  tell('b');
  teller.stop();
  pass(INTERVAL);
  assert.deepEqual(sent, ['a', 'a']);
});

test('a place of the host’s leads to a page of this book, and nowhere else', () => {
  const root = 'http://localhost:8000/guide/';
  assert.equal(addressIn(root, 'connecting/index.html#demo-a.js'), `${root}connecting/index.html#demo-a.js`);
  assert.equal(addressIn(root, ''), root);
  for (const place of [
    'javascript:alert(1)',
    'http://evil.example/',
    '//evil.example/',
    '/connecting/',
    '../x.html',
    'a/../../x',
    'data:text/html,x',
    '\\\\evil.example',
    'connecting/?x',
    'a b.html',
  ])
    assert.equal(addressIn(root, place), undefined, place);
});

test('a page is named from the root of the book, and is one page with and without its index', () => {
  const root = 'http://localhost:8000/guide/';
  assert.equal(pageIn(root, `${root}connecting/?x#y`), 'connecting/index.html');
  assert.equal(pageIn(root, root), 'index.html');
  assert.equal(pageIn(root, `${root}glossary.html`), 'glossary.html');
  assert.ok(isSamePage(`${root}connecting/`, `${root}connecting/index.html#a`));
  assert.ok(!isSamePage(root, `${root}glossary.html`));
});

test('a ticket says its pair while it is good, and a bad one says none', () => {
  const ticketOf = (/** @type {unknown} */ claims) => `${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
  const claims = { id: 'a', name: 'Größe ?>', pair: { name: 'amber-otter', size: 2, locked: false }, until: 2_000 };
  assert.equal(pairIn(ticketOf(claims), 1_999), 'amber-otter');
  assert.equal(pairIn(ticketOf(claims), 2_000), undefined);
  for (const bad of [
    { ...claims, pair: { name: "x'-y" } },
    { ...claims, pair: null },
    { ...claims, until: 'x' },
    {},
    null,
  ])
    assert.equal(pairIn(ticketOf(bad), 0), undefined);
  for (const ticket of ['', '.', 'x']) assert.equal(pairIn(ticket, 0), undefined, ticket);
  assert.ok(isTicket(TICKET) && !isTicket('a&b.c') && !isTicket(7));
});

test('where the browser keeps nothing, the page does', () => {
  keepTicket(TICKET);
  assert.equal(keptTicket(), TICKET);
});

test('a page that is not let in says why, until it is let in', () => {
  const full = heard({ type: 'refused', code: 'too-many-pages', words: 'Close some.' });
  assert.equal(full.turnedAway, 'Close some.');
  assert.equal(away(full).turnedAway, 'Close some.');
  assert.equal(after(full, YOU, 0).turnedAway, '');
  const inside = after(heard(YOU), { type: 'refused', code: 'pair-full', words: 'Full.' }, 0);
  assert.equal(away(inside).turnedAway, '');
});

test('a notice that only informs goes by itself, and not while somebody is at it', () => {
  /** @type {(() => void)[]} */
  const due = [];
  let [isThere, isHeld, taken] = [true, true, 0];
  const notice = { isThere: () => isThere, isHeld: () => isHeld, takeAway: () => (taken += 1) };
  const pass = () => due.splice(0).forEach((act) => act());
  const begin = () =>
    fade(notice, (act, after) => {
      assert.equal(after, STANDS_FOR);
      due.push(act);
    });
  begin();
  pass();
  assert.deepEqual([taken, due.length], [0, 1]);
  isHeld = false;
  pass();
  assert.deepEqual([taken, due.length], [1, 0]);
  begin();
  isThere = false;
  pass();
  assert.deepEqual([taken, due.length], [1, 0]);
});

test('a connection that answers no more has no way, and one through the relay counts before others', () => {
  const ways = createWays();
  assert.equal(ways.longest, undefined);
  ways.take('pc1', 'direct');
  ways.take('pc2', 'relay');
  assert.equal(ways.longest, 'relay');
  ways.ask();
  ways.take('pc1', 'direct');
  assert.equal(ways.longest, 'relay', 'it may still answer');
  ways.ask();
  assert.equal(ways.longest, 'direct');
  ways.ask();
  assert.equal(ways.longest, undefined);
});

test('a connection that has failed has no way, though its report still names the pair that it had', () => {
  const reports = [
    { type: 'transport', id: 't', selectedCandidatePairId: 'p' },
    { type: 'candidate-pair', id: 'p', localCandidateId: 'l', remoteCandidateId: 'r' },
    { type: 'local-candidate', id: 'l', candidateType: 'relay' },
    { type: 'remote-candidate', id: 'r', candidateType: 'host' },
  ];
  const state = (/** @type {string} */ value, on = 'pc1') => ({ type: 'state', on, name: 'connection', value });
  assert.equal(wayOf('pc1', reports, [state('connected'), state('failed', 'pc2')]), 'relay');
  assert.equal(wayOf('pc1', reports.slice(0, 2), []), 'direct');
  assert.equal(wayOf('pc1', [], [state('connected')]), undefined);
  for (const value of ['connecting', 'disconnected', 'failed', 'closed'])
    assert.equal(wayOf('pc1', reports, [state('connected'), state(value)]), undefined, value);
  const ways = createWays();
  ways.take('pc1', 'direct');
  ways.take('pc1', undefined);
  assert.equal(ways.longest, undefined);
});

test('the host is shown what works and what fails, within the bounds of a message, and no addresses', () => {
  const finding = (state, says) => ({ name: 'Candidates', state, says, advice: 'Do this.', more: '192.168.1.5' });
  const { type, checks } = checkedMessage([
    finding('works', 'Names 192.168.1.5.'),
    finding('fails', 'Names nothing.'),
    finding('checking', 'x'),
  ]);
  assert.equal(type, 'checked');
  assert.deepEqual(checks, [
    { name: 'Candidates', outcome: 'works', words: '' },
    { name: 'Candidates', outcome: 'fails', words: 'Names nothing.' },
    { name: 'Candidates', outcome: 'untried', words: '' },
  ]);
  const long = checkedMessage(Array.from({ length: 30 }, () => finding('fails', '木'.repeat(500))));
  assert.equal(long.checks.length, 16);
  assert.ok(new TextEncoder().encode(JSON.stringify(long)).length <= 4_000);
  assert.equal(long.checks[0].words.length, 200);
  assert.deepEqual([long.checks[15].outcome, long.checks[15].words], ['fails', '']);
});
