// @ts-check
// Rules about descriptions that are missing or in the wrong order. Pure.
//
// May import: query.js, ../model/.

import { current, since } from '../model/model.js';
import { PATIENCE, called, made, ms, stateAt } from './query.js';

/** @typedef {import('./query.js').Rule} Rule */

/** Signaling that takes longer than this, in ms, is slow. */
const SLOW = 1_000;
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
  const evidence = `The answer was refused at ${ms(refused.at)}, in the signaling state ${state}: an answer fits only have-local-offer.`;
  if (state === 'have-remote-offer')
    return {
      id: 'glare',
      evidence: `${evidence} An offer of the other side had arrived before it.`,
      line: refused.line,
    };
  if (earlier)
    return {
      id: 'answer-twice',
      evidence: `${evidence} An answer had taken effect at ${ms(earlier.at)}.`,
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
      evidence: `An offer arrived at ${ms(refused.at)}, while this side waited for the answer to its own.`,
      line: refused.line,
    }
  );
}

/** @type {Rule} */
function emptyOffer({ connection }) {
  const offer = connection.descriptions.find(({ type, side }) => type === 'offer' && side === 'local');
  return offer && !/^m=/m.test(offer.sdp)
    ? { id: 'empty-offer', evidence: `The offer that took effect at ${ms(offer.at)} has no m= line.` }
    : undefined;
}

/** @type {Rule} */
function offerNotSet({ connection, now }) {
  const offer = made(connection, 'createOffer').find(({ outcome }) => outcome === 'done');
  if (!offer || called(connection, 'setLocalDescription') || now - offer.at < PATIENCE) return undefined;
  return {
    id: 'offer-not-set',
    evidence: `createOffer() made an offer at ${ms(offer.at)}; setLocalDescription() was never called, and the signaling state is still ${current(connection.states.signaling)}.`,
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
    evidence: `There is no remote description here${others.length > 0 ? `, although ${others[0].title} made an offer at ${ms(from)}` : `, ${ms(now - from)} after it was made`}.`,
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
    ? ` The other side made its answer at ${ms(answer.at)}.`
    : heard.hasAnswer
      ? ' An answer did come through the signaling server.'
      : ' None came through the signaling server either.';
  return {
    id: 'no-answer',
    evidence: `The signaling state is have-local-offer since ${ms(since(signaling))} into the run: an offer waits for its answer, and none was set here.${answer || model.sockets.length > 0 ? whereabouts : ''}`,
  };
}

/** @type {Rule} */
function slowSignaling({ connection, partner }) {
  for (const taken of made(connection, 'setRemoteDescription')) {
    const source = partner?.descriptions.find(({ side, session }) => side === 'local' && session === taken.session);
    const offer =
      taken.type === 'answer'
        ? connection.descriptions.find(({ type, side }) => type === 'offer' && side === 'local')
        : undefined;
    const from = source?.at ?? offer?.at;
    if (from !== undefined && taken.at - from > SLOW)
      return {
        id: 'slow',
        evidence: `The ${taken.type} arrived ${ms(taken.at - from)} after ${source ? 'it was made' : 'the offer was made'}.`,
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
    ? { id: 'renegotiate', evidence: `negotiationneeded at ${ms(neededAt)}, and no description was set since.` }
    : undefined;
}

/** @type {Rule} */
function endlessNegotiation({ connection }) {
  const offers = connection.descriptions.filter(({ type }) => type === 'offer');
  const last = offers.at(-1);
  const first = offers.at(-MANY_OFFERS);
  return last && first && last.at - first.at < LOOP_TIME
    ? { id: 'loop', evidence: `${MANY_OFFERS} offers within ${ms(last.at - first.at)}.` }
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
