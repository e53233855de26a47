// @ts-check
// Explains each line of a description, and names the RFC that defines it. Covers the lines that Chromium, Firefox, Safari and the webrtc
// crate write, and those of common gateways (Asterisk, FreeSWITCH, Janus, RTSP cameras); for any other it returns nothing. Never throws,
// whatever the text. Pure.
//
// May import: sdp-words.js.

import {
  bandwidth,
  candidate,
  connection,
  extension,
  feedback,
  format,
  group,
  iceOptions,
  media,
  messageSize,
  origin,
  restriction,
  setup,
  simulcast,
  source,
  sourceGroup,
} from './sdp-words.js';

/** Characters of a section's title that come from its `m=` line. */
const MAX_KIND = 40;

/** @typedef {{ words: string, rfc: string, section: string }} Meaning `rfc` is a number; both are empty where there is no RFC */
/**
 * @typedef {[words: string | ((value: string) => string), rfc: string, section: string]} Entry a function is only called with a value that is not empty
 */

/** Lines other than attributes, by letter. @type {Record<string, Entry>} */
const LINES = {
  v: ['The version of SDP: always 0.', '8866', '5.1'],
  o: [origin, '8866', '5.2'],
  s: ['A name of the session, which nobody uses: a dash, or the program’s name.', '8866', '5.3'],
  i: ['A title for people. Browsers ignore it.', '8866', '5.4'],
  u: ['An address with more about this session. Browsers ignore it.', '8866', '5.5'],
  e: ['A mail address of whoever is responsible. Browsers ignore it.', '8866', '5.6'],
  p: ['A phone number of whoever is responsible. Browsers ignore it.', '8866', '5.6'],
  c: [connection, '8866', '5.7'],
  b: [bandwidth, '8866', '5.8'],
  t: ['From when to when: 0 0 stands for always.', '8866', '5.9'],
  r: ['How often the session repeats: for announced broadcasts. Browsers ignore it.', '8866', '5.10'],
  z: ['Changes of the time zone between repetitions. Browsers ignore it.', '8866', '5.11'],
  k: ['A key in the open. It is obsolete, and must not be used.', '8866', '5.12'],
  m: [media, '8866', '5.14'],
};

