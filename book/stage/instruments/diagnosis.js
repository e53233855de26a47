// @ts-check
// What keeps a run from what it should reach, told from the model alone: what is missing, and how one can tell. Pure. What to do about it
// stands in findings.js. A fault that was switched on leaves the same traces as the real one, and only those are looked at.

import { parseCandidate } from './candidate.js';
import { current, reached, since } from './model.js';

/** What should follow at once is missed after this time, in ms. */
const PATIENCE = 2_500;
/** Signaling that takes longer than this, in ms, is slow. */
const SLOW = 1_000;
/** Neither failed nor connected after this time, in ms, it may be stuck. */
const STUCK = 8_000;
/** More open connections than this are a leak, more offers than that a loop. */
const MANY_CONNECTIONS = 50;
const MANY_OFFERS = 12;
/** The channel on which our library asks whether the other side is there, and how many questions may stay open. */
const LIVENESS = { label: 'rtc-quickconnect', unanswered: 2 };

/** @typedef {import('./model.js').Model} Model */
/** @typedef {import('./model.js').Connection} Connection */
/** @typedef {import('./model.js').Call} Call */
/** @typedef {{ id: string, of: string, evidence: string, line?: number }} Finding `id` names an entry of findings.js */

/** @param {Model} model @param {number} now ms since Run @returns {Finding[]} the likeliest first; none for a run that does what it should */
export function diagnose(model, now) {
  const connections = model.connections.filter(({ closedAt }) => closedAt === undefined);
  /** @type {(Finding | undefined)[]} */
  const found = [];
  for (const connection of model.connections) {
    const partner = partnerOf(connection, model.connections);
    for (const rule of RULES) {
      const finding = rule({ connection, partner, model, now });
      if (finding) found.push({ of: connection.title, ...finding });
    }
  }
  found.push(serverAway(model), tooMany(connections.length));
  const findings = found.filter((finding) => finding !== undefined);
  // Both sides of a page tell of the same thing, and one root has several signs: the first of each kind counts.
  const distinct = findings.filter(({ id }, i) => findings.findIndex((other) => other.id === id) === i);
  return distinct.sort((a, b) => RANK.indexOf(a.id) - RANK.indexOf(b.id)).filter(({ id }, _, all) => !all.some((other) => EXPLAINS[other.id]?.includes(id)));
}

/** Roots before what follows from them. */
const RANK = ['server-away', 'glare', 'answer-twice', 'answer-unexpected', 'out-of-order', 'early-candidates', 'empty-offer', 'offer-not-set', 'no-offer', 'no-answer', 'relay-only', 'turn-credentials',
  'no-local-candidates', 'wrong-password', 'no-candidates', 'one-way-candidates', 'slow', 'freeze', 'send-early', 'too-large', 'queue-full', 'send-closed', 'renegotiate', 'loop',
  'too-many', 'closed-too-soon', 'call-failed', 'disconnected', 'local-names', 'checks-failed', 'stuck'];

/** What need not be said beside a root. @type {Record<string, string[]>} */
const EXPLAINS = {
  glare: ['call-failed', 'no-answer', 'no-candidates', 'one-way-candidates', 'stuck', 'checks-failed', 'local-names', 'early-candidates', 'renegotiate', 'wrong-password'],
  'answer-twice': ['call-failed'],
  'answer-unexpected': ['offer-not-set', 'call-failed', 'stuck', 'no-candidates'],
  'out-of-order': ['early-candidates', 'call-failed', 'no-candidates', 'one-way-candidates', 'stuck', 'checks-failed', 'local-names', 'slow'],
  'early-candidates': ['call-failed', 'no-candidates', 'one-way-candidates', 'stuck', 'checks-failed', 'local-names', 'slow'],
  'empty-offer': ['no-local-candidates', 'no-candidates', 'stuck', 'no-answer'],
  'no-offer': ['no-answer', 'stuck', 'early-candidates', 'call-failed'],
  'no-answer': ['stuck', 'early-candidates', 'call-failed'],
  'relay-only': ['no-local-candidates', 'no-candidates', 'one-way-candidates', 'checks-failed', 'local-names', 'stuck', 'slow'],
  'no-local-candidates': ['no-candidates', 'one-way-candidates', 'stuck', 'checks-failed', 'local-names'],
  'wrong-password': ['checks-failed', 'local-names', 'stuck', 'disconnected'],
  'no-candidates': ['checks-failed', 'local-names', 'stuck', 'one-way-candidates', 'disconnected'],
  'send-early': ['call-failed'],
  freeze: ['disconnected'],
  'turn-credentials': ['stuck', 'checks-failed', 'local-names'],
  'local-names': ['stuck', 'disconnected'],
  'checks-failed': ['stuck', 'disconnected'],
};

