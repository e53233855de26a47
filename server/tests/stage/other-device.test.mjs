// @ts-check
// The host's page on another device: from where, and what of the server's answer is taken.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invitationIn } from '../../../book/stage/host/host-session.js';
import { canInvite } from '../../../book/stage/host/other-device.js';

test('only a page on the machine itself offers to open it elsewhere', () => {
  for (const name of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]']) assert.ok(canInvite(name), name);
  for (const name of [
    '192.168.1.5',
    '[fe80::1]',
    'laptop.local',
    'localhost.example',
    '127.0.0.1.example',
    'a127.0.0.1',
    '',
  ])
    assert.ok(!canInvite(name), name);
});

test('an address is taken only if it is one of TLS with its picture, and bounded', () => {
  const url = 'https://192.168.1.5:8000/workshop/host.html#code=abc';
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"></svg>';
  assert.deepEqual(invitationIn({ url, svg, more: 1 }), { url, svg });
  for (const given of [
    undefined,
    null,
    7,
    {},
    { url },
    { svg },
    { url: url.replace('https', 'http'), svg },
    { url: 'javascript:alert(1)', svg },
    { url: `https://${'x'.repeat(1_000)}/`, svg },
    { url, svg: '<script>' },
    { url, svg: `<svg>${'x'.repeat(200_000)}` },
  ])
    assert.equal(invitationIn(given), undefined);
});
