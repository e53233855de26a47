// @ts-check
// What statistics say of the media that a connection sends and receives: one stream for each track and way, of all its layers together. Pure.
//
// May import: selected-pair.js.

import { pairsInUse } from './selected-pair.js';

/** @typedef {import('../../stats.js').Report} Report */
/** @typedef {import('../../stats.js').Stats} Stats */

/**
 * Numbers of a stream; what the browser does not tell is missing. They count up, but for those that are so at this moment: `level`, `fps`, `target`,
 * `estimate` and `roundTrip`.
 * @typedef {object} Numbers
 * @property {number} [source] pictures, or seconds of sound, that the source has given
 * @property {number} [encoded] pictures
 * @property {number} [packets] sent or received
 * @property {number} [bytes] of payload
 * @property {number} [decoded] pictures, or samples of sound that were not made up for missing ones
 * @property {number} [keys] pictures that were asked for whole, because one could not be decoded
 * @property {number} [dropped] pictures
 * @property {number} [freezes]
 * @property {number} [frozen] seconds of freezes
 * @property {number} [level] of sound, from 0 to 1
 * @property {number} [fps] pictures a second
 * @property {number} [target] bits a second that the encoder is to make
 * @property {number} [estimate] bits a second that the network is believed to carry
 * @property {number} [roundTrip] in seconds
 */

/**
 * @typedef {object} Stream
 * @property {string} id in this connection and way
 * @property {string} on the connection
 * @property {'out' | 'in'} way
 * @property {'audio' | 'video'} kind
 * @property {string} mid empty if it is not told
 * @property {string} track the browser's id of it; empty if it is not told
 * @property {number[]} sources numbers of the packet sources (SSRC)
 * @property {boolean} isActive false if the code has switched it off by `encodings[…].active`
 * @property {boolean} isNegotiated false for a source that is not sent, as far as the statistics say
 * @property {number} at when the numbers were taken, in ms, by the clock of the iframe
 * @property {string} codec such as `VP8`
 * @property {string} size such as `640x360`
 * @property {string} limit why the quality is limited; empty if it is not told
 * @property {Numbers} numbers
 */

