// @ts-check
// What each line of a description means, in plain words, and where it is defined. Knows every line that Chromium, Firefox, Safari and the
// webrtc crate write; of another it says that it does not know it. Pure.

import { explainCandidate, parseCandidate } from './candidate.js';

/** @typedef {{ words: string, rfc: string, section: string }} Meaning `rfc` is a number; both are empty where there is no RFC */
/** @typedef {[words: string | ((value: string) => string), rfc: string, section: string]} Entry */

/** Lines that are no attributes, by their letter. @type {Record<string, Entry>} */
const LINES = {
  v: ['The version of SDP: always 0.', '8866', '5.1'],
  o: [origin, '8866', '5.2'],
  s: ['A name of the session, which nobody uses: a dash, or the program’s name.', '8866', '5.3'],
  t: ['From when to when: 0 0 stands for always.', '8866', '5.9'],
  c: [(value) => `Where media would go without ICE${/ (0\.0\.0\.0|::)$/.test(value) ? ': nowhere yet, a placeholder' : ''}. ICE decides in its place.`, '8866', '5.7'],
  b: [(value) => `The bandwidth that this side would like at most: ${value}.`, '8866', '5.8'],
  m: [media, '8866', '5.14'],
};

/** Attributes, by name. @type {Record<string, Entry>} */
const ATTRIBUTES = {
  group: [(value) => (value.startsWith('BUNDLE') ? bundle(value.slice('BUNDLE '.length).split(' ')) : `These sections belong together: ${value}.`), '9143', '5'],
  'bundle-only': ['This section is used only if the other side lets it share the connection of another.', '9143', '6'],
  mid: [(value) => `The name of this media section is “${value}”: candidates and BUNDLE call it so.`, '5888', '4'],
  'ice-ufrag': [(value) => `The user name for connectivity checks: whoever checks a way to this side names ${value}.`, '8839', '5.4'],
  'ice-pwd': ['The password for connectivity checks: who knows it has read this description.', '8839', '5.4'],
  'ice-options': [(value) => `What this side’s ICE can do: ${value.split(' ').map((option) => ICE_OPTIONS[option] ?? option).join('; ')}.`, '8839', '5.6'],
  'ice-lite': ['This side only answers checks: a server that is reachable anyway.', '8839', '5.3'],
  candidate: [candidate, '8839', '5.1'],
  'end-of-candidates': ['No more candidates will come.', '8840', '8.1'],
  fingerprint: [(value) => `The ${value.split(' ')[0]} hash of this side’s certificate. The other side compares it when encryption is set up: so signaling vouches for the connection.`, '8122', '5'],
  setup: [(value) => SETUP[value] ?? `Who begins with encryption: ${value}.`, '8842', '5'],
  'tls-id': ['Names this encryption, so that a new one can be told from it.', '8842', '4'],
  'dtls-message': ['The first message of the encryption, sent along to save a round trip.', '', ''],
  'sctp-port': [(value) => `The port inside the encrypted connection that data channels use: ${value}. It is no port of the network.`, '8841', '5'],
  sctpmap: ['How old browsers announced data channels; a=sctp-port took its place.', '8841', '5'],
  'max-message-size': [(value) => (value === '0' ? 'Messages of any size are taken.' : `The largest message that this side takes: ${Number(value).toLocaleString('en')} bytes.`), '8841', '6'],
  'extmap-allow-mixed': ['Header extensions of one and of two bytes may be mixed.', '8285', '6'],
  extmap: [(value) => `Packets carry an extra header, number ${value.split(' ')[0]}: ${extension(value)}.`, '8285', '5'],
  'msid-semantic': ['An old way to say that media belongs to streams; WMS is WebRTC’s own. Nobody needs it any more.', '8830', '1'],
  msid: [(value) => `This media belongs to the stream ${value.split(' ')[0] === '-' ? 'of no name' : value.split(' ')[0]}.`, '8830', '2'],
  ssrc: [(value) => `A packet source has the number ${value.split(' ')[0]}${value.includes('cname:') ? ', and a name that its audio and video share' : ''}.`, '5576', '4.1'],
  'ssrc-group': [(value) => (value.startsWith('FID') ? `The second of these sources repeats packets of the first: ${value.slice(4)}.` : `These sources belong together: ${value}.`), '5576', '4.2'],
  sendrecv: ['Both directions: it sends and receives.', '8866', '6.7.2'],
  sendonly: ['This side only sends.', '8866', '6.7.3'],
  recvonly: ['This side only receives.', '8866', '6.7.1'],
  inactive: ['Nothing is sent for now.', '8866', '6.7.4'],
  rtcp: ['Where control packets would go without ICE: a placeholder.', '3605', '2.1'],
  'rtcp-mux': ['Media and its control packets share one way.', '5761', '5.1.1'],
  'rtcp-mux-only': ['Control packets share the way of the media, or this section is refused.', '8858', '3'],
  'rtcp-rsize': ['Control packets may be short.', '5506', '5'],
  'rtcp-fb': [(value) => `The receiver may say of format ${value.split(' ')[0]}: ${feedback(value)}.`, '4585', '4.2'],
  'rtcp-xr': [(value) => `Reports about more than the standard ones may be sent: ${value === 'rcvr-rtt=all' ? 'receivers, too, may measure the round trip' : value}.`, '3611', '5.1'],
  rtpmap: [(value) => `Format ${value.split(' ')[0]} is ${codec(value.split(' ')[1] ?? '')}.`, '8866', '6.6'],
  fmtp: [(value) => `Settings of format ${value.split(' ')[0]}: ${value.slice(value.indexOf(' ') + 1)}.`, '8866', '6.15'],
  ptime: [(value) => `A packet holds ${value} ms of sound.`, '8866', '6.4'],
  maxptime: [(value) => `A packet holds at most ${value} ms of sound.`, '8866', '6.5'],
  rid: [(value) => `The stream “${value.split(' ')[0]}” is one of several versions of the same picture; this side ${value.includes('recv') ? 'receives' : 'sends'} it.`, '8851', '4'],
  simulcast: [(value) => `The same picture is sent in several versions: ${value}.`, '8853', '5.1'],
  imageattr: ['The sizes of pictures that this side handles.', '6236', '3.1'],
  identity: ['Somebody vouches for who this is.', '8827', '5'],
  'x-google-flag': ['A switch of Chromium’s own, for conferences.', '', ''],
  packetization: ['Pictures are sent raw, without a codec’s own packets.', '', ''],
};

