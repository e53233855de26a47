// @ts-check
// Rules about media that stand still on their way, by the numbers of each link. Pure.
//
// May import: query.js, ../model/.

import { current, reached, since } from '../model/model.js';
import { growthOf } from '../model/movement.js';
import { inWords } from '../model/time.js';
import { PATIENCE } from './query.js';

/** @typedef {import('../model/chains.js').Chain} Chain */
/** @typedef {import('../model/chains.js').End} End */
/** @typedef {import('../model/model.js').Connection} Connection */
/** @typedef {import('../model/media-history.js').MediaHistory} MediaHistory */
/** @typedef {import('../model/streams.js').Numbers} Numbers */
/** @typedef {import('./diagnosis.js').Finding} Finding */
/** @typedef {(chain: Chain, now: number, history: MediaHistory) => Omit<Finding, 'of'> | undefined} ChainRule */

/**
 * A source that never gave more pictures a second than this, for so many ms, stands still: Firefox repeats a picture that does not change once a second.
 * `more` may have come besides before there were statistics, when a canvas was given to the track.
 */
const STILL = { rate: 1.5, time: 4_000, more: 5 };
/** Packets within the patience that show that something arrives. */
const SOME_PACKETS = 10;
/** Bytes a second that are more than reports on what is sent. */
const SOME_BYTES = 6_000;

/** @type {ChainRule} */
function sourceIsSilent({ out, kind }, now, history) {
  if (!isSending(out, now, history) || timeOf(out) < PATIENCE || isOff(out)) return undefined;
  const { source, encoded, packets } = out.flow.stream.numbers;
  const gave = (kind === 'video' ? [source ?? encoded] : [source, packets]).filter((number) => number !== undefined);
  if (gave.length === 0 || gave.some((number) => number > 0)) return undefined;
  return {
    id: kind === 'video' ? 'no-pictures' : 'no-sound',
    evidence: `It is connected, and the ${kind} track that it sends has given ${kind === 'video' ? 'no picture' : 'no sound'}, so no packet was sent.`,
    line: out.track.line,
  };
}

/** @type {ChainRule} */
function pictureStandsStill({ out, kind }, now, history) {
  if (kind !== 'video' || !isSending(out, now, history) || isOff(out) || timeOf(out) < STILL.time) return undefined;
  const { first, fastest, stream, samples } = out.flow;
  const early = now - (samples[samples.length - 1].at - first.at) - out.track.at;
  const atFirst = first.numbers.source ?? 0;
  if (!stream.numbers.source || fastest > STILL.rate || atFirst > (STILL.rate * early) / 1_000 + STILL.more)
    return undefined;
  return {
    id: 'still-picture',
    evidence: `The source has given ${stream.numbers.source} ${stream.numbers.source === 1 ? 'picture' : 'pictures'} so far, and at most ${fastest.toFixed(1)} a second.`,
    line: out.track.line,
  };
}

/**
 * Only a picture that was never on in the call may be forgotten: who switches a track off during a call means to, and a voice is switched off by every button
 * that mutes, and until it is pushed to talk.
 * @type {ChainRule}
 */
function isDisabled({ out, kind }, now, history) {
  if (kind !== 'video' || !isSending(out, now, history) || !isOff(out)) return undefined;
  const { enabled } = out.track.states;
  const off = enabled[enabled.length - 1];
  if (off.at > (reached(out.connection.states.connection, 'connected')?.at ?? 0)) return undefined;
  return {
    id: 'track-disabled',
    evidence: `enabled of the video track is false since ${inWords(off.at)}: black pictures are sent in its place.`,
    line: off.line,
  };
}

