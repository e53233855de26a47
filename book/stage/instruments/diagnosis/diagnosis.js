// @ts-check
// Diagnoses a run from its model: applies the rules, and puts what they find in order. Pure. Which faults are switched on is not taken into
// account: the rules judge only the traces, which an injected fault leaves like a real one. Layout:
//   *-rules.js    the rules: of descriptions, candidates, connections and channels
//   query.js      what rules ask of a connection
//   heard.js      what came in through the signaling sockets
//   findings.js   each finding in words: usual causes, and what to do
//   media-diagnosis.js   what is found of audio and video, by direction-rules.js, flow-rules.js and element-rules.js; media-findings.js has the words
//
// May import: candidate-rules.js, channel-rules.js, connection-rules.js, description-rules.js, heard.js, ../model/.

import { current, since } from '../model/model.js';
import { partnersIn } from '../model/partners.js';
import { inWords } from '../model/time.js';
import { candidateRules } from './candidate-rules.js';
import { channelRules } from './channel-rules.js';
import { connectionRules } from './connection-rules.js';
import { descriptionRules } from './description-rules.js';
import { heardIn } from './heard.js';

/** More open connections than this count as a leak. */
const MANY_CONNECTIONS = 50;

/** @typedef {import('../model/model.js').Model} Model */
/** @typedef {import('../model/model.js').Connection} Connection */
/** @typedef {{ id: string, of: string, evidence: string, line?: number }} Finding `id` names an entry of findings.js */

/**
 * Diagnoses a run.
 * @param {Model} model
 * @param {number} now ms since Run
 * @param {(Finding | undefined)[]} [more] what was found of audio and video
 * @returns {Finding[]} the likeliest first; none for a run that does what it should
 */
export function diagnose(model, now, more = []) {
  const open = model.connections.filter(({ closedAt }) => closedAt === undefined).length;
  const heard = heardIn(model);
  const partnerOf = partnersIn(model.connections);
  /** @type {(Finding | undefined)[]} */
  const found = [];
  for (const connection of model.connections) {
    const partner = partnerOf(connection);
    for (const rule of RULES) {
      const finding = rule({ connection, partner, model, heard, now });
      if (finding) found.push({ of: connection.title, ...finding });
    }
  }
  found.push(serverAway(model), tooMany(open, model.left.connections), ...more);
  const findings = found.filter((finding) => finding !== undefined);
  // Both connections of a page may show the same problem, and one cause may have several symptoms: the first finding of each kind is kept.
  const distinct = findings.filter(({ id }, i) => findings.findIndex((other) => other.id === id) === i);
  return distinct
    .sort((a, b) => RANK.indexOf(a.id) - RANK.indexOf(b.id))
    .filter(({ id }, _, all) => !all.some((other) => EXPLAINS[other.id]?.includes(id)));
}

const RULES = [...descriptionRules, ...candidateRules, ...connectionRules, ...channelRules];

/** Findings in order: causes before their consequences. */
const RANK = [
  'server-away',
  'glare',
  'answer-twice',
  'answer-unexpected',
  'out-of-order',
  'early-candidates',
  'empty-offer',
  'offer-not-set',
  'no-offer',
  'no-answer',
  'relay-only',
  'turn-credentials',
  'no-local-candidates',
  'wrong-password',
  'no-candidates',
  'one-way-candidates',
  'slow',
  'both-receive',
  'answer-inactive',
  'track-disabled',
  'no-pictures',
  'no-sound',
  'still-picture',
  'wrong-payload',
  'not-decoded',
  'stream-replaced',
  'no-source-object',
  'autoplay-refused',
  'not-played',
  'no-size',
  'freeze',
  'send-early',
  'too-large',
  'queue-full',
  'send-closed',
  'renegotiate',
  'loop',
  'too-many',
  'closed-too-soon',
  'call-failed',
  'disconnected',
  'local-names',
  'checks-failed',
  'stuck',
  'play-interrupted',
];

/** Consequences that are left out beside their cause. @type {Record<string, string[]>} */
const EXPLAINS = {
  glare: [
    'call-failed',
    'no-answer',
    'no-candidates',
    'one-way-candidates',
    'stuck',
    'checks-failed',
    'local-names',
    'early-candidates',
    'renegotiate',
    'wrong-password',
  ],
  'answer-twice': ['call-failed'],
  'answer-unexpected': ['offer-not-set', 'call-failed', 'stuck', 'no-candidates'],
  'out-of-order': [
    'early-candidates',
    'call-failed',
    'no-candidates',
    'one-way-candidates',
    'stuck',
    'checks-failed',
    'local-names',
    'slow',
  ],
  'early-candidates': [
    'call-failed',
    'no-candidates',
    'one-way-candidates',
    'stuck',
    'checks-failed',
    'local-names',
    'slow',
  ],
  'empty-offer': ['no-local-candidates', 'no-candidates', 'stuck', 'no-answer'],
  'no-offer': ['no-answer', 'stuck', 'early-candidates', 'call-failed'],
  'no-answer': ['stuck', 'early-candidates', 'call-failed'],
  'relay-only': [
    'no-local-candidates',
    'no-candidates',
    'one-way-candidates',
    'checks-failed',
    'local-names',
    'stuck',
    'slow',
  ],
  'no-local-candidates': ['no-candidates', 'one-way-candidates', 'stuck', 'checks-failed', 'local-names'],
  'wrong-password': ['checks-failed', 'local-names', 'stuck', 'disconnected'],
  'no-candidates': ['checks-failed', 'local-names', 'stuck', 'one-way-candidates', 'disconnected'],
  'send-early': ['call-failed'],
  freeze: ['disconnected'],
  'turn-credentials': ['stuck', 'checks-failed', 'local-names'],
  'stream-replaced': ['play-interrupted', 'no-source-object'],
  'autoplay-refused': ['not-played', 'play-interrupted'],
  'local-names': ['stuck', 'disconnected'],
  'checks-failed': ['stuck', 'disconnected'],
};

// --- Findings about the whole page

/** @param {Model} model @returns {Finding | undefined} */
function serverAway({ sockets }) {
  const last = sockets.at(-1);
  if (
    !last ||
    sockets.some(({ states }) => current(states) === 'open') ||
    last.isClosedByCode ||
    !sockets.some(({ states }) => current(states) === 'closed')
  )
    return undefined;
  const closed = sockets.find(({ states }) => current(states) === 'closed');
  return {
    id: 'server-away',
    of: 'Signaling',
    evidence: `The socket to the signaling server is closed since ${inWords(since(closed?.states ?? last.states))} into the run, and ${sockets.length > 1 ? `${sockets.length - 1} further ${sockets.length === 2 ? 'attempt' : 'attempts'} did not open one` : 'no other was opened'}.`,
  };
}

/** @param {number} open @param {number} left older ones, of which nothing more is known @returns {Finding | undefined} */
const tooMany = (open, left) =>
  open > MANY_CONNECTIONS
    ? {
        id: 'too-many',
        of: 'The page',
        evidence: `${open} connections are open at once${left > 0 ? `, and ${left} were made before these` : ''}.`,
      }
    : undefined;
