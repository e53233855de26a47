// @ts-check
// The address that a phone opens to see a demo.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { demoAddress } from '../../../book/stage/workshop/demo-address.js';

const WORKSHOP = 'http://192.0.2.5:8000/';

/** @param {string} page @param {string} [root] @param {string} [id] */
const placeOn = (page, root = 'http://localhost:8000/', id = 'demo-createoffer.js') =>
  demoAddress({ workshop: WORKSHOP, root, page, id }).place;

test('it is the place in the book behind the address of the workshop, wherever the reader has the book open', () => {
  const parts = { workshop: WORKSHOP, id: 'demo-createoffer.js' };
  for (const root of ['http://localhost:8000/', 'https://book.example/guide/', WORKSHOP]) {
    for (const path of ['', 'connecting/', 'connecting/instruments.html']) {
      const { href, place } = demoAddress({ ...parts, root, page: `${root}${path}` });
      assert.equal(place, `${path}#demo-createoffer.js`);
      assert.equal(href, `${WORKSHOP}${place}`);
    }
  }
});

test('a query and the fragment of the page are left out', () => {
  assert.equal(placeOn('http://localhost:8000/connecting/?search=x#try-this'), 'connecting/#demo-createoffer.js');
});

test('other characters than those of addresses are encoded, and a path never names another server', () => {
  const root = 'http://localhost:8000/';
  assert.equal(placeOn(`${root}größe/`, root, 'demo-grün "1".js'), 'gr%C3%B6%C3%9Fe/#demo-gr%C3%BCn%20%221%22.js');
  for (const path of ['/evil.example/', 'http://evil.example/', '@evil.example/']) {
    const { href } = demoAddress({ workshop: WORKSHOP, root, page: `${root}${path}`, id: 'demo-a.js' });
    assert.equal(new URL(href).origin, new URL(WORKSHOP).origin, href);
  }
});

test('while the reader has a pair, it is behind the demo, or alone behind the page', () => {
  const parts = { workshop: WORKSHOP, root: 'http://localhost:8000/', page: 'http://localhost:8000/connecting/#x' };
  const pair = 'amber-otter';
  const demo = demoAddress({ ...parts, id: 'demo-createoffer.js', pair });
  assert.equal(demo.href, `${WORKSHOP}connecting/#demo-createoffer.js~amber-otter`);
  assert.equal(demoAddress({ ...parts, id: '', pair }).place, 'connecting/#~amber-otter');
});
