// What the library offers, with the documentation of every option, method and event. The modules beside it are checked against it.
//
// `cargo xtask reference` makes the reference page of the book from it, so the shape is fixed: each member has its documentation above it and
// begins a line, and `@example FILE` names the runnable example in `examples/`.

/** Somebody else in the room. */
export interface Peer {
  /** Who it is. */
  readonly id: string;
  /** What it announced last: its id, its room, and its profile. It comes from another machine: treat it as text. */
  readonly data: PeerData;
}

/**
 * What a peer announces: in JSON, at most 60 KiB, or less where the signaling server takes less. `instance` tells a page from an earlier one
 * with the same id, and `connection` counts the sockets that it has had. Everything else is up to the peer.
 */
export interface PeerData {
  id: string;
  room: string;
  instance?: string;
  connection?: number;
  [name: string]: unknown;
}

/** The connection to one peer, from the first step of its negotiation on. */
export interface Call {
  /** The peer connection itself. */
  readonly pc: RTCPeerConnection;
  /** `call:started` was raised. */
  readonly active: boolean;
  /** The open data channels, by label. */
  readonly channels: ReadonlyMap<string, RTCDataChannel>;
  /** What the other side sends. */
  readonly streams: readonly MediaStream[];
}

/** The states of one call as events: `connected`, `failing`, `recovered`, `failed`, `closed`. None has arguments. */
export interface Monitor {
  on(name: MonitorEvent, listener: () => void): () => void;
  off(name: MonitorEvent, listener: () => void): void;
}
export type MonitorEvent = 'connected' | 'failing' | 'recovered' | 'failed' | 'closed';

/** Finds ICE servers when a call is made, and hands them to the callback. */
export type IceGenerator = (
  options: Options & { targetPeer: string },
  callback: (error: unknown, servers?: RTCIceServer[]) => void,
) => void;

export interface Options {
  /**
   * Everybody who names the same room meets in it. Without it, the fragment of the page's address is the room, and a random one is set
   * if there is none, so that whoever gets the address meets you. `null` and `''` stand for none.
   * @example rooms.js
   */
  room?: string | null;
  /**
   * What the name of a room begins with that is made from the page's address. Default: empty.
   * @example rooms.js
   */
  ns?: string;
  /**
   * Writes every frame and every event to the console. Default: `false`.
   * @example debug.js
   */
  debug?: boolean;
  /**
   * Connects to the signaling server, but announces nothing before `join()`. Default: `false`.
   * @example joining.js
   */
  manualJoin?: boolean;
  /**
   * Negotiates anew when a track is added or removed during a call, on either side. Without it, such a track is sent in the next call.
   * Data channels need no negotiation. Default: `false`.
   * @example reactive.js
   */
  reactive?: boolean;
  /**
   * Announces nothing, and answers nobody, before so many streams have been added. Default: 0.
   * @example streams.js
   */
  expectedLocalStreams?: number;
  /**
   * STUN and TURN servers for every call. Default: those that the signaling server gives, if it gives any; none is enough within one network.
   * @example ice-servers.js
   */
  iceServers?: RTCIceServer[];
  /**
   * Like `iceServers`, and goes first: a list, or a function that is asked at each call, as for credentials that expire.
   * @example ice-servers.js
   */
  ice?: RTCIceServer[] | IceGenerator;
  /**
   * Gets the SDP of each offer and answer of ours before it takes effect, and returns the SDP to use. Browsers refuse most changes.
   * @example filters.js
   */
  sdpfilter?: (sdp: string, pc: RTCPeerConnection) => string;
  /**
   * Gets each candidate of the other side. `false` drops it.
   * @example filters.js
   */
  filterCandidate?: (candidate: RTCIceCandidateInit) => boolean;
  /**
   * Who we are. Of two peers the lower id, in string order, is the master of the pair and makes the first offer. Digits alone are no good
   * id: other clients take them for a number. Default, and for `null` and `''`: a new id that begins with the time.
   * @example identity.js
   */
  id?: string | null;
  /**
   * Answers whoever announces itself with an announce of ours. Without it newcomers don't find us. Default: `true`.
   * @example joining.js
   */
  autoreply?: boolean;
  /**
   * How long an announce waits for others to travel with it, in ms. Default: 10.
   * @example profile.js
   */
  announceDelay?: number;
  /**
   * Comes back when the signaling server was away: after 0.2 s at first, then more and more seldom, at least every 5 s. It
   * looks for it with a request (`HEAD`) before it opens a socket. A page whose policy forbids that comes back later. Default: `true`.
   * @example signaling.js
   */
  reconnect?: boolean;
  /**
   * Shown to a signaling server that lets in nobody without an access token: the token, or a function that gets one. The function is asked before
   * each socket: at the beginning, when the session of a token has ended, and when the server was away. What it throws is an `error`, and it is
   * asked again later. A server that refuses a token says why, as an `error` too. Default: none.
   * @example tokens.js
   */
  token?: string | (() => string | Promise<string>);
  /**
   * Paths of the signaling server, tried in order. Default: `['/', '/primus']`.
   * @example signaling.js
   */
  endpoints?: string[];
  /**
   * How long each of the `endpoints` has to answer at first, in ms. After each that was too slow it is twice as long, up to 16 s, and once one
   * has answered it is at least four times what that took. A server that is silent even for eight times this is an error. Default: 1,000.
   * @example signaling.js
   */
  timeout?: number;
  /**
   * How often each peer in a call is asked whether it is there, in ms. After four silent intervals the call expires. 0 asks never.
   * Default: 2,500.
   * @example liveness.js
   */
  heartbeat?: number;
  /**
   * How long a call may take to start, in ms. Default: 30,000.
   * @example failing.js
   */
  failTimeout?: number;
  /**
   * How long a call that lost its connection may try to get it back, in ms. Default: 10,000.
   * @example recovery.js
   */
  disconnectTimeout?: number;
  /**
   * How long a data channel of a call that is connected may take to open, in ms, before it is made anew. Default: 2,000.
   * @example channels.js
   */
  channelTimeout?: number;
}