/** The streams in one answer. @param {Stats} stats @returns {Stream[]} */
export function streamsIn({ on, at, reports, transceivers }) {
  /** @type {Map<string, Report>} */
  const byId = new Map(reports.map((report) => [String(report.id), report]));
  /** @param {Report} report @param {string} field */
  const linked = (report, field) => byId.get(String(report[field]));
  const inbound = groupsOf(reports.filter(({ type }) => type === 'inbound-rtp'));
  const outbound = groupsOf(reports.filter(({ type }) => type === 'outbound-rtp'));
  const sources = reports.filter(({ type }) => type === 'media-source');
  const used = new Set(outbound.map(([first]) => sourceOf(first)));
  const idle = sources.filter((source) => !used.has(source));
  const [pair] = pairsInUse(reports);
  const estimate = numberOf(pair?.availableOutgoingBitrate);
  return [
    ...outbound.map((layers) => sent(layers)),
    ...idle.map((source) => unsent(source)),
    ...inbound.map((layers) => received(layers)),
  ];

  /** The source of what is sent: a browser that does not link the two is asked for the track of the section. @param {Report} first of its layers */
  function sourceOf(first) {
    const found = linked(first, 'mediaSourceId');
    if (found) return found;
    const transceiver = transceivers.find(({ mid }) => mid !== '' && mid === first.mid);
    const alike = sources.filter(({ kind }) => kind === first.kind);
    return transceiver
      ? alike.find(({ trackIdentifier: track }) => transceiver.source !== '' && track === transceiver.source)
      : alike.length === 1
        ? alike[0]
        : undefined;
  }

  /** @param {Report[]} layers of one track */
  function sent(layers) {
    const [first] = layers;
    const source = sourceOf(first);
    const remote = linked(first, 'remoteId');
    return streamOf('out', layers, String(source?.trackIdentifier ?? ''), {
      ...ofSource(source),
      encoded: sumOf(layers, 'framesEncoded'),
      packets: sumOf(layers, 'packetsSent'),
      bytes: sumOf(layers, 'bytesSent'),
      target: sumOf(layers, 'targetBitrate'),
      estimate,
      roundTrip: numberOf(remote?.roundTripTime),
    });
  }

  /** @param {Report} source of a track that is not sent */
  function unsent(source) {
    return {
      ...streamOf('out', [source], String(source.trackIdentifier ?? ''), ofSource(source)),
      isNegotiated: false,
    };
  }

  /** @param {Report[]} layers */
  function received(layers) {
    const [first] = layers;
    const track = String(first.trackIdentifier ?? '');
    const concealed = sumOf(layers, 'concealedSamples') ?? 0;
    const samples = sumOf(layers, 'totalSamplesReceived');
    return streamOf('in', layers, track, {
      packets: sumOf(layers, 'packetsReceived'),
      bytes: sumOf(layers, 'bytesReceived'),
      decoded: first.kind === 'audio' ? samples && Math.max(0, samples - concealed) : sumOf(layers, 'framesDecoded'),
      keys: sumOf(layers, 'pliCount'),
      dropped: sumOf(layers, 'framesDropped'),
      freezes: sumOf(layers, 'freezeCount'),
      frozen: sumOf(layers, 'totalFreezesDuration'),
      level: transceivers.find(({ mid }) => mid !== '' && mid === first.mid)?.level ?? numberOf(first.audioLevel),
    });
  }

  /** @param {'out' | 'in'} way @param {Report[]} layers @param {string} track @param {Numbers} numbers @returns {Stream} */
  function streamOf(way, layers, track, numbers) {
    const largest = layers.reduce((one, other) => (heightOf(other) > heightOf(one) ? other : one));
    const [first] = layers;
    const mid = String(first.mid ?? '');
    return {
      id: `${on} ${way} ${mid || first.id}`,
      on,
      way,
      kind: first.kind === 'audio' ? 'audio' : 'video',
      mid,
      track,
      sources: layers.flatMap(({ ssrc }) => (typeof ssrc === 'number' ? [ssrc] : [])),
      isActive: layers.some(({ active }) => active !== false),
      isNegotiated: true,
      at: numberOf(first.timestamp) ?? at,
      codec: String(linked(largest, 'codecId')?.mimeType ?? '').replace(/^\w+\//, ''),
      size: heightOf(largest) > 0 ? `${largest.frameWidth}x${largest.frameHeight}` : '',
      limit: typeof largest.qualityLimitationReason === 'string' ? largest.qualityLimitationReason : '',
      numbers: { ...numbers, fps: numberOf(largest.framesPerSecond) },
    };
  }
}

/** Reports of the layers of one track, together. @param {Report[]} reports @returns {Report[][]} */
function groupsOf(reports) {
  /** @type {Map<string, Report[]>} */
  const groups = new Map();
  for (const report of reports) {
    const key = String(report.mid ?? report.mediaSourceId ?? report.id);
    const group = groups.get(key);
    if (group) group.push(report);
    else groups.set(key, [report]);
  }
  return [...groups.values()];
}

/** @param {Report | undefined} source @returns {Numbers} */
function ofSource(source) {
  if (!source) return {};
  const given = source.kind === 'audio' ? source.totalSamplesDuration : source.frames;
  return { source: numberOf(given), level: numberOf(source.audioLevel) };
}

/** @param {Report[]} layers @param {string} field */
function sumOf(layers, field) {
  const numbers = layers.map((layer) => layer[field]).filter((value) => typeof value === 'number');
  return numbers.length > 0 ? numbers.reduce((sum, value) => sum + value, 0) : undefined;
}

/** @param {Report} report */
const heightOf = ({ frameHeight }) => numberOf(frameHeight) ?? 0;

/** @param {unknown} value */
const numberOf = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