/** What `send()` throws (https://www.w3.org/TR/webrtc/#dom-rtcdatachannel-send), if the channel was open. @type {Record<string, string>} */
const REFUSALS = { TypeError: 'too-large', OperationError: 'queue-full' };

// --- What a connection shows

/** @typedef {{ connection: Connection, partner: Connection | undefined, model: Model, now: number }} Case */
/** @typedef {(given: Case) => Omit<Finding, 'of'> | undefined} Rule */

/** @type {Rule[]} */
const RULES = [
  // Descriptions in the wrong order
  ({ connection }) => {
    const refused = made(connection, 'setRemoteDescription').find((call) => call.type === 'answer' && call.outcome === 'failed' && call.errorName === 'InvalidStateError');
    if (!refused) return undefined;
    const state = stateAt(connection, refused.at);
    const earlier = connection.descriptions.find(({ at, type, side }) => side === 'remote' && type === 'answer' && at <= refused.at + 1);
    const evidence = `The answer was refused at ${ms(refused.at)}, in the signaling state ${state}: an answer fits only have-local-offer.`;
    if (state === 'have-remote-offer') return { id: 'glare', evidence: `${evidence} An offer of the other side had arrived before it.`, line: refused.line };
    if (earlier) return { id: 'answer-twice', evidence: `${evidence} An answer had taken effect at ${ms(earlier.at)}.`, line: refused.line };
    return { id: 'answer-unexpected', evidence, line: refused.line };
  },
  ({ connection }) => {
    const refused = made(connection, 'setRemoteDescription').find((call) => call.type === 'offer' && call.outcome === 'failed' && stateAt(connection, call.at) === 'have-local-offer');
    return refused && { id: 'glare', evidence: `An offer arrived at ${ms(refused.at)}, while this side waited for the answer to its own.`, line: refused.line };
  },
  ({ connection }) => {
    const early = made(connection, 'addIceCandidate').filter((call) => call.outcome === 'failed' && call.errorName === 'InvalidStateError');
    const [first] = early;
    if (!first || connection.descriptions.some(({ at, side }) => side === 'remote' && at <= first.at)) return undefined;
    return { id: 'early-candidates', evidence: `${early.length === 1 ? 'A candidate was' : `${early.length} candidates were`} refused from ${ms(first.at)} on: there was no remote description yet.`, line: first.line };
  },
  ({ connection, partner, model }) => {
    const found = partner ? partner.localCandidates.map(({ text }) => text) : model.sockets.flatMap(({ received }) => received.map(({ text }) => text));
    const seen = new Set();
    let last = -1;
    for (const { text, at, line } of made(connection, 'addIceCandidate')) {
      if (!text || seen.has(text)) continue;
      seen.add(text);
      const place = found.findIndex((one) => one.includes(text));
      if (place >= 0 && place < last) return { id: 'out-of-order', evidence: `The candidate handed over at ${ms(at)} had been ${partner ? 'found' : 'received'} before one that was handed over earlier.`, line };
      last = Math.max(last, place);
    }
    return undefined;
  },
  // Descriptions that are missing
  ({ connection }) => {
    const offer = connection.descriptions.find(({ type, side }) => type === 'offer' && side === 'local');
    return offer && !/^m=/m.test(offer.sdp) ? { id: 'empty-offer', evidence: `The offer that took effect at ${ms(offer.at)} has no m= line.` } : undefined;
  },
  ({ connection, now }) => {
    const offer = made(connection, 'createOffer').find(({ outcome }) => outcome === 'done');
    if (!offer || called(connection, 'setLocalDescription') || now - offer.at < PATIENCE) return undefined;
    return { id: 'offer-not-set', evidence: `createOffer() made an offer at ${ms(offer.at)}; setLocalDescription() was never called, and the signaling state is still ${current(connection.states.signaling)}.`, line: offer.line };
  },
  ({ connection, model, now }) => {
    if (connection.closedAt !== undefined || made(connection, 'setRemoteDescription').length > 0 || made(connection, 'createOffer').length > 0 || called(connection, 'setLocalDescription')) return undefined;
    const others = model.connections.filter((other) => other !== connection && current(other.states.signaling) === 'have-local-offer');
    const from = others.length > 0 ? Math.min(...others.map((other) => since(other.states.signaling))) : connection.at;
    const expectsOne = others.length > 0 || (model.sockets.length > 0 && model.connections.length > 0);
    if (!expectsOne || now - from < PATIENCE) return undefined;
    return { id: 'no-offer', evidence: `${connection.title} has no remote description${others.length > 0 ? `, although ${others[0].title} made an offer at ${ms(from)}` : `, ${ms(now - from)} after it was made`}.` };
  },
  ({ connection, partner, model, now }) => {
    if (current(connection.states.signaling) !== 'have-local-offer' || now - since(connection.states.signaling) < PATIENCE) return undefined;
    // A lone offer, as the first demo makes it, waits for nobody.
    if (model.connections.length === 1 && model.sockets.length === 0) return undefined;
    const answer = (partner ?? model.connections.find((other) => other !== connection))?.descriptions.find(({ type, side }) => type === 'answer' && side === 'local');
    const arrived = model.sockets.some(({ received }) => received.some(({ text }) => text.includes('"type":"answer"')));
    const whereabouts = answer ? ` The other side made its answer at ${ms(answer.at)}.` : arrived ? ' An answer did come through the signaling server.' : ' None came through the signaling server either.';
    return { id: 'no-answer', evidence: `have-local-offer since ${ms(since(connection.states.signaling))} into the run: no answer was set here.${answer || model.sockets.length > 0 ? whereabouts : ''}` };
  },
  ({ connection, partner }) => {
    for (const taken of made(connection, 'setRemoteDescription')) {
      const source = partner?.descriptions.find(({ side, sdp }) => side === 'local' && origin(sdp) === origin(taken.text));
      const offer = taken.type === 'answer' ? connection.descriptions.find(({ type, side }) => type === 'offer' && side === 'local') : undefined;
      const from = source?.at ?? offer?.at;
      if (from !== undefined && taken.at - from > SLOW) return { id: 'slow', evidence: `The ${taken.type} arrived ${ms(taken.at - from)} after ${source ? 'it was made' : 'the offer was made'}.`, line: taken.line };
    }
    return undefined;
  },
  ({ connection, now }) => {
    const { neededAt, closedAt } = connection;
    if (neededAt === undefined || closedAt !== undefined || now - neededAt < PATIENCE || connection.descriptions.length === 0) return undefined;
    const steps = connection.calls.filter(({ name, at, outcome }) => /^set(Local|Remote)Description$/.test(name) && outcome !== 'lost' && at >= neededAt);
    return steps.length === 0 ? { id: 'renegotiate', evidence: `negotiationneeded at ${ms(neededAt)}, and no description was set since.` } : undefined;
  },
  ({ connection }) => {
    const offers = connection.descriptions.filter(({ type }) => type === 'offer');
    const last = offers.at(-1);
    const first = offers.at(-MANY_OFFERS);
    return last && first && last.at - first.at < 5_000 ? { id: 'loop', evidence: `${MANY_OFFERS} offers within ${ms(last.at - first.at)}.` } : undefined;
  },
  // Candidates and checks
  ({ connection, now }) => {
    const { localCandidates, configuration } = connection;
    if (!isRelayOnly(configuration) || localCandidates.some(({ text }) => text) || !isWaiting(connection, now)) return undefined;
    return { id: 'relay-only', evidence: 'The connection may use relays only (iceTransportPolicy: relay), and no relay candidate was found.' };
  },
  ({ connection }) => {
    const refused = connection.candidateErrors.find(({ value }) => value === '401');
    return refused && { id: 'turn-credentials', evidence: `A TURN server refused the user name or the password at ${ms(refused.at)} (error 401).` };
  },
  ({ connection, now }) => {
    const { localCandidates, configuration, states } = connection;
    if (isRelayOnly(configuration) || localCandidates.some(({ text }) => text) || current(states.gathering) !== 'complete' || !isWaiting(connection, now)) return undefined;
    return { id: 'no-local-candidates', evidence: `Gathering is complete since ${ms(since(states.gathering))} into the run, and no candidate was found here.` };
  },
  ({ connection, partner, model, now }) => {
    const remote = connection.descriptions.findLast(({ side }) => side === 'remote');
    if (!remote || isConnected(connection) || !isWaiting(connection, now)) return undefined;
    const sent = sentPasswords(remote.sdp, partner, model);
    if (sent.length === 0 || passwords(remote.sdp).some((password) => sent.includes(password))) return undefined;
    return { id: 'wrong-password', evidence: `The ${remote.type} that was set at ${ms(remote.at)} has another a=ice-pwd than the one that the other side sent.` };
  },
  ({ connection, partner, now }) => {
    if (!isNegotiated(connection) || hasRemoteCandidates(connection) || isRelayOnly(partner?.configuration ?? '')) return undefined;
    if (isConnected(connection)) return now - since(connection.states.connection) < PATIENCE ? undefined : { id: 'one-way-candidates', evidence: `${connection.title} was given no candidate of the other side, and is connected all the same.` };
    if (!isWaiting(connection, now) || (partner && hasRemoteCandidates(partner))) return undefined;
    return { id: 'no-candidates', evidence: `Offer and answer are exchanged since ${ms(since(connection.states.signaling))} into the run, ICE is ${current(connection.states.ice)}, and no candidate of the other side was handed over.` };
  },
  ({ connection }) => {
    const failed = reached(connection.states.connection, 'failed') ?? reached(connection.states.ice, 'failed');
    if (!failed || current(connection.states.connection) === 'connected') return undefined;
    const remote = connection.remoteCandidates.map(({ text }) => parseCandidate(text)).filter((parts) => parts !== undefined);
    const evidence = `ICE gave up at ${ms(failed.at)}: of ${connection.localCandidates.length} candidates here and ${remote.length} there, no pair worked.`;
    const isHidden = remote.length > 0 && remote.every(({ address }) => address.endsWith('.local'));
    return isHidden ? { id: 'local-names', evidence: `${evidence} All of the other side’s addresses are .local names.` } : { id: 'checks-failed', evidence };
  },
  ({ connection, now }) => {
    const { states } = connection;
    if (current(states.connection) !== 'disconnected' || now - since(states.connection) < PATIENCE) return undefined;
    return { id: 'disconnected', evidence: `disconnected since ${ms(since(states.connection))} into the run: nothing of the other side arrives.` };
  },
  ({ connection }) => {
    const { states, closedAt } = connection;
    const before = states.connection.at(-2)?.value;
    return closedAt !== undefined && before === 'disconnected' ? { id: 'closed-too-soon', evidence: `The code closed the connection at ${ms(closedAt)}, while it was only disconnected.` } : undefined;
  },
  ({ connection, now }) => {
    const { connection: state } = connection.states;
    if (!isNegotiated(connection) || !/^(new|connecting)$/.test(current(state)) || now - since(connection.states.signaling) < STUCK) return undefined;
    return { id: 'stuck', evidence: `Offer and answer are exchanged since ${ms(since(connection.states.signaling))} into the run; connection: ${current(state)}, ICE: ${current(connection.states.ice)}.` };
  },
  // Channels
  ({ connection, partner, now }) => {
    for (const channel of connection.channels) {
      if (current(channel.states) !== 'open' || connection.closedAt !== undefined) continue;
      const twin = partner?.channels.find(({ label, id }) => label === channel.label && id !== channel.id);
      const unheard = twin ? channel.sent[twin.received.length] : undefined;
      const last = channel.received.at(-1) ?? 0;
      const questions = channel.label === LIVENESS.label ? channel.sent.filter((at) => at > last) : [];
      if ((unheard !== undefined && now - unheard > PATIENCE) || questions.length > LIVENESS.unanswered) {
        return { id: 'freeze', evidence: `The channel “${channel.label}” is open, and what was sent at ${ms(unheard ?? questions[0])} did not come to anything: ${channel.received.length === 0 ? 'nothing ever came back' : `the last message came at ${ms(last)}`}.` };
      }
    }
    return undefined;
  },
  ({ connection }) => {
    for (const { failures, label, states } of connection.channels) {
      const [failure] = failures;
      if (!failure) continue;
      const evidence = `send() on “${label}” threw ${failure.errorName} at ${ms(failure.at)}${failure.errorText ? `: ${failure.errorText}` : '.'}`;
      const isEarly = failure.errorName === 'InvalidStateError' && !states.some(({ value, at }) => value === 'open' && at <= failure.at);
      return { id: isEarly ? 'send-early' : (REFUSALS[failure.errorName] ?? 'send-closed'), evidence, line: failure.line };
    }
    return undefined;
  },
  ({ connection }) => {
    const failed = connection.calls.find(({ outcome }) => outcome === 'failed');
    return failed && { id: 'call-failed', evidence: `${failed.name}() failed at ${ms(failed.at)}: ${failed.errorName} ${failed.errorText}`, line: failed.line };
  },
];

