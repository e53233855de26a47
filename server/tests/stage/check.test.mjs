// @ts-check
// What the page that checks a device says of what it has found, and that each check ends in time with all that it has started.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createChecks } from '../../../book/stage/check/check-list.js';
import { summaryOf, textOf } from '../../../book/stage/check/check-report.js';
import { runChecks } from '../../../book/stage/check/check-run.js';
import { saidOfCandidates, saidOfClock } from '../../../book/stage/check/device-checks.js';
import { serversIn } from '../../../book/stage/check/given-servers.js';
import { untried, works } from '../../../book/stage/check/outcome.js';
import { saidOfRelay, saidOfUdp } from '../../../book/stage/check/server-checks.js';
import { orAborted, within } from '../../../book/stage/check/within.js';

const NOW = Date.parse('2026-11-29T09:00:00Z');

test('clocks agree within a minute, whenever between question and answer the other was read', () => {
  const stateAt = (/** @type {number} */ ahead, took = 0) => saidOfClock(NOW + ahead, NOW, NOW + took).state;
  for (const ahead of [0, -900, 60_000, -61_000]) assert.equal(stateAt(ahead), 'works', String(ahead));
  for (const ahead of [60_001, -61_001]) assert.equal(stateAt(ahead), 'fails', String(ahead));
  assert.equal(stateAt(65_000, 10_000), 'works');
  assert.equal(saidOfClock(Number.NaN, NOW, NOW).state, 'untried');
});

test('a clock that is wrong is said to be so by minutes, hours or days', () => {
  const saidAt = (/** @type {number} */ ahead) => saidOfClock(NOW + ahead, NOW, NOW).says;
  assert.match(saidAt(90_000), /by 2 min: set the one/);
  assert.match(saidAt(-7_200_000), /by 2 h: set the one/);
  assert.match(saidAt(3 * 86_400_000), /by 3 days: set the one/);
});

test('of addresses some are shown and all are copied, and names in their place are counted', () => {
  const made = ['192.0.2.1', '192.0.2.2', '192.0.2.3', 'fd00::1', 'fd00::2', 'a.local'];
  const { state, says, more } = saidOfCandidates(made);
  assert.equal(state, 'works');
  assert.match(says, /192\.0\.2\.3 and 2 more\. 1 is hidden/);
  assert.equal(more, made.join(' '));
  assert.equal(saidOfCandidates([]).state, 'fails');
});

const URLS = ['stun:host:1', 'turn:host:1?transport=udp', 'turn:host:1?transport=tcp'];

test('each kind of server is found, and what is no server is left out', () => {
  const answer = { iceServers: [{ urls: URLS, username: 'user', credential: 'word' }] };
  const { stun, udp, tcp } = serversIn(answer) ?? {};
  assert.deepEqual(stun, { address: 'host:1', server: { urls: URLS[0] } });
  assert.deepEqual(udp, { address: 'host:1', server: { urls: URLS[1], username: 'user', credential: 'word' } });
  assert.deepEqual(tcp?.server.urls, URLS[2]);
  assert.deepEqual(serversIn({ iceServers: [] }), {});
  for (const none of [undefined, null, 7, {}, { iceServers: 'turn:host' }]) assert.equal(serversIn(none), undefined);
  const urls = [7, null, '', 'http://host', 'turn:', 'turn:a b?x', 'stun:host?transport=udp/'];
  assert.deepEqual(serversIn({ iceServers: [null, 7, {}, { urls }] }), {});
});

test('without transport TURN is reached by UDP, and TURN with TLS by TCP', () => {
  const kindsOf = (/** @type {string} */ urls) => Object.keys(serversIn({ iceServers: [{ urls }] }) ?? {});
  assert.deepEqual(kindsOf('turn:host'), ['udp']);
  assert.deepEqual(kindsOf('turns:host:443'), ['tcp']);
  assert.deepEqual(kindsOf('turn:[::1]:8000?transport=tcp'), ['tcp']);
});

test('hidden characters in what the server names are shown', () => {
  const { udp } = serversIn({ iceServers: [{ urls: 'turn:ho\u202est:1' }] }) ?? {};
  assert.equal(udp?.address, 'ho[U+202E]st:1');
});

/** @param {string} type @param {string} address @returns {any} */
const candidate = (type, address) => ({ type, address, port: 5 });

test('UDP is shown to pass by the address that STUN sees, by a relay, or by a refusal, and by nothing else', () => {
  const seen = saidOfUdp('host:1', [candidate('host', 'a.local'), candidate('srflx', '192.0.2.7')], []);
  assert.equal(seen.says, 'host:1 sees this device as 192.0.2.7:5.');
  assert.match(saidOfUdp('host:1', [candidate('srflx', 'fd00::7')], []).says, /as \[fd00::7\]:5/);
  assert.equal(saidOfUdp('host:1', [candidate('relay', '192.0.2.7')], [701]).state, 'works');
  assert.equal(saidOfUdp('host:1', [], [401]).state, 'works');
  assert.equal(saidOfUdp('host:1', [candidate('host', '192.0.2.7')], [701]).state, 'fails');
  assert.equal(saidOfUdp('host:1', [], []).state, 'fails');
});