/** @type {ChainRule} */
function isNotDecoded({ in: end, kind }) {
  if (kind !== 'video' || !end?.flow) return undefined;
  const within = (/** @type {keyof Numbers} */ field) => growthOf(readingsOf(end, field), PATIENCE);
  const [packets, decoded, keys] = [within('packets') ?? 0, within('decoded'), within('keys') ?? 0];
  const { numbers } = end.flow.stream;
  const hadPackets = (numbers.packets ?? 0) > packets;
  if (!hadPackets || packets < SOME_PACKETS || decoded !== 0 || (numbers.decoded !== 0 && keys === 0)) return undefined;
  return {
    id: 'not-decoded',
    evidence: `${numbers.packets} packets have arrived, and ${numbers.decoded === 0 ? 'no picture was' : 'no further picture is'} decoded; a whole picture was asked for ${numbers.keys ?? 0} times.`,
  };
}

/** @type {ChainRule[]} */
const RULES = [sourceIsSilent, pictureStandsStill, isDisabled, isNotDecoded];

/**
 * What is found on the way of media.
 * @param {Chain[]} chains
 * @param {Connection[]} connections
 * @param {MediaHistory} history
 * @param {number} now ms since Run
 * @returns {(Finding | undefined)[]}
 */
export function flowFindings(chains, connections, history, now) {
  const found = chains
    .filter(({ isOver }) => !isOver)
    .flatMap((chain) =>
      RULES.map((rule) => {
        const finding = rule(chain, now, history);
        return finding && { of: chain.title, ...finding };
      }),
    );
  return [...found, ...connections.map((connection) => isNotUnderstood(connection, history, now))];
}

/**
 * Packets arrive, and belong to no stream that was agreed.
 * @param {Connection} connection @param {MediaHistory} history @param {number} now @returns {Finding | undefined}
 */
function isNotUnderstood(connection, history, now) {
  const intakes = history.intakeOf(connection.id);
  const last = intakes[intakes.length - 1];
  const isAwaited = history.transceiversOf(connection.id).some(({ current: agreed }) => /recv/.test(agreed));
  if (!last || last.packets > 0 || !isAwaited || !isConnectedFor(connection, now)) return undefined;
  // A large message counts only when all of it is there.
  if (connection.channels.some(({ states }) => current(states) === 'open')) return undefined;
  const within = (/** @type {'bytes' | 'messages'} */ field) =>
    growthOf(
      intakes.map((intake) => ({ at: intake.at, value: intake[field] })),
      PATIENCE,
    );
  if ((within('bytes') ?? 0) < (SOME_BYTES * PATIENCE) / 1_000 || within('messages') !== 0) return undefined;
  return {
    id: 'wrong-payload',
    of: connection.title,
    evidence: `${last.bytes} bytes have arrived, and not one packet of them was taken for audio or video, though this side receives.`,
  };
}

/**
 * Whether an end sends, or should: a track, over a connection that is connected for a while.
 * @param {End | undefined} end @param {number} now @param {MediaHistory} history
 * @returns {end is End & { flow: import('../model/media-history.js').Flow, track: import('../model/media.js').Track, connection: Connection }}
 */
function isSending(end, now, history) {
  if (!end?.flow || !end.track || !end.connection || !isConnectedFor(end.connection, now)) return false;
  const { stream } = end.flow;
  const { track } = end;
  if (!stream.isActive || current(track.states.track) !== 'live') return false;
  const agreed = history.transceiversOf(end.on).find(({ sends }) => sends === track.id)?.current;
  return /^send/.test(agreed ?? '');
}

/** @param {Connection} connection @param {number} now */
const isConnectedFor = ({ states, closedAt }, now) =>
  closedAt === undefined && current(states.connection) === 'connected' && now - since(states.connection) >= PATIENCE;

/** @param {End} end */
const isOff = ({ track }) => track !== undefined && current(track.states.enabled) === 'off';

/** For how long there are statistics, in ms. @param {End} end */
function timeOf({ flow }) {
  const samples = flow?.samples ?? [];
  return samples.length > 0 ? samples[samples.length - 1].at - samples[0].at : 0;
}

/** @param {End} end @param {keyof Numbers} field */
const readingsOf = ({ flow }, field) => (flow?.samples ?? []).map(({ at, numbers }) => ({ at, value: numbers[field] }));