// --- What the whole page shows

/** @param {Model} model @returns {Finding | undefined} */
function serverAway({ sockets }) {
  const last = sockets.at(-1);
  if (!last || sockets.some(({ states }) => current(states) === 'open') || last.isClosedByCode || !sockets.some(({ states }) => current(states) === 'closed')) return undefined;
  const closed = sockets.find(({ states }) => current(states) === 'closed');
  return { id: 'server-away', of: 'Signaling', evidence: `The socket to the signaling server is closed since ${ms(since(closed?.states ?? last.states))} into the run, and ${sockets.length > 1 ? `${sockets.length - 1} further ${sockets.length === 2 ? 'attempt' : 'attempts'} did not open one` : 'no other was opened'}.` };
}

/** @param {number} open @returns {Finding | undefined} */
const tooMany = (open) => (open > MANY_CONNECTIONS ? { id: 'too-many', of: 'The page', evidence: `${open} connections are open at once.` } : undefined);

// --- Looking at a connection

/** Calls that reached the browser. @param {Connection} connection @param {string} name */
const made = ({ calls }, name) => calls.filter((call) => call.name === name && call.outcome !== 'lost');
/** @param {Connection} connection @param {string} name */
const called = (connection, name) => made(connection, name).length > 0;
/** @param {Connection} connection @param {number} at */
const stateAt = ({ states }, at) => states.signaling.findLast((state) => state.at <= at)?.value ?? 'stable';
/** @param {Connection} connection */
const isConnected = ({ states }) => reached(states.connection, 'connected') !== undefined;
/** Both descriptions have taken effect. @param {Connection} connection */
const isNegotiated = ({ descriptions, states, closedAt }) =>
  closedAt === undefined && current(states.signaling) === 'stable' && ['local', 'remote'].every((side) => descriptions.some((one) => one.side === side));
