// A program that uses all of the client's API from strict TypeScript. It is compiled and never run.
// A line under `@ts-expect-error` must be refused.

import quickconnect, { receiveLarge, sendLarge } from 'rtc-quickconnect';
import type {
  Call,
  EventName,
  Events,
  IceGenerator,
  LargeMessage,
  Listener,
  Monitor,
  MonitorEvent,
  Options,
  Peer,
  PeerData,
  QuickConnect,
} from 'rtc-quickconnect';

/** Fails to compile unless `value` has exactly the type `Expected`. */
function is<Expected>() {
  return <Actual>(
    _value: Actual,
    ..._same: Same<Expected, Actual> extends true ? [] : ['the types differ']
  ): void => {};
}
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

// --- Options

const ice: IceGenerator = ({ targetPeer, room }, callback) => {
  is<string>()(targetPeer);
  is<string | null | undefined>()(room);
  callback(null, [{ urls: 'turn:turn.example', username: 'u', credential: 'c' }]);
  callback(new Error('no credentials today'));
};
const options: Required<Options> = {
  room: 'types',
  ns: '',
  debug: false,
  manualJoin: false,
  reactive: false,
  expectedLocalStreams: 0,
  iceServers: [{ urls: ['stun:stun.example'] }],
  ice,
  sdpfilter: (sdp, pc) => (pc.connectionState === 'new' ? sdp : sdp.trim()),
  filterCandidate: ({ candidate }) => candidate !== undefined,
  id: 'alice',
  autoreply: true,
  announceDelay: 10,
  reconnect: true,
  token: async () => 'head.claims.signature',
  endpoints: ['/'],
  timeout: 1_000,
  heartbeat: 2_500,
  failTimeout: 30_000,
  disconnectTimeout: 10_000,
  channelTimeout: 2_000,
};
const qc: QuickConnect = quickconnect('https://example.com', options);
quickconnect('https://example.com');
quickconnect('https://example.com', { ice: [] });
// @ts-expect-error: an address is needed
quickconnect();
// @ts-expect-error: a room has a name
quickconnect('https://example.com', { room: 1 });
quickconnect('https://example.com', { token: 'head.claims.signature' });
// @ts-expect-error: a token is a text
quickconnect('https://example.com', { token: { exp: 1 } });
// @ts-expect-error: `plugins` is gone
quickconnect('https://example.com', { plugins: [] });

// --- Properties

is<string>()(qc.id);
is<string>()(qc.room);
is<Peer | undefined>()(qc.peers.get('bob'));
is<Call | undefined>()(qc.calls.get('bob'));
// @ts-expect-error: the rooms of others are not for changing
qc.peers.clear();
// @ts-expect-error: who we are is settled
qc.id = 'bob';
for (const { id, data } of qc.peers.values()) {
  is<string>()(id);
  is<PeerData>()(data);
  is<unknown>()(data['name']);
}
for (const { pc, active, channels, streams } of qc.calls.values()) {
  is<RTCPeerConnection>()(pc);
  is<boolean>()(active);
  is<ReadonlyMap<string, RTCDataChannel>>()(channels);
  is<readonly MediaStream[]>()(streams);
}

// --- Methods: each that sets something up returns its object

declare const stream: MediaStream;
declare const track: MediaStreamTrack;
is<QuickConnect>()(
  qc
    .addStream(stream)
    .broadcast(stream)
    .addTrack(track, stream)
    .replaceTrack(track, 'an id')
    .removeStream(stream)
    .createDataChannel('chat')
    .createDataChannel('game', { ordered: false, maxRetransmits: 0 })
    .createDataChannel('old', null)
    .requestChannel('bob', 'chat', (error, channel) => {
      is<null>()(error);
      is<RTCDataChannel>()(channel);
    })
    .requestStream('bob', 0, (error, remote) => {
      is<null>()(error);
      is<MediaStream>()(remote);
    })
    .waitForCall('bob', (error, pc) => {
      is<null>()(error);
      is<RTCPeerConnection>()(pc);
    })
    .endCall('bob')
    .endCalls()
    .leave()
    .join()
    .profile({ name: 'Alice' })
    .reactive()
    .reconnectTo('bob')
    .announce()
    .announce({ room: 'elsewhere' })
    .send('/hello', 1, { any: 'data' })
    .to('bob')
    .send('/hello')
    .close(),
);
is<MediaStream[]>()(qc.getLocalStreams());
is<unknown>()(qc.get('name'));
is<boolean>()(qc.isMaster('bob'));
// @ts-expect-error: one peer is one id
qc.endCall();
// @ts-expect-error: a label is text
qc.createDataChannel(1);