/** @type {Record<string, string>} */
const ICE_OPTIONS = { trickle: 'candidates may follow one by one (trickle)', ice2: 'it follows RFC 8445', renomination: 'it may change the pair that it chose' };

/** @type {Record<string, string>} */
const SETUP = {
  actpass: 'This side can begin with encryption or wait: the answer decides.',
  active: 'This side begins with encryption: it is the DTLS client.',
  passive: 'This side waits for the other to begin with encryption: it is the DTLS server.',
  holdconn: 'Encryption is not to be set up yet.',
};

/** @type {Record<string, string>} */
const EXTENSIONS = {
  'ssrc-audio-level': 'how loud this packet is', 'csrc-audio-level': 'how loud each who speaks in this packet is', 'abs-send-time': 'when it was sent',
  'abs-capture-time': 'when it was recorded', toffset: 'how much later it was sent than recorded', 'transport-wide-cc-extensions-01': 'a number for measuring what the network can carry',
  'sdes:mid': 'the media section that it belongs to', 'sdes:rtp-stream-id': 'the version of the picture that it belongs to', 'sdes:repaired-rtp-stream-id': 'the version of the picture that it repeats',
  'video-orientation': 'which side of the picture is up', 'playout-delay': 'how long it may wait before it is shown', 'video-content-type': 'whether it is a screen or a camera',
  'video-timing': 'how long each step of the sender took', 'color-space': 'how its colours are meant', 'video-layers-allocation00': 'which versions of the picture are sent',
  'dependency-descriptor-rtp-header-extension': 'which packets it needs', 'corruption-detection': 'a sample to notice broken pictures',
};