/** It should be connected by now. @param {Connection} connection @param {number} now */
const isWaiting = (connection, now) => !isConnected(connection) && connection.closedAt === undefined && connection.descriptions.length > 0 && now - connection.descriptions[0].at > PATIENCE && now - since(connection.states.signaling) > PATIENCE;
/** @param {Connection} connection */
const hasRemoteCandidates = ({ remoteCandidates, descriptions }) =>
  remoteCandidates.some(({ text, outcome }) => text && outcome === 'done') || descriptions.some(({ side, sdp }) => side === 'remote' && /^a=candidate:/m.test(sdp));
/** @param {string} configuration */
const isRelayOnly = (configuration) => configuration.includes('"iceTransportPolicy":"relay"');
/** @param {string} sdp */
const origin = (sdp) => /^o=\S+ \S+/m.exec(sdp)?.[0] ?? '';
/** @param {string} sdp */
const passwords = (sdp) => [...sdp.matchAll(/a=ice-pwd:([\w+/]+)/g)].map(([, password]) => password);

/** The one on this page that made what this one was given. @param {Connection} connection @param {Connection[]} all */
function partnerOf(connection, all) {
  const theirs = (/** @type {Connection} */ other, /** @type {Connection} */ one) =>
    one.calls.some(({ name, text }) => name === 'setRemoteDescription' && origin(text) && other.descriptions.some(({ side, sdp }) => side === 'local' && origin(sdp) === origin(text)));
  return all.find((other) => other !== connection && (theirs(other, connection) || theirs(connection, other)));
}

/** What the other side gave as its passwords in this description, wherever that can be seen. @param {string} sdp @param {Connection | undefined} partner @param {Model} model */
function sentPasswords(sdp, partner, { sockets }) {
  const id = origin(sdp);
  const own = partner?.descriptions.filter(({ side, sdp: theirs }) => side === 'local' && origin(theirs) === id) ?? [];
  const frames = sockets.flatMap(({ received }) => received.filter(({ text }) => id && text.includes(id)));
  return [...own.map(({ sdp: text }) => text), ...frames.map(({ text }) => text)].flatMap(passwords);
}

/** @param {number} value */
const ms = (value) => (value < 1_000 ? `${value.toFixed(0)} ms` : `${(value / 1_000).toFixed(1)} s`);