// --- Events: their names with `:` and with `.`, and the types of their arguments

const everyEvent = {
  'local:announce': (attributes) => is<PeerData>()(attributes),
  connected: () => {},
  disconnected: () => {},
  error: (error) => is<string | undefined>()(error.peerId),
  'peer:filter': (id, data) => {
    data.allow = id !== 'mallory';
  },
  'peer:connected': (...args) => is<[string, PeerData]>()(args),
  'peer:announce': (...args) => is<[PeerData, Peer]>()(args),
  'peer:update': (...args) => is<[PeerData, string]>()(args),
  'peer:connect': (...args) => is<[string, RTCPeerConnection, PeerData]>()(args),
  'peer:couple': (...args) => is<[string, RTCPeerConnection, PeerData, Monitor]>()(args),
  'call:started': (...args) => is<[string, RTCPeerConnection, PeerData]>()(args),
  'call:ended': (id) => is<string>()(id),
  'call:failing': (...args) => is<[string, RTCPeerConnection]>()(args),
  'call:recovered': (...args) => is<[string, RTCPeerConnection]>()(args),
  'call:failed': (...args) => is<[string, RTCPeerConnection]>()(args),
  'call:expired': (...args) => is<[string, RTCPeerConnection]>()(args),
  'channel:opened': (...args) => is<[string, RTCDataChannel, PeerData, RTCPeerConnection]>()(args),
  'channel:opened:chat': (_id, channel) => is<RTCDataChannel>()(channel),
  'channel:closed': (...args) => is<[string, RTCDataChannel, string]>()(args),
  'channel:closed:chat': (_id, _channel, label) => is<string>()(label),
  'stream:added': (...args) => is<[string, MediaStream, PeerData]>()(args),
  'stream:removed': (...args) => is<[string, MediaStream]>()(args),
  'track:detected': (...args) => is<[string, MediaStreamTrack, MediaStream | undefined, PeerData]>()(args),
  'message:hello': () => {},
} satisfies { [Name in keyof Events]: Listener<Name> };
for (const name of Object.keys(everyEvent) as EventName[]) is<EventName>()(name);

qc.on('call:started', everyEvent['call:started'])
  .once('call:ended', everyEvent['call:ended'])
  .off('call:started', everyEvent['call:started']);
qc.on('call.started', (...args) => is<Events['call:started']>()(args));
qc.on('channel.opened.chat', (...args) => is<Events['channel:opened:chat']>()(args));
qc.on('message:hello', (text: string, peer: Peer) => {
  is<string>()(text);
  is<Peer>()(peer);
});
qc.on('peer:couple', (_id, _pc, _data, monitor) => {
  const stop = monitor.on('recovered', () => {});
  is<() => void>()(stop);
  monitor.off('recovered', stop);
  for (const state of ['connected', 'failing', 'recovered', 'failed', 'closed'] satisfies MonitorEvent[])
    monitor.on(state, () => {});
});
// @ts-expect-error: there is no such event
qc.on('call:begun', () => {});
// @ts-expect-error: an id is no number
qc.on('call:started', (id: number) => id);

// --- Large messages

declare const channel: RTCDataChannel;
const messages: LargeMessage[] = [
  'text',
  new ArrayBuffer(1),
  new Uint8Array(1),
  new DataView(new ArrayBuffer(1)),
  new Blob(),
];
for (const message of messages) is<Promise<void>>()(sendLarge(channel, message));
const stop = receiveLarge(channel, (message) => is<string | ArrayBuffer>()(message), {
  maxSize: 1,
  onerror: (error) => is<Error>()(error),
});
is<() => void>()(stop);