/** @type {Record<string, string>} */
const FEEDBACK = {
  nack: 'that packets are missing', 'nack pli': 'that it lost the picture', 'ccm fir': 'that it needs a whole picture', 'goog-remb': 'how much it can take (an old way)',
  'transport-cc': 'when packets arrived', 'ccm tmmbr': 'how much it can take', rrtr: 'when it asked', 'ack ccfb': 'when packets arrived',
};

/**
 * @param {string} line
 * @returns {Meaning | undefined} undefined for a line that it doesn't know
 */
export function explain(line) {
  const [, letter, rest] = /^([a-z])=(.*)$/.exec(line) ?? [];
  if (!letter) return undefined;
  const [, name, value = ''] = letter === 'a' ? (/^([^:]+):?(.*)$/.exec(rest) ?? []) : ['', letter, rest];
  const entries = letter === 'a' ? ATTRIBUTES : LINES;
  if (!name || !Object.hasOwn(entries, name)) return undefined;
  const [words, rfc, section] = entries[name];
  return { words: typeof words === 'string' ? words : words(value.trim()), rfc, section };
}

/** @typedef {{ title: string, lines: string[] }} Section */

/** The part about all, then one part for each `m=` line. @param {string} sdp @returns {Section[]} */
export function sectionsOf(sdp) {
  const sections = [{ title: 'Session', lines: /** @type {string[]} */ ([]) }];
  for (const line of sdp.split(/\r?\n/)) {
    if (!line) continue;
    if (line.startsWith('m=')) sections.push({ title: `Media section ${sections.length}: ${line.slice(2).split(' ')[0]}`, lines: [] });
    /** @type {Section} */ (sections.at(-1)).lines.push(line);
  }
  return sections;
}

/** @param {string[]} mids */
function bundle(mids) {
  return mids.length === 1 ? `All that there is, section ${mids[0]}, takes one connection; sections that are added later may share it.` : `The sections ${mids.join(', ')} share one connection.`;
}

/** @param {string} value */
function origin(value) {
  const [, id, version] = value.split(' ');
  return `Who wrote this: a made-up session number, ${id}, and how often the description has changed, ${version}. The address is a placeholder.`;
}

/** @param {string} value */
function media(value) {
  const [kind, port, protocol, ...formats] = value.split(' ');
  const what = kind === 'application' ? 'Data channels' : `${kind[0].toUpperCase()}${kind.slice(1)}`;
  const refused = port === '0' ? ' The port 0 says that it is refused, or that it shares another section’s connection.' : '';
  return `${what}, over ${protocol}${kind === 'application' ? '' : `, in one of ${formats.length} formats, the favourite first`}.${refused}`;
}

/** @param {string} value */
function candidate(value) {
  const parts = parseCandidate(`candidate:${value}`);
  return parts ? `A way to reach this side: ${parts.address}, port ${parts.port}. ${explainCandidate(parts)}` : 'A candidate that can not be read.';
}

/** @param {string} value */
function extension(value) {
  const uri = value.split(' ')[1] ?? '';
  const known = Object.keys(EXTENSIONS).find((name) => uri.includes(name));
  return known ? EXTENSIONS[known] : uri;
}

/** @param {string} value */
function feedback(value) {
  const kind = value.slice(value.indexOf(' ') + 1);
  return FEEDBACK[kind] ?? kind;
}

/** @param {string} value */
function codec(value) {
  const [name, rate, channels] = value.split('/');
  const what = { rtx: 'repeated packets', red: 'packets with a spare copy', ulpfec: 'packets that mend others', 'flexfec-03': 'packets that mend others', 'telephone-event': 'keys of a phone', CN: 'silence' }[name];
  return `${name}${what ? ` (${what})` : ''} at ${Number(rate).toLocaleString('en')} Hz${channels ? `, ${channels} channels` : ''}`;
}
