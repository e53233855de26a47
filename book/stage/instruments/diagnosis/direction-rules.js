// @ts-check
// Rules about media that the two descriptions agree not to send. Pure.
//
// May import: query.js, ../model/.

import { since } from '../model/model.js';
import { inWords } from '../model/time.js';
import { PATIENCE, isNegotiated } from './query.js';

/** @typedef {import('./diagnosis.js').Finding} Finding */
/** @typedef {import('../model/model.js').Connection} Connection */
/** @typedef {{ kind: string, port: string, direction: string }} Section */

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
  if (answers.some((section) => isTaken(section) && section.direction !== 'inactive')) return undefined;
  const [offered, answered] = [mediaIn(offer.sdp), mediaIn(answer.sdp)];
  const place = answered.findIndex((section, i) => isTaken(section) && /send|recv/.test(offered[i]?.direction ?? ''));
  if (place < 0) return undefined;
  const { kind, direction } = offered[place];
  const when = `The answer that was set at ${inWords(answer.at)} says a=inactive of ${kind}`;
  return direction === 'recvonly'
    ? { id: 'both-receive', of, evidence: `${when}, and the offer a=recvonly: nobody sends.`, line: answer.line }
    : { id: 'answer-inactive', of, evidence: `${when}, and the offer a=${direction}.`, line: answer.line };
}

/** Whether an answer takes a section, which is of audio or video. In an offer, port 0 says less (RFC 9143). @param {Section} section of the answer */
const isTaken = ({ kind, port }) => /^(audio|video)$/.test(kind) && port !== '0';

/**
 * The sections of a description with their directions (RFC 8866, section 6.7). All of them, because those of an offer and its answer are matched by their order.
 * @param {string} sdp
 * @returns {Section[]}
 */
function mediaIn(sdp) {
  const [head, ...sections] = sdp.split(/^m=/m);
  const usual = directionIn(head) ?? 'sendrecv';
  return sections.map((section) => {
    const [kind, port = '0'] = section.split(' ', 2);
    return { kind, port, direction: directionIn(section) ?? usual };
  });
}

/** @param {string} text */
const directionIn = (text) => /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(text)?.[1];
