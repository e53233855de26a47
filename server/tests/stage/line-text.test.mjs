// “A bad line” leaves no candidate in what a connection gives away or gets but a port of the line.

import assert from 'node:assert/strict';
import test from 'node:test';
import { lineText } from '../../../book/stage/runner/parts/line-text.js';

const { candidate, given, got, isMarked, unmarked, credentials } = lineText;

const END = { address: '192.0.2.7', port: 40001 };
const SESSION = ['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0 1'];
const AUDIO = [
  'm=audio 54321 UDP/TLS/RTP/SAVPF 111',
  'c=IN IP4 198.51.100.9',
  'a=rtcp:54321 IN IP4 198.51.100.9',
  'a=candidate:1 1 udp 2113937151 198.51.100.9 54321 typ host generation 0 ufrag Ab+/ network-cost 999',
  'a=candidate:2 2 UDP 2113937150 198.51.100.9 54322 typ host',
  'a=candidate:3 1 tcp 1518280447 198.51.100.9 9 typ host tcptype active',
  'a=candidate:4 1 udp 41819902 203.0.113.5 3478 typ relay raddr 198.51.100.9 rport 54321',
  'a=candidate:5 1 udp 2113937151 2f0c1c5e-aaaa-bbbb-cccc-0123456789ab.local 54323 typ host',
  'a=end-of-candidates',
  'a=ice-ufrag:Ab+/',
  'a=ice-pwd:0123456789012345678901',
  'a=mid:0',
];
const DATA = ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'c=IN IP4 0.0.0.0', 'a=ice-ufrag:Ab+/', 'a=mid:1'];
const sdpOf = (...sections) =>
  sections
    .flat()
    .map((line) => `${line}\r\n`)
    .join('');
const linesOf = (sdp) => sdp.split('\r\n');

test('all candidates of a section become one, and nothing else names an address', () => {
  const sdp = got(sdpOf(SESSION, AUDIO, DATA), END);
  const candidates = linesOf(sdp).filter((line) => line.startsWith('a=candidate:'));
  assert.deepEqual(candidates, ['a=candidate:1 1 udp 2130706431 192.0.2.7 40001 typ host ufrag Ab+/']);
  assert.doesNotMatch(sdp, /198\.51|203\.0|\.local|54321/);
  assert.match(sdp, /^m=audio 40001 UDP/m);
  assert.match(sdp, /^c=IN IP4 192\.0\.2\.7\r$/m);
  assert.match(sdp, /^a=rtcp:40001 IN IP4 192\.0\.2\.7\r$/m);
  assert.match(sdp, /^a=end-of-candidates\r$/m);
});

test('what has no candidates stays as it is, and so do sections that are rejected', () => {
  assert.equal(got(sdpOf(SESSION, DATA), END), sdpOf(SESSION, DATA));
  const rejected = ['m=video 0 UDP/TLS/RTP/SAVPF 96', 'a=mid:2'];
  assert.ok(got(sdpOf(SESSION, AUDIO, rejected), END).endsWith(sdpOf(rejected)));
});

test('an address of IPv6 is named as one', () => {
  const sdp = got(sdpOf(SESSION, AUDIO), { address: '2001:db8::7', port: 40001 });
  assert.match(sdp, /^c=IN IP6 2001:db8::7\r$/m);
  assert.match(sdp, / 2001:db8::7 40001 typ host/);
});

test('what is given away is marked once, before its first section, and the mark can be taken away', () => {
  for (const sdp of [sdpOf(SESSION, DATA), sdpOf(SESSION)]) {
    const away = given(given(sdp, END), END);
    assert.ok(isMarked(away));
    assert.equal(linesOf(away).filter((line) => line === 'a=x-line').length, 1);
    assert.equal(linesOf(away).indexOf('a=x-line'), SESSION.length);
    assert.equal(unmarked(away), sdp);
    assert.ok(!isMarked(unmarked(away)));
  }
});

test('descriptions whose lines end with a line feed alone are read as well', () => {
  const sdp = got(sdpOf(SESSION, AUDIO).replaceAll('\r', ''), END);
  assert.equal(sdp.match(/^a=candidate:/gm).length, 1);
  assert.ok(isMarked(given(sdp, END).replaceAll('\r', '')));
});

test('a candidate keeps the user name of ICE and nothing else', () => {
  assert.equal(
    candidate(
      END,
      'candidate:9 1 udp 5 10.0.0.1 5 typ srflx raddr 0.0.0.0 rport 0 generation 0 ufrag x/Y+ network-cost 10',
    ),
    'candidate:1 1 udp 2130706431 192.0.2.7 40001 typ host ufrag x/Y+',
  );
  assert.equal(
    candidate(END, 'candidate:9 1 UDP 5 10.0.0.1 5 typ host'),
    'candidate:1 1 udp 2130706431 192.0.2.7 40001 typ host',
  );
});

test('credentials are read from either level, and only if both are there', () => {
  assert.deepEqual(credentials(sdpOf(SESSION, AUDIO, DATA)), { ufrag: 'Ab+/', password: '0123456789012345678901' });
  assert.equal(credentials(sdpOf(SESSION, DATA)), undefined);
});
