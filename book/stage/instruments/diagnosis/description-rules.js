// @ts-check
// Rules about descriptions that are missing or in the wrong order. Pure.
//
// May import: heard.js, query.js, ../model/.

import { current, since } from '../model/model.js';
import { inWords } from '../model/time.js';
import { revisionIn } from './heard.js';
import { PATIENCE, called, made, stateAt } from './query.js';

/** @typedef {import('./query.js').Rule} Rule */
/** @typedef {import('../model/model.js').Connection} Connection */

/**
 * Signaling that takes longer than this, in ms, is slow. A round trip to another page includes the time in which the other side makes its
 * answer, which this page can't measure.
 */
const SLOW = { oneWay: 1_000, roundTrip: 3_000 };
/** This many offers within this many ms are a loop. */
const MANY_OFFERS = 12;
const LOOP_TIME = 5_000;

/** @type {Rule} */
function refusedAnswer({ connection }) {
  const refused = made(connection, 'setRemoteDescription').find(
    (call) => call.type === 'answer' && call.outcome === 'failed' && call.errorName === 'InvalidStateError',
  );
  if (!refused) return undefined;
  const state = stateAt(connection, refused.at);
  const earlier = connection.descriptions.find(
    ({ at, type, side }) => side === 'remote' && type === 'answer' && at <= refused.at + 1,
  );
  const evidence = `The answer was refused at ${inWords(refused.at)}, in the signaling state ${state}: an answer fits only have-local-offer.`;
  if (state === 'have-remote-offer')
    return {
      id: 'glare',
      evidence: `${evidence} An offer of the other side had arrived before it.`,
      line: refused.line,
    };
  if (earlier)
    return {
      id: 'answer-twice',
      evidence: `${evidence} An answer had taken effect at ${inWords(earlier.at)}.`,
      line: refused.line,
    };
  return { id: 'answer-unexpected', evidence, line: refused.line };
}

/** @type {Rule} */
function offerWhileOffering({ connection }) {
  const refused = made(connection, 'setRemoteDescription').find(
    (call) => call.type === 'offer' && call.outcome === 'failed' && stateAt(connection, call.at) === 'have-local-offer',
  );
  return (
    refused && {
      id: 'glare',
      evidence: `An offer arrived at ${inWords(refused.at)}, while this side waited for the answer to its own.`,
      line: refused.line,
    }
  );
}

/** @type {Rule} */
function emptyOffer({ connection }) {
  const offer = connection.descriptions.find(({ type, side }) => type === 'offer' && side === 'local');
  return offer && !/^m=/m.test(offer.sdp)
    ? { id: 'empty-offer', evidence: `The offer that took effect at ${inWords(offer.at)} has no m= line.` }
    : undefined;
}

/** @type {Rule} */
function offerNotSet({ connection, now }) {
  const offer = made(connection, 'createOffer').find(({ outcome }) => outcome === 'done');
  if (!offer || called(connection, 'setLocalDescription') || now - offer.at < PATIENCE) return undefined;
  return {
    id: 'offer-not-set',
    evidence: `createOffer() made an offer at ${inWords(offer.at)}; setLocalDescription() was never called, and the signaling state is still ${current(connection.states.signaling)}.`,
    line: offer.line,
  };
}

/** @type {Rule} */
function missingOffer({ connection, model, now }) {
  if (
    connection.closedAt !== undefined ||
    made(connection, 'setRemoteDescription').length > 0 ||
    made(connection, 'createOffer').length > 0 ||
    called(connection, 'setLocalDescription')
  )
    return undefined;
  const others = model.connections.filter(
    (other) => other !== connection && current(other.states.signaling) === 'have-local-offer',
  );
  const from = others.length > 0 ? Math.min(...others.map((other) => since(other.states.signaling))) : connection.at;
  const expectsOne = others.length > 0 || (model.sockets.length > 0 && model.connections.length > 0);
  if (!expectsOne || now - from < PATIENCE) return undefined;
  return {
    id: 'no-offer',
    evidence: `There is no remote description here${others.length > 0 ? `, although ${others[0].title} made an offer at ${inWords(from)}` : `, ${inWords(now - from)} after it was made`}.`,
  };
}

/** @type {Rule} */
function missingAnswer({ connection, partner, model, heard, now }) {
  const { signaling } = connection.states;
  if (current(signaling) !== 'have-local-offer') return undefined;
  // A demo that only makes an offer, as the first one of the book, expects no answer.
  if (model.connections.length === 1 && model.sockets.length === 0) return undefined;
  const answer = (partner ?? model.connections.find((other) => other !== connection))?.descriptions.find(
    ({ at, type, side }) => type === 'answer' && side === 'local' && at >= since(signaling),
  );
  // With slow signaling the answer may still be on its way.
  if (now - Math.max(since(signaling), answer?.at ?? 0) < PATIENCE) return undefined;
  const whereabouts = answer
    ? ` The other side made its answer at ${inWords(answer.at)}.`
    : heard.hasAnswer
      ? ' An answer did come through the signaling server.'
      : ' None came through the signaling server either.';
  return {
    id: 'no-answer',
    evidence: `The signaling state is have-local-offer since ${inWords(since(signaling))} into the run: an offer waits for its answer, and none was set here.${answer || model.sockets.length > 0 ? whereabouts : ''}`,
  };
}

