// @ts-check
// A workshop whose address has changed: what open pages make of it, and what a browser takes along.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heard, UNKNOWN } from '../../../book/stage/workshop/attendance.js';
import { addressThere, bringing, broughtIn, isAt, questionOf } from '../../../book/stage/workshop/moved.js';
import { isOver, nameIn } from '../../../book/stage/workshop/ticket.js';

const TICKET = 'eyJpZCI6ImE3In0.c2ln';

test('the server tells another address, and only such a one that can be a link is taken', () => {
  const at = (/** @type {unknown} */ url) => heard(UNKNOWN, { type: 'address', url }, 0);
  assert.equal(at('http://10.0.0.7:8000/').address, 'http://10.0.0.7:8000/');
  assert.equal(
    heard(at('http://10.0.0.7:8000/'), { type: 'address', url: 'https://x.example/' }, 0).address,
    'https://x.example/',
  );
  const known = at('http://10.0.0.7:8000/');
  assert.equal(heard(known, { type: 'address', url: known.address }, 0), known, 'the same is no news');
  for (const url of [
    'javascript:alert(1)//',
    'data:text/html,x/',
    'http:///',
    '//evil.example/',
    '',
    7,
    null,
    'http://a b/',
    `http://${'x'.repeat(500)}/`,
  ])
    assert.equal(at(url), UNKNOWN, String(url));
});

test('a page is at an address of the same host and port, also over TLS, and a page elsewhere is not', () => {
  const workshop = 'http://192.168.1.5:8000/';
  for (const page of ['http://192.168.1.5:8000/a/b.html#c', 'https://192.168.1.5:8000/'])
    assert.ok(isAt(page, workshop), page);
  for (const page of [
    'http://localhost:8000/',
    'http://192.168.1.5:8001/',
    'http://192.168.1.50:8000/',
    'http://192.168.1.5/',
  ])
    assert.ok(!isAt(page, workshop), page);
  assert.ok(isAt('http://laptop.local/', 'http://laptop.local:80/'));
  assert.ok(!isAt('http://laptop.local/', ''));
});

test('a page is found at the other address, over TLS if it was, and below a prefix', () => {
  const there = (/** @type {string} */ page, /** @type {string} */ root, workshop = 'http://10.0.0.7:8000/') =>
    addressThere({ workshop, root, page });
  const root = 'http://192.168.1.5:8000/';
  assert.equal(there(`${root}connecting/index.html?x#y`, root), 'http://10.0.0.7:8000/connecting/index.html');
  assert.equal(there(root, root), 'http://10.0.0.7:8000/');
  assert.equal(there('https://192.168.1.5:8000/a.html', 'https://192.168.1.5:8000/'), 'https://10.0.0.7:8000/a.html');
  assert.equal(
    there('https://x.example/a.html', 'https://x.example/', 'http://laptop.local/'),
    'https://laptop.local:80/a.html',
  );
  assert.equal(
    there('http://x.example/book/a.html', 'http://x.example/book/', 'http://y.example/guide/'),
    'http://y.example/guide/a.html',
  );
  assert.equal(there(`${root}/evil.example/`, root), 'http://10.0.0.7:8000//evil.example/');
});

test('a ticket goes along with whether its reader shares, and nothing else is taken for one', () => {
  assert.deepEqual(broughtIn(bringing(TICKET, true)), { ticket: TICKET, shares: true });
  assert.deepEqual(broughtIn(bringing(TICKET, false)), { ticket: TICKET, shares: false });
  assert.equal(bringing(undefined, true), '');
  for (const fragment of [
    '',
    '#',
    '#~amber-otter',
    '#demo-a.js',
    '#~as:',
    '#~as:x',
    `#~as:${TICKET}&x`,
    `#as:${TICKET}`,
    `#x~as:${TICKET}`,
  ])
    assert.equal(broughtIn(fragment), undefined, fragment);
});

test('whoever goes on is named as the ticket says, with what is hidden made visible', () => {
  const ticketOf = (/** @type {unknown} */ claims) => `${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
  assert.equal(nameIn(ticketOf({ name: 'Größe' })), 'Größe');
  assert.equal(nameIn(ticketOf({ name: 'A\u202e' })), 'A[U+202E]');
  assert.ok(nameIn(ticketOf({ name: 'x'.repeat(1_000) })).length <= 60);
  assert.ok(!isOver(ticketOf({ until: 8 }), 7));
  for (const over of [ticketOf({ until: 7 }), ticketOf({}), ticketOf(null), 'x']) assert.ok(isOver(over, 7), over);
  for (const bad of [ticketOf({}), ticketOf(null), ticketOf({ name: 7 }), '', '.', 'x']) assert.equal(nameIn(bad), '');
});

test('who is somebody here already is told whom they would be no more, and not that the workshop has moved', () => {
  const here = questionOf({ name: 'Birch', pair: 'amber-otter', own: '' });
  assert.equal(here.sentence, 'The workshop has moved here. Go on as Birch, in the pair amber-otter?');
  const linked = questionOf({ name: 'Birch', pair: undefined, own: 'Alder' });
  assert.match(linked.sentence, /the ticket of Birch\. Go on as Birch, and not as Alder any more\?/);
  assert.doesNotMatch(linked.sentence, /moved/);
  assert.equal(linked.stay, 'Stay Alder');
});
