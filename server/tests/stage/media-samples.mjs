// Runs of a call of one page, as the taps and getStats() of both browsers tell of them: the numbers are those of a run of each with a picture of 30 a second.
// Chromium tells of targets and limits, of which transport selects which pair, and of what is active; Firefox does not.

import { eventsOf } from '../../../book/stage/events.js';
import { chainsOf } from '../../../book/stage/instruments/model/chains.js';
import { createMediaHistory } from '../../../book/stage/instruments/model/media-history.js';
import { modelOf } from '../../../book/stage/instruments/model/model.js';
import { statsOf } from '../../../book/stage/stats.js';

/** Seconds of each run, and when it is looked at, in ms since Run. */
const SECONDS = 6;
export const NOW = 8_000;
const SSRC = 4_711;

const sdp = (session, direction, kind = 'video') =>
  `v=0\r\no=- ${session} 2 IN IP4 127.0.0.1\r\nm=${kind} 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=${direction}\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n`;

export const state = (at, on, name, value, line) => ({ at, type: 'state', on, name, value, line });

/** Two connections that negotiate, and connect. */
export function negotiated({ offer = 'sendrecv', answer = 'recvonly', kind = 'video' } = {}) {
  let calls = 0;
  const call = (at, on, name, value, text) => {
    calls += 1;
    return [
      { at, type: 'call', on, name, value, text, call: calls, line: 20 + calls },
      { at: at + 1, type: 'done', on, name, call: calls },
    ];
  };
  const candidate = (at, on) => {
    calls += 1;
    const text = 'candidate:1 1 udp 1 192.0.2.1 9 typ host';
    return [
      { at, type: 'call', on, name: 'addIceCandidate', text, call: calls },
      { at: at + 1, type: 'done', on, name: 'addIceCandidate', call: calls },
    ];
  };
  return [
    { at: 0, type: 'new', on: 'pc1', line: 1 },
    { at: 0, type: 'new', on: 'pc2', line: 2 },
    call(10, 'pc1', 'setLocalDescription', 'offer', sdp(1, offer, kind)),
    state(11, 'pc1', 'signaling', 'have-local-offer'),
    call(12, 'pc2', 'setRemoteDescription', 'offer', sdp(1, offer, kind)),
    call(14, 'pc2', 'setLocalDescription', 'answer', sdp(2, answer, kind)),
    call(16, 'pc1', 'setRemoteDescription', 'answer', sdp(2, answer, kind)),
    state(17, 'pc1', 'signaling', 'stable'),
    state(17, 'pc2', 'signaling', 'stable'),
    candidate(18, 'pc1'),
    candidate(18, 'pc2'),
    ['pc1', 'pc2'].map((on) => [state(90, on, 'ice', 'connected'), state(100, on, 'connection', 'connected')]),
  ];
}

/** The track that pc1 sends, and the one that pc2 receives. */
export const tracks = (kind = 'video') => [
  { at: 5, type: 'new', on: 'tr1', of: 'pc1', side: 'local', value: kind, text: 'camera', line: 5 },
  { at: 13, type: 'new', on: 'tr2', of: 'pc2', side: 'remote', value: kind, text: 'arrived' },
  state(13, 'tr2', 'flow', 'muted'),
];
export const flows = state(150, 'tr2', 'flow', 'unmuted');

/** An element that is given the track, and what becomes of it. */
export const given = (id = 'el1', ids = 'tr2', kind = 'video', at = 13) => [
  { at, type: 'new', on: id, value: kind, line: 8 },
  state(at, id, 'tracks', ids, 8),
];
export const plays = (id = 'el1') => [
  { at: 14, type: 'call', on: id, name: 'play', call: 900, line: 9 },
  state(14, id, 'playback', 'waiting'),
  state(180, id, 'playback', 'playing'),
  { at: 181, type: 'done', on: id, name: 'play', call: 900 },
  state(181, id, 'size', '640x360'),
  state(181, id, 'sight', 'in sight'),
];

