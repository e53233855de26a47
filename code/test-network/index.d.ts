// What the library offers, with the documentation of every function. The modules beside it are checked against it.

/** A line: two ports of the server, and a bad network between them. */
export interface Line extends Way {
  /**
   * Changes conditions from now on; those that are not named stay.
   * @param way Which way; both without it.
   */
  set(change: Conditions, way?: Direction): Promise<void>;
  /**
   * Plays a timeline that begins now, in place of the one that runs: “cut at 2 s, mend at 5 s”, “out loss 20 % at 3 s, rate 500 kbit/s at 8 s”,
   * where `out` is from A to B and `in` from B to A; or steps, at most 100, in their order. An empty one stops what runs.
   */
  play(timeline: string | Step[]): Promise<void>;
  /**
   * Gives an end another port, as a NAT does that has forgotten a mapping. The peer at that end, `'b'` or `'a'`, sees packets from an address that
   * it was not told, and what it sends to the old port is lost.
   */
  rebind(end: 'a' | 'b'): Promise<void>;
  /** What the line is like now: conditions, statistics, and whether each end has found its peer. */
  read(): Promise<LineState>;
  /**
   * Packets that were kept since the capture was switched on (`openLine({ capture: true })`): the last 4,096, or 4 MiB.
   * @param options `after`: only those behind this number.
   */
  packets(options?: { after?: number }): Promise<{ packets: LinePacket[]; dropped: number }>;
}

/** A lab: two hosts of a network in the server's memory, each behind a NAT. */
export interface Lab extends Way {
  /** Addresses of a STUN server in the lab, for `iceServers`: A and B ask it from behind their NATs, and get `srflx` candidates of the lab. */
  readonly stun: { a: string; b: string };
  /**
   * A TURN server in the lab, for `iceServers`, if it was opened with `turn`: what it relays crosses the NATs too. Who has a relayed port keeps it;
   * for ten minutes another one can be had.
   */
  readonly turn?: { a: RTCIceServer; b: RTCIceServer };
  /** What the lab is like now, with the tables of its NATs. */
  read(): Promise<LabState>;
  /**
   * Packets with their hops, and what each NAT did with them: the last 1,000.
   * @param options `after`: only those behind this number.
   */
  packets(options?: { after?: number }): Promise<{ packets: LabPacket[]; dropped: number }>;
}

/** What lines and labs have in common. */
export interface Way {
  /** Its name at the server. */
  readonly id: string;
  /** The candidates that A is given, in place of those of B. */
  readonly forA: RTCIceCandidateInit[];
  /** The candidates that B is given, in place of those of A. */
  readonly forB: RTCIceCandidateInit[];
  /**
   * Leads a connection between two objects of this program over it: tells the server the ICE credentials in both descriptions, and gives each
   * connection its candidates. Both must have offer and answer, in which there are no candidates, and get no others. After an ICE restart it has to
   * join again.
   */
  join(a: RTCPeerConnection, b: RTCPeerConnection): Promise<void>;
  /**
   * Tells the ICE credentials in a description of A and in one of B, as far as they are known yet. Packets are taken only from peers that prove
   * these. `join` does it; it is for programs that hand over `forA` and `forB` themselves.
   */
  trust(a?: RTCSessionDescriptionInit | null, b?: RTCSessionDescriptionInit | null): Promise<void>;
  /** Ends it. Without this it ends with the run, and when nothing has passed for two minutes. */
  close(): Promise<void>;
}

/**
 * What happens to packets.
 */
export interface Conditions {
  /** How many are lost, in per cent: 0 to 100. */
  loss?: number;
  /** How many are lost in a row, on average: 1 to 1,000. */
  burst?: number;
  /** How long each takes, in ms: 0 to 10,000. */
  delay?: number;
  /** Up to how much longer it takes at random, in ms: 0 to 10,000. Packets stay in order. */
  jitter?: number;
  /** How many are held back and overtaken, in per cent: 0 to 100. */
  reorder?: number;
  /** How many arrive twice, in per cent: 0 to 100. */
  duplicate?: number;
  /** How much passes, in kbit/s: 1 to 1,000,000; 0 for no limit. */
  rate?: number;
  /** How many bytes wait in front of the rate: 2,000 to 1,048,576; 65,536 without it. */
  queue?: number;
  /** Nothing passes. */
  cut?: boolean;
}

/** From A to B, from B to A, or both. A is the first that `join` is given. */
export type Direction = 'both' | 'a-to-b' | 'b-to-a';

/** A change in a timeline, so many seconds after its beginning: at most 3,600. */
export interface Step {
  at: number;
  way?: Direction | (string & {});
  set: Conditions;
}

/** How a line is to be. Conditions that stand here hold both ways. */
export interface LineOptions extends Conditions {
  /** From A to B; in place of the same conditions for both. */
  a_to_b?: Conditions;
  /** From B to A. */
  b_to_a?: Conditions;
  /** A network by its name, in place of all conditions: `perfect`, `good-wifi`, `train`, `hotel`, `3g`, `satellite`. */
  preset?: string;
  /** Lines with the same seed lose the same packets: those at the same place of the sequence. */
  seed?: number;
  /** It begins when the line is opened. */
  timeline?: string | Step[];
  /** Keeps packets for `packets()`. */
  capture?: boolean;
  /** One of the peers may be a Firefox of another page, which connects to no loopback address. */
  not_loopback?: boolean;
}

