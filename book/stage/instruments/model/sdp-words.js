// @ts-check
// Explains the values of SDP lines: one function for each kind of line with a structured value. Values come from another machine or a file,
// so each function accepts any text, and says what it can't read. Pure.
//
// May import: candidate.js.

import { explainCandidate, parseCandidate } from './candidate.js';

// Tables are maps and not objects, in which a value such as `constructor` or `__proto__` would find an inherited property.

const ICE_OPTIONS = new Map([
  ['trickle', 'candidates may follow one by one (trickle)'],
  ['ice2', 'it follows RFC 8445'],
  ['renomination', 'it may change the pair that it chose'],
  ['google-ice', 'Google’s ICE from before the standard'],
]);

const SETUP = new Map([
  ['actpass', 'This side can begin with encryption or wait: the answer decides.'],
  ['active', 'This side begins with encryption: it is the DTLS client.'],
  ['passive', 'This side waits for the other to begin with encryption: it is the DTLS server.'],
  ['holdconn', 'Encryption is not to be set up yet.'],
]);

const BANDWIDTHS = new Map([
  ['AS', 'kbit/s for this media, with the headers of IP'],
  ['CT', 'kbit/s for all media together'],
  ['TIAS', 'bit/s for this media, without the headers of IP'],
  ['RS', 'bit/s for control packets of senders'],
  ['RR', 'bit/s for control packets of receivers'],
]);

const GROUPS = new Map([
  ['LS', 'are played in step (lip synchronization)'],
  ['FID', 'are one flow, in one of several places'],
  ['FEC-FR', 'carry media and what mends it'],
  ['FEC', 'carry media and what mends it'],
]);
const SOURCE_GROUPS = new Map([
  ['FID', 'the second repeats packets of the first'],
  ['SIM', 'they are versions of the same picture (simulcast)'],
  ['FEC-FR', 'the second mends packets of the first'],
  ['FEC', 'the second mends packets of the first'],
]);

const EXTENSIONS = [
  ['ssrc-audio-level', 'how loud this packet is'],
  ['csrc-audio-level', 'how loud each who speaks in this packet is'],
  ['abs-send-time', 'when it was sent'],
  ['abs-capture-time', 'when it was recorded'],
  ['toffset', 'how much later it was sent than recorded'],
  ['transport-wide-cc-extensions-01', 'a number for measuring what the network can carry'],
  ['sdes:mid', 'the media section that it belongs to'],
  ['sdes:rtp-stream-id', 'the version of the picture that it belongs to'],
  ['sdes:repaired-rtp-stream-id', 'the version of the picture that it repeats'],
  ['video-orientation', 'which side of the picture is up'],
  ['playout-delay', 'how long it may wait before it is shown'],
  ['video-content-type', 'whether it is a screen or a camera'],
  ['video-timing', 'how long each step of the sender took'],
  ['color-space', 'how its colours are meant'],
  ['video-layers-allocation00', 'which versions of the picture are sent'],
  ['dependency-descriptor-rtp-header-extension', 'which packets it needs'],
  ['corruption-detection', 'a sample to notice broken pictures'],
];

const FEEDBACK = new Map([
  ['nack', 'that packets are missing'],
  ['nack pli', 'that it lost the picture'],
  ['ccm fir', 'that it needs a whole picture'],
  ['goog-remb', 'how much it can take (an old way)'],
  ['transport-cc', 'when packets arrived'],
  ['ccm tmmbr', 'how much it can take'],
  ['rrtr', 'when it asked'],
  ['ack ccfb', 'when packets arrived'],
]);

const CODECS = new Map([
  ['rtx', 'repeated packets'],
  ['red', 'packets with a spare copy'],
  ['ulpfec', 'packets that mend others'],
  ['flexfec-03', 'packets that mend others'],
  ['telephone-event', 'keys of a phone'],
  ['CN', 'silence'],
]);

const DIRECTIONS = new Map([
  ['sendrecv', 'in both directions'],
  ['sendonly', 'only sent by this side'],
  ['recvonly', 'only received by this side'],
  ['inactive', 'not used for now'],
]);

const RID_DIRECTIONS = new Map([
  ['send', 'this side sends it'],
  ['recv', 'this side receives it'],
]);

/** Placeholder addresses in `o=` and `c=` lines. */
const PLACEHOLDER = /(^| )(0\.0\.0\.0|127\.0\.0\.1|::)$/;

/** `o=`: who wrote the description. @param {string} value */
export function origin(value) {
  const [, id, version] = value.split(' ');
  if (!version)
    return 'Who wrote this, in a form that can not be read: a name, a session number, a version and an address are expected.';
  return `Who wrote this: a made-up session number, ${id}, and how often the description has changed, ${version}. ${PLACEHOLDER.test(value) ? 'The address is a placeholder.' : 'The address is where it was written.'}`;
}

/** `c=`: the address for media. @param {string} value */
export const connection = (value) =>
  `Where media would go without ICE${PLACEHOLDER.test(value) ? ': nowhere yet, a placeholder' : ''}. ICE decides in its place.`;

/** `b=`: a limit of bandwidth. @param {string} value */
export function bandwidth(value) {
  const [kind, amount] = value.split(':');
  const unit = BANDWIDTHS.get(kind);
  return `The bandwidth that this side would like at most: ${unit && amount ? `${amount} ${unit}` : value}.`;
}

/** `m=`: a media section. @param {string} value */
export function media(value) {
  const [kind, port, protocol, ...formats] = value.split(' ');
  if (!protocol) return 'A media section that can not be read: a kind, a port and a protocol are expected.';
  const isData = /SCTP/.test(protocol);
  const count = formats.length === 1 ? 'in one format' : `in one of ${formats.length} formats, the favourite first`;
  const refused =
    port === '0' ? ' The port 0 says that it is refused, or that it shares another section’s connection.' : '';
  return `${isData ? 'Data channels' : `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`}, over ${protocol}${isData || formats.length === 0 ? '' : `, ${count}`}.${refused}`;
}