export interface QuickConnect {
  /**
   * Who we are.
   * @example identity.js
   */
  readonly id: string;
  /**
   * The room we are in, or shall be.
   * @example rooms.js
   */
  readonly room: string;
  /**
   * Everybody seen in the room, by id.
   * @example two-peers.js
   */
  readonly peers: ReadonlyMap<string, Peer>;
  /**
   * The calls with them, by id.
   * @example two-peers.js
   */
  readonly calls: ReadonlyMap<string, Call>;

  /**
   * Sends a stream in every call, now and later. To add to a call that is up, be `reactive`.
   * @example streams.js
   */
  addStream(stream: MediaStream): this;
  /**
   * Another name of `addStream`.
   * @example streams.js
   */
  broadcast(stream: MediaStream): this;
  /**
   * Sends one track, as part of a stream, in every call, now and later.
   * @example tracks.js
   */
  addTrack(track: MediaStreamTrack, stream: MediaStream): this;
  /**
   * Puts another track in the place of one that is sent, without negotiating.
   * @throws {Error} when no stream of ours has a track with this id
   * @example tracks.js
   */
  replaceTrack(track: MediaStreamTrack, trackId: string): this;
  /**
   * Sends a stream no longer. In a call that is up, the other side hears of it if you are `reactive`.
   * @example streams.js
   */
  removeStream(stream: MediaStream): this;
  /**
   * The streams that we send, in a list of its own.
   * @example streams.js
   */
  getLocalStreams(): MediaStream[];
  /**
   * Opens a data channel in every call, now and later. Either side may declare a label, or both. The master makes the channel.
   * A label that only the slave declares is made by the slave.
   * @example channels.js
   */
  createDataChannel(label: string, config?: RTCDataChannelInit | null): this;
  /**
   * Hands over the channel to one peer, now or once it is open.
   * @throws {Error} when there is no call with the peer
   * @example channels.js
   */
  requestChannel(targetId: string, label: string, callback: (error: null, channel: RTCDataChannel) => void): this;
  /**
   * Hands over what one peer sends, by index from 0, now or once it is there.
   * @throws {Error} when there is no call with the peer
   * @example streams.js
   */
  requestStream(targetId: string, index: number, callback: (error: null, stream: MediaStream) => void): this;
  /**
   * Hands over the peer connection to one peer, now or once the call has started.
   * @example two-peers.js
   */
  waitForCall(targetId: string, callback: (error: null, pc: RTCPeerConnection) => void): this;
  /**
   * Ends the call with one peer, on both sides. It stays ended until one side calls `reconnectTo`, or comes anew.
   * @example ending.js
   */
  endCall(id: string): this;
  /**
   * Ends every call. We stay in the room.
   * @example ending.js
   */
  endCalls(): this;
  /**
   * Ends every call, leaves the room, and closes the socket. Nothing is left behind: no timer, no socket, no peer connection. `join()`
   * begins anew.
   * @example ending.js
   */
  close(): this;
  /**
   * Another name of `close`.
   * @example ending.js
   */
  leave(): this;
  /**
   * Announces us, after `manualJoin` or after `close()`.
   * @example joining.js
   */
  join(): this;
  /**
   * Adds to what we announce, and announces it again: the others hear `peer:update`. If the announce would be too large, nothing changes, and
   * an `error` says so.
   * @example profile.js
   */
  profile(data: Record<string, unknown>): this;
  /**
   * What our profile has under a name.
   * @example profile.js
   */
  get(name: string): unknown;
  /**
   * From now on negotiates anew when tracks come and go: the option of this name.
   * @example reactive.js
   */
  reactive(): this;
  /**
   * Ends the call with one peer, if any, and begins a new one. Calls that the other side asks for begin at least 1 s apart, and more seldom, up
   * to every 30 s, while none lasts for 1 s.
   * @example ending.js
   */
  reconnectTo(id: string): this;
  /**
   * Whether we are the master of the pair: the side with the lower id, which makes the first offer.
   * @example identity.js
   */
  isMaster(targetId: string): boolean;
  /**
   * Sends a message of your own to everybody in the room, through the signaling server: `send('/hello', { any: 'data' })`. The others hear
   * `message:hello`. Before the server is there, the last 64 messages are kept. Strings arrive as strings, and everything else
   * as what JSON makes of it. An original client takes strings such as `'42'` and `'true'` for what they look like, as it does with its own.
   * @throws {TypeError} when the command does not begin with `/`, or has a `|`
   * @example messages.js
   */
  send(command: string, ...args: unknown[]): this;
  /**
   * The same, to one peer: `to(id).send('/hello')`.
   * @example messages.js
   */
  to(targetId: string): { send(command: string, ...args: unknown[]): QuickConnect };
  /**
   * Announces us with more attributes. A new `room` among them moves us there; calls that are up go on.
   * @example rooms.js
   */
  announce(data?: Record<string, unknown>): this;