/** @type {Rule} */
function slowSignaling({ connection, partner, heard }) {
  const [own, others] = [revisionsOf(connection), revisionsOf(partner)];
  for (const taken of made(connection, 'setRemoteDescription')) {
    const revision = revisionIn(taken.text);
    const [sent, received] = [heard.sent, heard.received].map((times) => times.get(revision));
    const source = sourceOf(others.get(revision), partner, taken);
    const offeredAt = taken.type === 'answer' ? lastBefore(own, taken.at) : undefined;
    const delays = [
      sent !== undefined && received !== undefined
        ? { took: received - sent, words: 'after it was sent', most: SLOW.oneWay }
        : undefined,
      received !== undefined
        ? { took: idleTime(connection, received, taken.at), words: 'after it had come to this page', most: SLOW.oneWay }
        : source !== undefined
          ? { took: idleTime(connection, source, taken.at), words: 'after it was made', most: SLOW.oneWay }
          : undefined,
      source === undefined && offeredAt !== undefined
        ? { took: (received ?? taken.at) - offeredAt, words: 'after the offer was made', most: SLOW.roundTrip }
        : undefined,
    ];
    const slow = delays.find((delay) => delay && delay.took > delay.most);
    if (slow)
      return {
        id: 'slow',
        evidence: `The ${taken.type} arrived ${inWords(slow.took)} ${slow.words}.`,
        line: taken.line,
      };
  }
  return undefined;
}

/** @type {Rule} */
function forgottenNegotiation({ connection, now }) {
  const { neededAt, closedAt } = connection;
  if (
    neededAt === undefined ||
    closedAt !== undefined ||
    now - neededAt < PATIENCE ||
    connection.descriptions.length === 0
  )
    return undefined;
  const steps = connection.calls.filter(
    ({ name, at, outcome }) => /^set(Local|Remote)Description$/.test(name) && outcome !== 'lost' && at >= neededAt,
  );
  return steps.length === 0
    ? { id: 'renegotiate', evidence: `negotiationneeded at ${inWords(neededAt)}, and no description was set since.` }
    : undefined;
}

/** @type {Rule} */
function endlessNegotiation({ connection }) {
  const offers = connection.descriptions.filter(({ type }) => type === 'offer');
  const last = offers.at(-1);
  const first = offers.at(-MANY_OFFERS);
  return last && first && last.at - first.at < LOOP_TIME
    ? { id: 'loop', evidence: `${MANY_OFFERS} offers within ${inWords(last.at - first.at)}.` }
    : undefined;
}

/** All rules about descriptions. @type {Rule[]} */
export const descriptionRules = [
  refusedAnswer,
  offerWhileOffering,
  emptyOffer,
  offerNotSet,
  missingOffer,
  missingAnswer,
  slowSignaling,
  forgottenNegotiation,
  endlessNegotiation,
];

/**
 * When each description that was made here took effect first, in order.
 * @param {Connection | undefined} connection
 * @returns {Map<string, number>}
 */
function revisionsOf(connection) {
  /** @type {Map<string, number>} */
  const times = new Map();
  for (const { side, sdp, at } of connection?.descriptions ?? []) {
    const revision = side === 'local' ? revisionIn(sdp) : '';
    if (revision && !times.has(revision)) times.set(revision, at);
  }
  return times;
}

/**
 * When a description could be handed over: when it was made, or, if the code waited for the candidates in it, when they were found.
 * @param {number | undefined} madeAt @param {Connection | undefined} partner @param {import('../model/model.js').Call} taken
 */
function sourceOf(madeAt, partner, { at, text }) {
  if (madeAt === undefined || !text.includes('a=candidate:')) return madeAt;
  const gathered = partner?.states.gathering.findLast((state) => state.value === 'complete' && state.at <= at);
  return Math.max(madeAt, gathered?.at ?? 0);
}

/** @param {Map<string, number>} times @param {number} before */
const lastBefore = (times, before) => [...times.values()].findLast((at) => at <= before);

/**
 * How much of a time the connection did not spend on calls of the code: a browser that is busy takes long for these, and signaling is not
 * to blame for it.
 * @param {Connection} connection @param {number} from @param {number} to in ms since Run
 */
function idleTime({ calls }, from, to) {
  let idle = 0;
  let until = from;
  for (const { at, endedAt, outcome } of calls) {
    if (at >= to) break;
    idle += Math.max(0, at - until);
    until = Math.max(until, endedAt ?? (outcome === 'pending' ? to : at));
  }
  return idle + Math.max(0, to - until);
}