/** `a=group`: sections that belong together. @param {string} value */
export function group(value) {
  const [kind, ...mids] = value.split(' ');
  if (kind !== 'BUNDLE')
    return `These sections ${GROUPS.get(kind) ?? `belong together, as ${kind}`}: ${mids.join(', ') || 'none'}.`;
  if (mids.length === 0) return 'No sections share a connection.';
  return mids.length === 1
    ? `All that there is, section ${mids[0]}, takes one connection; sections that are added later may share it.`
    : `The sections ${mids.join(', ')} share one connection.`;
}

/** `a=ice-options`. @param {string} value */
export const iceOptions = (value) =>
  `What this side’s ICE can do: ${value
    .split(' ')
    .map((option) => ICE_OPTIONS.get(option) ?? `${option} (which this book does not know)`)
    .join('; ')}.`;

/** `a=candidate`. @param {string} value */
export function candidate(value) {
  const parts = parseCandidate(`candidate:${value}`);
  return parts
    ? `A way to reach this side: ${parts.address}, port ${parts.port}. ${explainCandidate(parts)}`
    : 'A candidate that can not be read: after the port, “typ” and a type are expected.';
}

/** `a=setup`: the role in DTLS. @param {string} value */
export const setup = (value) =>
  SETUP.get(value) ?? `Who begins with encryption: ${value}, which the standard does not know.`;

/** `a=max-message-size`. @param {string} value */
export function messageSize(value) {
  if (!/^\d+$/.test(value))
    return `The largest message that this side takes, as a number that can not be read: ${value}.`;
  return Number(value) === 0
    ? 'Messages of any size are taken.'
    : `The largest message that this side takes: ${Number(value).toLocaleString('en')} bytes.`;
}

/** `a=extmap`: a header extension of RTP. @param {string} value */
export function extension(value) {
  const [place, uri = ''] = value.split(' ');
  const [number, direction] = place.split('/');
  const known = EXTENSIONS.find(([name]) => uri.includes(name));
  return `Packets carry an extra header, number ${number}${direction ? ` (${DIRECTIONS.get(direction) ?? direction})` : ''}: ${known ? known[1] : `${uri || 'without a name'}, which this book does not know`}.`;
}

/** `a=ssrc`: a source of RTP packets. @param {string} value */
export function source(value) {
  const [number, attribute = ''] = value.split(' ');
  const name = attribute.split(':')[0];
  const about = new Map([
    ['cname', ', and a name that its audio and video share'],
    ['msid', ', and belongs to a stream and a track'],
    ['mslabel', ', and belongs to a stream (an old way to say it)'],
    ['label', ', and belongs to a track (an old way to say it)'],
  ]).get(name);
  return `A packet source has the number ${number}${about ?? (name ? `, and ${name}, which this book does not know` : '')}.`;
}

/** `a=ssrc-group`: sources that belong together. @param {string} value */
export function sourceGroup(value) {
  const [kind, ...sources] = value.split(' ');
  return `These sources belong together, ${SOURCE_GROUPS.get(kind) ?? `as ${kind}, which this book does not know`}: ${sources.join(' ') || 'none'}.`;
}

/** `a=rtcp-fb`: feedback that the receiver may send. @param {string} value */
export function feedback(value) {
  const [number, ...kind] = value.split(' ');
  return `The receiver may say of ${number === '*' ? 'every format' : `format ${number}`}: ${FEEDBACK.get(kind.join(' ')) ?? `${kind.join(' ') || 'nothing'}, which this book does not know`}.`;
}

/** `a=rtpmap`: the codec of a format. @param {string} value */
export function format(value) {
  const [number, encoding = ''] = value.split(' ');
  const [name, rate, channels] = encoding.split('/');
  if (!name) return `Format ${number}, without its name.`;
  const what = CODECS.get(name);
  const hertz = /^\d+$/.test(rate ?? '') ? ` at ${Number(rate).toLocaleString('en')} Hz` : ', without its clock rate';
  return `Format ${number} is ${name}${what ? ` (${what})` : ''}${hertz}${channels ? `, ${channels} ${channels === '1' ? 'channel' : 'channels'}` : ''}.`;
}

/** The direction is seen from the side that wrote the description (RFC 8851, section 4). @param {string} value */
export function restriction(value) {
  const [name, direction, ...limits] = value.split(' ');
  const does = RID_DIRECTIONS.get(direction) ?? 'whether it is sent or received is not said';
  return `The stream “${name}” is one of several versions of the same picture; ${does}${limits.length > 0 ? `, within ${limits.join(' ')}` : ''}.`;
}

/**
 * Simulcast streams by direction (RFC 8853, section 5.1): `;` separates streams, `,` alternatives of one stream, `~` marks a paused one.
 * Older browsers wrote `rid=` before the list.
 * @param {string} value
 */
export function simulcast(value) {
  const said = [...value.matchAll(/(send|recv) +(?:rid=)?(\S+)/g)].map(([, direction, list]) => {
    const versions = list.split(';').map((version) =>
      version
        .split(',')
        .map((one) => (one.startsWith('~') ? `${one.slice(1)} (paused)` : one))
        .join(' or '),
    );
    return `${direction === 'send' ? 'sends' : 'receives'} ${versions.join(', ')}`;
  });
  return said.length > 0
    ? `The same picture in several versions: this side ${said.join(', and ')}.`
    : `The same picture in several versions, in a list that can not be read: ${value}.`;
}