/** Numbers of packets and of bytes. */
export interface Count {
  packets: number;
  bytes: number;
}

/** One way of a line. */
export interface WayState {
  conditions: Required<Conditions>;
  statistics: Record<'entered' | 'copied' | 'delivered' | 'lost' | 'queue_full' | 'cut' | 'bound', Count>;
  held: Count;
}

/** One end of a line. `locked`: it has found its peer, by a connectivity check that proves the credentials. */
export interface EndState {
  address: string;
  port: number;
  locked: boolean;
  dropped: Record<'stranger' | 'nobody' | 'too_much' | 'not_sent', number>;
}

export interface LineState {
  id: string;
  seconds: number;
  seconds_left: number;
  a: EndState;
  b: EndState;
  a_to_b: WayState;
  b_to_a: WayState;
  capture: { on: boolean; packets: number; dropped: number };
}

/** A field of a packet, and where it stands in it, in bytes. */
export interface Row {
  name: string;
  value: string;
  offset: number;
  length: number;
  rows?: Row[];
}

export interface LinePacket {
  number: number;
  /** Seconds since the line was opened. */
  at: number;
  way: 'a-to-b' | 'b-to-a';
  /** In bytes. */
  length: number;
  fate: 'delivered' | 'loss' | 'queue' | 'cut' | 'bound' | 'nobody' | 'not-sent';
  protocol: 'stun' | 'channel-data' | 'dtls' | 'rtp' | 'rtcp' | 'unknown';
  summary: string;
  rows: Row[];
}

/** The old names of NATs (RFC 3489), or what they do (RFC 4787). */
export type Nat = 'open' | 'full-cone' | 'restricted' | 'port-restricted' | 'symmetric' | Behaviour;

/** What depends on nothing of the remote endpoint, on its address, or on its address and port. */
export type Dependence = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent';

/** What is left out is as in most routers at home. */
export interface Behaviour {
  /** Which packets of an inside endpoint leave by the same outside port. Default: `endpoint-independent`. */
  mapping?: Dependence;
  /** Whose packets to that port are let in. Default: `address-and-port-dependent`. */
  filtering?: Dependence;
  /** The outside port is that of the inside while it is free. Default: `true`. */
  port_preservation?: boolean;
  /** Packets from the inside to an outside endpoint of the same NAT come back in. Default: `true`. */
  hairpinning?: boolean;
  /** How long a mapping lives that nothing refreshes, in seconds: 1 to 86,400. Default: 120. */
  timeout?: number;
  /** What comes in refreshes a mapping as well. Default: `false`. */
  inbound_refresh?: boolean;
}

export interface LabOptions {
  /** The NAT in front of A. */
  a: Nat;
  /** The NAT in front of B. */
  b: Nat;
  /** A NAT that both of these are behind, as those of one provider are. */
  carrier?: Nat;
  /** There is a TURN server in the lab, and its relayed ports are among the candidates that each side is given. Default: `false`. */
  turn?: boolean;
  /** One of the peers may be a Firefox of another page, which connects to no loopback address. */
  not_loopback?: boolean;
}

/** A mapping in the table of a NAT. Endpoints are text: `10.0.0.2:5000`. */
export interface Mapping {
  inside: string;
  outside: string;
  /** What of the remote endpoint the mapping is for; nothing if it is for all. */
  toward: string | null;
  /** Who is let in. */
  permitted: (string | null)[];
  /** Since it was made. */
  seconds: number;
  /** Until it ends, if nothing refreshes it. */
  seconds_left: number;
}

export interface LabState {
  id: string;
  seconds: number;
  seconds_left: number;
  a: HostState;
  b: HostState;
  /** The credentials of the TURN server, if there is one. */
  turn: { username: string; credential: string } | null;
  nats: { name: 'a' | 'b' | 'carrier'; outside: string; behaviour: Required<Behaviour>; table: Mapping[] }[];
}

/** One host of a lab. `virtual` is its endpoint in the lab, `address` and `port` are what the other side is told. */
export interface HostState {
  locked: boolean;
  stun: { address: string; port: number };
  candidates: { type: 'host' | 'srflx' | 'relay'; virtual: string; address: string; port: number }[];
}

/** What one NAT, or the network between them (`nat` is `null`), did with a packet. */
export interface Hop {
  nat: 'a' | 'b' | 'carrier' | null;
  from: string;
  to: string;
  verdict: { passed: { from: string; to: string; hairpinned: boolean } } | { dropped: string };
}

export interface LabPacket {
  number: number;
  /** Seconds since the lab was opened. */
  at: number;
  /** `'stun'`: the server of STUN and TURN. */
  by: 'a' | 'b' | 'stun';
  from: string;
  to: string;
  /** In bytes. */
  length: number;
  protocol: LinePacket['protocol'];
  summary: string;
  hops: Hop[];
  fate: 'delivered' | 'dropped' | 'nobody' | 'ignored' | 'not-sent';
}

/**
 * Opens a line. Rejects with the server's reason in words: a condition is out of range, there are too many lines, or the page is served without the
 * server.
 */
export function openLine(options?: LineOptions): Promise<Line>;

/** Opens a lab. Rejects with the server's reason in words. */
export function openLab(nats: LabOptions): Promise<Lab>;

/**
 * The same description without its candidates, for the other side: with them it would find a way around the line. A description has none while
 * the browser has not found any, right after `setLocalDescription()`.
 */
export function withoutCandidates(description: RTCSessionDescriptionInit | null): RTCSessionDescriptionInit;