  /**
   * Listens to an event. The name may be written with `:` or with `.`.
   * @example two-peers.js
   */
  on<Name extends EventName>(name: Name, listener: Listener<Name>): this;
  /**
   * Listens to an event once.
   * @example two-peers.js
   */
  once<Name extends EventName>(name: Name, listener: Listener<Name>): this;
  /**
   * Listens no longer, however often it did.
   * @example two-peers.js
   */
  off<Name extends EventName>(name: Name, listener: Listener<Name>): this;
}

/** The events, each with its arguments. */
export interface Events {
  /**
   * Our announce is sent.
   * @example joining.js
   */
  'local:announce': [attributes: PeerData];
  /**
   * The signaling server is there, for the first time or again.
   * @example signaling.js
   */
  connected: [];
  /**
   * The signaling server is gone, or we have closed. Unless we have, calls that are up go on.
   * @example signaling.js
   */
  disconnected: [];
  /**
   * Something failed that you did not ask for by a call: the server can't be reached, or refuses your page and says why; a frame is larger than
   * it takes and is not sent; or a peer sent what nobody can use. Then `peerId` is set. Without a listener it goes to the console.
   * @example errors.js
   */
  error: [error: Error & { peerId?: string }];
  /**
   * A peer is about to be let in, or to be updated. Set `data.allow = false` to refuse it.
   * @example filters.js
   */
  'peer:filter': [id: string, data: PeerData & { allow: boolean }];
  /**
   * A peer passed the filter.
   * @example two-peers.js
   */
  'peer:connected': [id: string, data: PeerData];
  /**
   * A peer is in the room that was not there before. No peer connection to it exists yet.
   * @example two-peers.js
   */
  'peer:announce': [data: PeerData, peer: Peer];
  /**
   * A peer that we know announced itself again, perhaps with another profile.
   * @example profile.js
   */
  'peer:update': [data: PeerData, id: string];
  /**
   * The peer connection is made, and nothing is negotiated yet.
   * @example two-peers.js
   */
  'peer:connect': [id: string, pc: RTCPeerConnection, data: PeerData];
  /**
   * Negotiation is wired.
   * @example two-peers.js
   */
  'peer:couple': [id: string, pc: RTCPeerConnection, data: PeerData, monitor: Monitor];
  /**
   * You are connected: bytes and media flow directly. On both sides.
   * @example two-peers.js
   */
  'call:started': [id: string, pc: RTCPeerConnection, data: PeerData];
  /**
   * The call is over, for whatever reason.
   * @example ending.js
   */
  'call:ended': [id: string];
  /**
   * The connection is lost, and is being restored.
   * @example recovery.js
   */
  'call:failing': [id: string, pc: RTCPeerConnection];
  /**
   * It is back.
   * @example recovery.js
   */
  'call:recovered': [id: string, pc: RTCPeerConnection];
  /**
   * It could not be restored, or not be made at all. `call:ended` follows, and later another attempt, unless its offer or its answer is larger
   * than the signaling server takes.
   * @example failing.js
   */
  'call:failed': [id: string, pc: RTCPeerConnection];
  /**
   * The peer has been silent for four heartbeats. `call:ended` follows.
   * @example liveness.js
   */
  'call:expired': [id: string, pc: RTCPeerConnection];
  /**
   * A data channel is open. On both sides, for every label.
   * @example channels.js
   */
  'channel:opened': [id: string, channel: RTCDataChannel, data: PeerData, pc: RTCPeerConnection];
  /**
   * The same, for one label.
   * @example channels.js
   */
  [opened: `channel:opened:${string}`]: [id: string, channel: RTCDataChannel, data: PeerData, pc: RTCPeerConnection];
  /**
   * A data channel is closed.
   * @example channels.js
   */
  'channel:closed': [id: string, channel: RTCDataChannel, label: string];
  /**
   * The same, for one label.
   * @example channels.js
   */
  [closed: `channel:closed:${string}`]: [id: string, channel: RTCDataChannel, label: string];
  /**
   * The other side sends a stream. Not before `call:started`.
   * @example streams.js
   */
  'stream:added': [id: string, stream: MediaStream, data: PeerData];
  /**
   * It does so no longer.
   * @example streams.js
   */
  'stream:removed': [id: string, stream: MediaStream];
  /**
   * The other side sends a track. This may be before `call:started`.
   * @example tracks.js
   */
  'track:detected': [id: string, track: MediaStreamTrack, stream: MediaStream | undefined, data: PeerData];
  /**
   * Any other command arrived: `/hello` raises `message:hello`, in lower case. The last argument is the peer, or its id if it is unknown.
   * @example messages.js
   */
  [message: `message:${string}`]: any[];
}

