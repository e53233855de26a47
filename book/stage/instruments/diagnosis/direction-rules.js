// @ts-check
// Rules about media that the two descriptions agree not to send. Pure.
//
// May import: query.js, ../model/.

import { since } from '../model/model.js';
import { inWords } from '../model/time.js';
import { PATIENCE, isNegotiated } from './query.js';

/** @typedef {import('./diagnosis.js').Finding} Finding */
/** @typedef {import('../model/model.js').Connection} Connection */
/** @typedef {{ kind: string, direction: string }} Section */

/**
 * Finds that nothing flows because of the answer, in a call in which nothing ever did.
 * @param {Connection} connection
 * @param {number} now ms since Run
 * @returns {Finding | undefined}
 */
export function nothingAgreed(connection, now) {
  const { descriptions, states, title: of } = connection;
  const answer = descriptions.findLast(({ type }) => type === 'answer');
  const offer = answer && descriptions.findLast(({ type, at }) => type === 'offer' && at <= answer.at);
  if (!offer || !isNegotiated(connection) || now - since(states.signaling) < PATIENCE) return undefined;
  const answers = descriptions.filter(({ type }) => type === 'answer').flatMap(({ sdp }) => mediaIn(sdp));
  if (answers.some(({ direction }) => direction !== 'inactive')) return undefined;
  const [offered, answered] = [mediaIn(offer.sdp), mediaIn(answer.sdp)];
  const place = answered.findIndex((_, i) => offered[i] && offered[i].direction !== 'inactive');
  if (place < 0) return undefined;
  const { kind, direction } = offered[place];
  const when = `The answer that was set at ${inWords(answer.at)} says a=inactive of ${kind}`;
  return direction === 'recvonly'
    ? { id: 'both-receive', of, evidence: `${when}, and the offer a=recvonly: nobody sends.`, line: answer.line }
    : { id: 'answer-inactive', of, evidence: `${when}, and the offer a=${direction}.`, line: answer.line };
}

/** The sections of audio and video in a description, with their directions (RFC 8866, section 6.7). @param {string} sdp @returns {Section[]} */
function mediaIn(sdp) {
  const [head, ...sections] = sdp.split(/^m=/m);
  const usual = directionIn(head) ?? 'sendrecv';
  return sections
    .filter((section) => /^(audio|video) [1-9]/.test(section))
    .map((section) => ({
      kind: section.startsWith('audio') ? 'audio' : 'video',
      direction: directionIn(section) ?? usual,
    }));
}

/** @param {string} text */
const directionIn = (text) => /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(text)?.[1];