/**
 * The answers to `getStats`, one a second, of pc1 and of pc2. A number is what is added each second.
 * @param {'chromium' | 'firefox'} browser
 * @param {object} [numbers]
 */
export function answersOf(browser, numbers = {}) {
  const {
    kind = 'video',
    source = 30,
    encoded = 30,
    packets = 60,
    received = packets,
    decoded = 30,
    keys = 0,
    isOut = true,
    isIn = true,
    bytesIn = 60_000,
    sends = 'tr1',
    current = 'sendonly',
    more = {},
  } = numbers;
  const isChromium = browser === 'chromium';
  const transceiver = { mid: '0', kind, direction: 'sendrecv', current, sends, receives: '' };
  return Array.from({ length: SECONDS + 1 }, (_, second) => {
    const timestamp = 1_000_000 + second * 1_000;
    const of = (each) => each * second;
    const pair = {
      type: 'candidate-pair',
      id: 'P',
      timestamp,
      nominated: true,
      bytesReceived: of(bytesIn),
      ...(isChromium ? { availableOutgoingBitrate: 900_000 } : { selected: true }),
    };
    const transport = {
      type: 'transport',
      id: 'T',
      timestamp,
      ...(isChromium ? { selectedCandidatePairId: 'P' } : {}),
    };
    const codec = { type: 'codec', id: 'C', timestamp, mimeType: kind === 'audio' ? 'audio/opus' : 'video/VP8' };
    const isVideo = kind === 'video';
    const given = isVideo
      ? { frames: of(source) }
      : isChromium
        ? { totalSamplesDuration: of(source), audioLevel: 0.3 }
        : {};
    const out = {
      ...{ type: 'outbound-rtp', id: 'O', timestamp, kind, mid: '0', ssrc: SSRC, mediaSourceId: 'S', codecId: 'C' },
      ...{ packetsSent: of(packets), bytesSent: of(packets * 1_000) },
      ...(isVideo ? { framesEncoded: of(encoded), frameWidth: 640, frameHeight: 360, framesPerSecond: encoded } : {}),
      ...(isChromium ? { active: true, targetBitrate: 600_000 } : {}),
      ...(isChromium && isVideo ? { qualityLimitationReason: 'none' } : {}),
      ...more,
    };
    const into = {
      ...{
        type: 'inbound-rtp',
        id: 'I',
        timestamp,
        kind,
        mid: '0',
        ssrc: SSRC,
        trackIdentifier: 'arrived',
        codecId: 'C',
      },
      ...{ packetsReceived: of(received), bytesReceived: of(received * 1_000), pliCount: of(keys) },
      ...(isVideo
        ? { framesDecoded: of(decoded), freezeCount: 0, totalFreezesDuration: 0 }
        : { totalSamplesReceived: of(48_000), concealedSamples: 0 }),
    };
    const media = { type: 'media-source', id: 'S', timestamp, kind, trackIdentifier: 'camera', ...given };
    return [
      { on: 'pc1', reports: [pair, transport, codec, media, ...(isOut ? [out] : [])], transceivers: [transceiver] },
      {
        on: 'pc2',
        reports: [pair, transport, codec, ...(isIn ? [into] : [])],
        transceivers: [{ ...transceiver, current: 'recvonly', sends: '', receives: 'tr2' }],
        shown: [{ on: 'el1', frames: of(decoded) }],
      },
    ];
  }).flat();
}

/** The model, the history and the chains of a run. @param {any[]} events @param {any[]} [answers] */
export function runOf(events, answers = []) {
  const model = modelOf(eventsOf(events.flat(Infinity).sort((a, b) => a.at - b.at)));
  const history = createMediaHistory();
  for (const answer of answers) {
    const stats = statsOf(answer);
    if (stats) history.add(stats);
  }
  return { model, history, chains: chainsOf(history, model) };
}