test('a relay that does not carry a message says why, as far as that is known', () => {
  const said = { isHeard: false, took: 1, candidates: [], errors: [] };
  assert.equal(saidOfRelay('udp', 'host:1', { ...said, isHeard: true }).state, 'works');
  const failsWith = (/** @type {'udp' | 'tcp'} */ way, /** @type {object} */ change, /** @type {RegExp} */ words) => {
    const outcome = saidOfRelay(way, 'host:1', { ...said, ...change });
    assert.equal(outcome.state, 'fails');
    assert.match(outcome.says, words);
  };
  failsWith('udp', {}, /let UDP through/);
  failsWith('tcp', { errors: [701] }, /nothing but HTTP/);
  failsWith('udp', { errors: [701, 401] }, /user name and the password/);
  failsWith('udp', { errors: [486] }, /all ports that they may have/);
  failsWith('tcp', { errors: [437] }, /its answer is 437/);
  failsWith('udp', { candidates: [candidate('relay', '192.0.2.7')] }, /no message passes/);
});

/** Findings of these sections in these states. @param {Record<string, string>} states */
const findings = (states) =>
  Object.entries(states).map(([section, state]) => ({
    section,
    name: section,
    state,
    word: `is ${state}`,
    says: 'It was found.',
    advice: '',
    more: '',
  }));

test('the summary says what does not work, what was not tried, and what follows from it', () => {
  const good = { websocket: 'works', 'a-relay-over-udp': 'works', 'a-relay-over-tcp': 'works' };
  const sumUp = (/** @type {Record<string, string>} */ change) => summaryOf(findings({ ...good, ...change }));
  assert.equal(sumUp({}), 'Everything works.');
  const insecure = sumUp({ 'a-secure-context': 'fails' });
  assert.match(insecure, /^Does not work: a-secure-context\. .*only camera and microphone/);
  assert.match(sumUp({ websocket: 'fails' }), /do not find each other/);
  assert.match(sumUp({ 'a-relay-over-udp': 'fails' }), /go over TCP/);
  assert.match(sumUp({ 'a-relay-over-udp': 'fails', 'a-relay-over-tcp': 'fails' }), /will not be connected/);
  const none = sumUp({ 'a-relay-over-udp': 'untried', 'a-relay-over-tcp': 'untried' });
  assert.equal(none, 'All that was tried works. Not tried: a-relay-over-udp, a-relay-over-tcp.');
});

test('the text has where, when, by what, and each row', () => {
  const about = { page: 'http://host/check.html', time: new Date(NOW), browser: 'Browser 1' };
  const [row] = findings({ websocket: 'works' });
  assert.deepEqual(textOf(about, [{ ...row, advice: 'Do that.', more: 'a b' }]).split('\n'), [
    'Checked at http://host/check.html',
    '2026-11-29T09:00:00.000Z',
    'Browser 1',
    '',
    'websocket: is works. It was found. Do that. (a b)',
    '',
  ]);
});

test('what work starts ends with it, in time or with the run', async () => {
  /** @type {AbortSignal[]} */
  const signals = [];
  const keep = (/** @type {AbortSignal} */ signal) => {
    signals.push(signal);
    return signal;
  };
  const nothing = new Promise(() => {});
  const run = new AbortController();
  await within(1_000, run.signal, keep);
  await within(1, run.signal, (signal) => orAborted(nothing, keep(signal)));
  const pending = within(1_000, run.signal, (signal) => orAborted(nothing, keep(signal)));
  run.abort();
  await pending;
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, true, true],
  );
  await assert.rejects(within(1_000, run.signal, keep), { name: 'AbortError' });
});

/** @param {(signal: AbortSignal) => any} check */
const one = (check) => ({ section: 'one', patience: 20, check });

/** What is shown of a run of one check. @param {(signal: AbortSignal) => any} check @param {AbortSignal} [signal] */
async function shown(check, signal = new AbortController().signal) {
  /** @type {any[]} */
  const states = [];
  await runChecks([[one(check)]], signal, (_, state) => states.push(state));
  return states;
}

test('a check is waiting, then checking, then has an outcome, also when it throws or never ends', async () => {
  const outcome = works('It is.');
  assert.deepEqual(await shown(() => outcome), ['waiting', 'checking', outcome]);
  const secret = () => {
    throw new TypeError('the password is secret');
  };
  const [, , failed] = await shown(secret);
  assert.equal(failed.says, 'The browser refuses what the check needs: TypeError.');
  const [, , late] = await shown(never);
  assert.equal(late.says, 'It did not end within 0.02 s.');
});

/** @param {AbortSignal} signal */
async function never(signal) {
  await orAborted(new Promise(() => {}), signal);
  signal.throwIfAborted();
  return untried('never');
}

test('a run that was ended shows nothing more, and begins no other group', async () => {
  const run = new AbortController();
  /** @type {any[]} */
  const states = [];
  const end = () => {
    run.abort();
    return works('It is.');
  };
  await runChecks([[one(end)], [one(end)]], run.signal, (_, state) => states.push(state));
  assert.deepEqual(states, ['waiting', 'waiting', 'checking']);
});

test('every check has a section, and none two', () => {
  const sections = createChecks()
    .flat()
    .map(({ section }) => section);
  assert.equal(new Set(sections).size, 8);
});