/** An event's name, with `:` or with `.`. */
export type EventName = keyof Events | DotName;
type DotName = `${string}.${string}`;
type ColonName<Name extends string> = Name extends `${infer Head}.${infer Tail}` ? `${Head}:${ColonName<Tail>}` : Name;
export type Listener<Name extends string> = (
  ...args: ColonName<Name> extends keyof Events ? Events[ColonName<Name>] : any[]
) => void;

/**
 * Joins a room and calls everybody in it.
 * @param signalhost where the signaling server is, such as `location.origin`
 * @throws {TypeError} when `signalhost` is no URL
 * @example two-peers.js
 */
export default function quickconnect(signalhost: string, options?: Options): QuickConnect;

/** Anything that `sendLarge` can send. */
export type LargeMessage = string | ArrayBuffer | ArrayBufferView | Blob;

/**
 * Sends one message of any size over a data channel: in chunks of 16 KiB, no faster than the channel takes them, so that at most 1 MiB waits in
 * it. Messages go one after the other. The channel must be reliable and ordered, and the other side must read it with `receiveLarge`.
 * @returns once the last chunk is handed to the channel
 * @throws {Error} when the channel is closed before that
 * @example large-messages.js
 */
export function sendLarge(channel: RTCDataChannel, message: LargeMessage): Promise<void>;

/**
 * Puts together what `sendLarge` sends. Text arrives as a string, everything else as an `ArrayBuffer`.
 * @param onmessage gets each whole message
 * @param options `maxSize`: bytes of one message, by default 64 MiB; `onerror`: what arrived is not from `sendLarge`, or too large
 * @returns stops listening
 * @example large-messages.js
 */
export function receiveLarge(
  channel: RTCDataChannel,
  onmessage: (message: string | ArrayBuffer) => void,
  options?: { maxSize?: number; onerror?: (error: Error) => void },
): () => void;
