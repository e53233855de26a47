// @ts-check
// What the host asks of the server is sound before it is sent, and the places of the book are those of its contents.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demosIn, placesIn } from '../../../book/stage/host/book-places.js';
import {
  bring,
  endTimer,
  lock,
  lowerHand,
  MAX_MINUTES,
  MAX_NAME,
  MAX_SAID,
  pairChosen,
  pairEveryone,
  remove,
  rename,
  reshuffle,
  say,
  split,
  timer,
} from '../../../book/stage/host/host-requests.js';

/** @typedef {import('../../../book/stage/host/host-requests.js').HostRequest} HostRequest */

/** @param {HostRequest} request */
function messageOf(request) {
  assert.ok('message' in request, 'problem' in request ? request.problem : '');
  assert.match(request.says, /\.$/, 'a sentence');
  return request.message;
}

/** @param {HostRequest} request @param {RegExp} words */
function isWrong(request, words) {
  assert.ok('problem' in request);
  assert.match(request.problem, words);
}

const ADA = { id: 'a1', name: 'Ada' };

test('each request is a message that the server knows', () => {
  assert.deepEqual(messageOf(pairEveryone('3')), { type: 'pair-everyone', size: 3 });
  assert.deepEqual(messageOf(reshuffle('nonsense')), { type: 'reshuffle', size: 2 });
  assert.deepEqual(messageOf(pairChosen(['a1', 'a2'])), { type: 'pair', ids: ['a1', 'a2'] });
  assert.deepEqual(messageOf(split('amber-otter')), { type: 'split', pair: 'amber-otter' });
  assert.deepEqual(messageOf(lock('amber-otter', true)), { type: 'lock', pair: 'amber-otter', locked: true });
  assert.deepEqual(messageOf(remove(ADA)), { type: 'remove', id: 'a1' });
  assert.deepEqual(messageOf(lowerHand(ADA)), { type: 'lower-hand', id: 'a1' });
  assert.deepEqual(messageOf(endTimer()), { type: 'timer', label: '', seconds: 0 });
});

test('a pair is made of two or three', () => {
  isWrong(pairChosen([]), /Choose two/);
  isWrong(pairChosen(['a1']), /Choose two/);
  messageOf(pairChosen(['a1', 'a2', 'a3']));
  isWrong(pairChosen(['a1', 'a2', 'a3', 'a4']), /4 are chosen/);
});

test('a name is trimmed, short, visible, and nobody else’s', () => {
  const all = [ADA, { id: 'a2', name: 'Bert' }];
  assert.deepEqual(messageOf(rename(ADA, '  Ada L. ', all)), { type: 'rename', id: 'a1', name: 'Ada L.' });
  messageOf(rename(ADA, 'ADA', all));
  messageOf(rename(ADA, '🌳'.repeat(MAX_NAME), all));
  isWrong(rename(ADA, ' ', all), /at least one/);
  isWrong(rename(ADA, 'x'.repeat(MAX_NAME + 1), all), /has 25/);
  isWrong(rename(ADA, 'A\u202eda', all), /can’t be seen/);
  isWrong(rename(ADA, 'A\nda', all), /can’t be seen/);
  isWrong(rename(ADA, 'bert', all), /named bert/);
});

test('a message is one line with something in it', () => {
  assert.deepEqual(messageOf(say('  Break\n until  ten. ')), { type: 'say', text: 'Break until ten.' });
  isWrong(say('\n '), /Write a message/);
  messageOf(say('🌳'.repeat(MAX_SAID)));
  isWrong(say('x'.repeat(MAX_SAID + 1)), /has 501/);
});

test('everybody is brought to a page, or to a demo on it', () => {
  const page = { path: 'connecting/index.html', title: 'Creating Connections' };
  assert.deepEqual(messageOf(bring(page, '')), { type: 'bring', place: page.path, title: page.title });
  assert.deepEqual(messageOf(bring(page, 'createoffer.js')), {
    type: 'bring',
    place: 'connecting/index.html#demo-createoffer.js',
    title: 'Creating Connections › createoffer.js',
  });
  isWrong(bring(undefined, ''), /Choose a page/);
});

test('a timer has minutes above zero, and at most four hours', () => {
  assert.deepEqual(messageOf(timer('5', ' Pairs ')), { type: 'timer', label: 'Pairs', seconds: 300 });
  assert.equal(messageOf(timer('1,5', '')).seconds, 90);
  assert.equal(messageOf(timer('0.001', '')).seconds, 1, '0 would take it away');
  for (const none of ['', ' ', '0', '-1', 'soon', 'NaN']) isWrong(timer(none, ''), /How many minutes/);
  isWrong(timer(String(MAX_MINUTES + 1), ''), /at most 240/);
  isWrong(timer('Infinity', ''), /at most 240/);
  isWrong(timer('5', 'x'.repeat(61)), /at most 60/);
});

const ROOT = 'http://localhost:8000/book/';

test('the pages are those of the contents, each once, without this one and what is elsewhere', () => {
  const links = [
    { href: `${ROOT}index.html`, title: ' Start\n here ' },
    { href: ROOT, title: 'Start again' },
    { href: `${ROOT}connecting/index.html#demo-x`, title: 'Creating Connections' },
    { href: `${ROOT}workshop/host.html`, title: 'The host’s page' },
    { href: 'http://evil.example/book/x.html', title: 'elsewhere' },
    { href: 'http://localhost:8000/other.html', title: 'outside' },
    { href: 'not an address', title: 'nothing' },
    { href: `${ROOT}glossary.html`, title: '' },
  ];
  assert.deepEqual(placesIn(links, ROOT, `${ROOT}workshop/host.html#x`), [
    { path: 'index.html', title: 'Start here' },
    { path: 'connecting/index.html', title: 'Creating Connections' },
  ]);
});

test('the demos of a page are its live blocks with a name', () => {
  const blocks = [
    ['language-js', 'live', 'file=createoffer.js', 'hljs'],
    ['language-js', 'file=dead.js'],
    ['language-js', 'live'],
    ['language-live', 'file=other.js'],
    ['language-js', 'live', 'file=createoffer.js'],
  ];
  assert.deepEqual(demosIn(blocks), ['createoffer.js', 'other.js']);
});