/** Attributes, by name. @type {Record<string, Entry>} */
const ATTRIBUTES = {
  group: [group, '9143', '5'],
  'bundle-only': ['This section is used only if the other side lets it share the connection of another.', '9143', '6'],
  mid: [(value) => `The name of this media section is “${value}”: candidates and BUNDLE call it so.`, '5888', '4'],
  'ice-ufrag': [
    (value) => `The user name for connectivity checks: whoever checks a way to this side names ${value}.`,
    '8839',
    '5.4',
  ],
  'ice-pwd': ['The password for connectivity checks: who knows it has read this description.', '8839', '5.4'],
  'ice-options': [iceOptions, '8839', '5.6'],
  'ice-lite': ['This side only answers checks: a server that is reachable anyway.', '8839', '5.3'],
  'x-line': ['“A bad line” of this book: the candidates are those of a line of the server.', '', ''],
  'ice-mismatch': [
    'Something on the way changed the addresses of the offer: this side does without ICE.',
    '8839',
    '5.3',
  ],
  'ice-pacing': [(value) => `This side wants to start a check every ${value} ms at most.`, '8839', '5.5'],
  candidate: [candidate, '8839', '5.1'],
  'remote-candidates': [
    'The candidates of the other side that this side’s checks ended with, one for each component.',
    '8839',
    '5.2',
  ],
  'end-of-candidates': ['No more candidates will come.', '8840', '8.1'],
  fingerprint: [
    (value) =>
      `The ${value.split(' ')[0]} hash of this side’s certificate. The other side compares it when encryption is set up: so signaling vouches for the connection.`,
    '8122',
    '5',
  ],
  setup: [setup, '8842', '5'],
  connection: [
    (value) =>
      value === 'existing' ? 'The transport connection of before goes on.' : 'A new transport connection is made.',
    '4145',
    '5',
  ],
  'tls-id': ['Names this encryption, so that a new one can be told from it.', '8842', '4'],
  'dtls-message': ['The first message of the encryption, sent along to save a round trip.', '', ''],
  crypto: [
    'A key for the media, written into the description (SDES): whoever reads the signaling can decrypt. Browsers refuse it, and use DTLS.',
    '4568',
    '4',
  ],
  'zrtp-hash': ['A hash for ZRTP, which agrees on keys in the media itself. Browsers don’t know it.', '6189', '8'],
  'sctp-port': [
    (value) =>
      `The port inside the encrypted connection that data channels use: ${value}. It is no port of the network.`,
    '8841',
    '5',
  ],
  sctpmap: ['How old browsers announced data channels; a=sctp-port took its place.', '8841', '5'],
  'max-message-size': [messageSize, '8841', '6'],
  dcmap: [(value) => `A data channel that is agreed on here: stream ${value}.`, '8864', '5.1'],
  dcsa: [(value) => `A setting of what a data channel carries: ${value}.`, '8864', '5.2'],
  'extmap-allow-mixed': ['Header extensions of one and of two bytes may be mixed.', '8285', '6'],
  extmap: [extension, '8285', '5'],
  'msid-semantic': [
    'An old way to say that media belongs to streams; WMS is WebRTC’s own. Nobody needs it any more.',
    '',
    '',
  ],
  msid: [
    (value) => `This media belongs to the stream ${value.split(' ')[0] === '-' ? 'of no name' : value.split(' ')[0]}.`,
    '8830',
    '2',
  ],
  ssrc: [source, '5576', '4.1'],
  'ssrc-group': [sourceGroup, '5576', '4.2'],
  sendrecv: ['Both directions: it sends and receives.', '8866', '6.7.2'],
  sendonly: ['This side only sends.', '8866', '6.7.3'],
  recvonly: ['This side only receives.', '8866', '6.7.1'],
  inactive: ['Nothing is sent for now.', '8866', '6.7.4'],
  rtcp: [
    (value) =>
      /^9\b/.test(value)
        ? 'Where control packets would go without ICE: a placeholder.'
        : `Where control packets go without ICE: ${value}.`,
    '3605',
    '2.1',
  ],
  'rtcp-mux': ['Media and its control packets share one way.', '5761', '5.1.1'],
  'rtcp-mux-only': ['Control packets share the way of the media, or this section is refused.', '8858', '3'],
  'rtcp-rsize': ['Control packets may be short.', '5506', '5'],
  'rtcp-fb': [feedback, '4585', '4.2'],
  'rtcp-xr': [
    (value) =>
      `Reports about more than the standard ones may be sent: ${value === 'rcvr-rtt=all' ? 'receivers, too, may measure the round trip' : value}.`,
    '3611',
    '5.1',
  ],
  rtpmap: [format, '8866', '6.6'],
  fmtp: [
    (value) => `Settings of format ${value.split(' ')[0]}: ${value.slice(value.indexOf(' ') + 1)}.`,
    '8866',
    '6.15',
  ],
  ptime: [(value) => `A packet holds ${value} ms of sound.`, '8866', '6.4'],
  maxptime: [(value) => `A packet holds at most ${value} ms of sound.`, '8866', '6.5'],
  silenceSupp: ['Whether silence is left out, as telephone gateways write it. Browsers ignore it.', '3108', '5.6.3.2'],
  framerate: [(value) => `At most ${value} pictures a second.`, '8866', '6.13'],
  framesize: [(value) => `The size of the pictures, for a format: ${value}.`, '', ''],
  quality: [(value) => `How good the picture should be, from 0 to 10: ${value}.`, '8866', '6.14'],
  orient: ['Which way up a whiteboard is shown. Browsers ignore it.', '8866', '6.8'],
  content: [(value) => `What is in this media: ${value}.`, '4796', '5'],
  label: [(value) => `A label that other documents call this media by: ${value}.`, '4574', '4'],
  rid: [restriction, '8851', '4'],
  simulcast: [simulcast, '8853', '5.1'],
  imageattr: ['The sizes of pictures that this side handles.', '6236', '3.1'],
  identity: ['Somebody vouches for who this is.', '8827', '5'],
  tool: [(value) => `The program that wrote this: ${value}.`, '8866', '6.3'],
  type: [(value) => `What kind of session this is: ${value}. Browsers ignore it.`, '8866', '6.9'],
  cat: ['A category, for lists of sessions. Browsers ignore it.', '8866', '6.1'],
  keywds: ['Words to find this session by. Browsers ignore it.', '8866', '6.2'],
  charset: [(value) => `The encoding of the texts for people: ${value}.`, '8866', '6.10'],
  sdplang: [(value) => `The language of the texts in this description: ${value}.`, '8866', '6.11'],
  lang: [(value) => `The language that is spoken: ${value}.`, '8866', '6.12'],
  control: ['The address at which RTSP controls this stream, as cameras write it.', '', ''],
  range: ['From when to when a recording goes, as RTSP servers write it.', '', ''],
  path: ['Where messages of MSRP, chat in SIP, are sent.', '4975', '8'],
  'accept-types': [(value) => `Kinds of messages that are taken: ${value}.`, '4975', '8'],
  'x-google-flag': ['A switch of Chromium’s own, for conferences.', '', ''],
  packetization: ['Pictures are sent raw, without a codec’s own packets.', '', ''],
};

/**
 * Explains one line of a description.
 * @param {string} line
 * @returns {Meaning | undefined} undefined for a line that it doesn't know
 */
export function explain(line) {
  const [, letter, rest] = /^([a-z])=(.*)$/.exec(line) ?? [];
  if (!letter) return undefined;
  const [, name, value = ''] = letter === 'a' ? (/^([^:]+):?(.*)$/.exec(rest) ?? []) : ['', letter, rest];
  const entries = letter === 'a' ? ATTRIBUTES : LINES;
  const key = name?.trim();
  if (!key || !Object.hasOwn(entries, key)) return undefined;
  const [meaning, rfc, section] = entries[key];
  if (typeof meaning === 'string') return { words: meaning, rfc, section };
  return {
    words: value.trim() ? meaning(value.trim()) : 'This line lacks its value, so it says nothing.',
    rfc,
    section,
  };
}

/** @typedef {{ title: string, lines: string[] }} Section */

/** The session section, then one section for each `m=` line. @param {string} sdp @returns {Section[]} */
export function sectionsOf(sdp) {
  const sections = [{ title: 'Session', lines: /** @type {string[]} */ ([]) }];
  for (const line of sdp.split(/\r?\n/)) {
    if (!line) continue;
    if (line.startsWith('m='))
      sections.push({
        title: `Media section ${sections.length}: ${line.slice(2).split(' ')[0].slice(0, MAX_KIND) || 'of no kind'}`,
        lines: [],
      });
    /** @type {Section} */ (sections.at(-1)).lines.push(line);
  }
  return sections;
}
