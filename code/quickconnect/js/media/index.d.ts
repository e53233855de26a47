// What `rtc-quickconnect/media` offers, with the documentation of every option, method and event. The modules beside it are checked against it.

import type { QuickConnect } from '../index.js';

export type Kind = 'audio' | 'video';

/**
 * What one encoding of what we send shall be like. What is left out stays as it is; `undefined` takes a bound back.
 * Browsers refuse a `scaleResolutionDownBy` below 1.
 */
export interface Encoding {
  /** The name of a layer, 1 to 255 letters and digits. Without it the place in the list counts. */
  rid?: string;
  /** Whether it is sent, unless it is muted. */
  active?: boolean | undefined;
  /** Bits a second, without the headers of packets: what is sent stays below it. */
  maxBitrate?: number | undefined;
  /** Pictures a second. */
  maxFramerate?: number | undefined;
  /** 2 means half the width and half the height. */
  scaleResolutionDownBy?: number | undefined;
}

export interface MediaOptions {
  /**
   * What is sent when a call begins, by kind: at most 8 encodings each. Several, each with a `rid`, are layers of the same picture (simulcast) in
   * calls with whoever takes them, as an SFU does; a browser at the other side gets the first one. They are for the tracks of the streams that were
   * added before the call. Default: none, which is one encoding without bounds.
   */
  encodings?: { audio?: readonly Encoding[]; video?: readonly Encoding[] };
  /** How often it is looked at what arrives, for `state`, in ms: 100 to 60,000. 0 looks never. Default: 1,000. */
  every?: number;
}

/**
 * What is known of a track that somebody else sends.
 * `live`: it arrives, and of a sound, it is heard.
 * `muted`: its sender says so, by `setMuted`. A voice that is heard all the same after more than two seconds is `live`: what a peer says proves nothing.
 * `silent`: packets of a sound arrive, and nothing is heard. Known of sounds that are played, if only by a muted player.
 * `stalled`: nothing has arrived for two seconds, and nobody says that it is muted.
 */
export type TrackState = 'live' | 'muted' | 'silent' | 'stalled';

/** The events, each with its arguments. */
export interface MediaEvents {
  /** A track of a peer is in another state than before, or in its first. Not before `call:started`, and for its streams not before `stream:added`. */
  state: [id: string, track: MediaStreamTrack, state: TrackState];
  /** What you did not ask for by a call has failed: a browser refuses the `encodings` of a new call. Without a listener it goes to the console. */
  error: [error: unknown];
}

export interface Media {
  /**
   * Mutes what we send of a kind, in every call, now and later, and tells the others: by the name `muted` in our profile. From the call on nothing of
   * it is sent but silence or black, since its tracks are disabled (`enabled`), which those who look at them here see as well. Then its encodings
   * are switched off, so that no packets are sent, where the browser does so. Nothing is negotiated, and the device stays in use.
   * @param stream mutes only what is in this stream, which may be added later: a camera, and not the screen that is shared beside it
   * @returns once it is so in every call; what is unmuted is sent again from then on
   * @throws {TypeError} when it is no kind
   * @throws {RangeError} when 64 kinds and streams are muted already
   */
  setMuted(kind: Kind, isMuted: boolean, stream?: MediaStream): Promise<void>;
  /** Whether we have muted it, by its kind or by its stream. */
  isMuted(kind: Kind, stream?: MediaStream): boolean;
  /**
   * Puts a track in the place of the first one of its kind, in every call, now and later, without negotiating: another camera. What is muted stays
   * so. The former track goes on: stop it, so that its device is free.
   * @param stream the one whose track is replaced. Default: the first one that has such a track
   * @returns once it is sent in every call
   * @throws {Error} when no stream of ours has a track of this kind
   */
  replaceTrack(track: MediaStreamTrack, stream?: MediaStream): Promise<void>;
  /**
   * Changes bounds of what is sent, in every call, now and later, without negotiating, and switches layers off and on. What the list doesn't name
   * stays. How many encodings a call has is settled when it begins.
   * @returns once it is so in every call
   * @throws {TypeError} when it is no kind
   * @throws {RangeError} when there are more than 8, or a bound is none
   */
  setEncodings(kind: Kind, encodings: readonly Encoding[]): Promise<void>;
  /** In which state a track of a peer was last; `undefined` if nothing is known yet. */
  stateOf(track: MediaStreamTrack): TrackState | undefined;
  /** Listens to an event. @returns stops listening */
  on<Name extends keyof MediaEvents>(name: Name, listener: (...args: MediaEvents[Name]) => void): () => void;
  /** Follows the calls no longer, and raises nothing any more. What is muted or bounded stays so in the calls that are up. */
  close(): void;
}

/**
 * The media of a quickconnect, in all its calls. Make it right after the quickconnect, and once.
 * @throws {RangeError} when `every` is out of range, or there are more than 8 encodings
 */
export function createMedia(qc: QuickConnect, options?: MediaOptions): Media;

/**
 * One track that is sent or received, or one layer of it, as it was since the figures before. What the browser doesn't tell, or what doesn't belong to
 * this direction, is `undefined`.
 */
export interface TrackQuality {
  /** The section of the descriptions, which has the same name at both sides. */
  readonly mid: string;
  readonly kind: Kind;
  readonly direction: 'send' | 'receive';
  /** The layer, if there are several. */
  readonly rid: string | undefined;
  /** Such as `VP8` or `opus`. */
  readonly codec: string | undefined;
  /** Bits a second, without the headers of packets. */
  readonly bitrate: number;
  /** How many were sent, or have arrived. */
  readonly packets: number;
  /** The part of 1 that was lost on the way. Of what is sent, as the other side has reported last. */
  readonly lost: number | undefined;
  /** How unevenly packets arrive, in ms. Of what is sent, as the other side has reported last. */
  readonly jitter: number | undefined;
  /** There and back, in ms, of what is sent. */
  readonly roundTrip: number | undefined;
  /** How long it waited in the jitter buffer, in ms, of what is received. */
  readonly delay: number | undefined;
  /** In pixels. */
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** How many were encoded, or decoded, in a second. */
  readonly framesPerSecond: number | undefined;
  /** How often the picture stood still, and for how many ms. Both are told when it moves again. */
  readonly freezes: number | undefined;
  readonly frozen: number | undefined;
  /** The highest level of a sound, between 0 and 1. Of what is received, while it is played. */
  readonly level: number | undefined;
  /** What keeps what is sent from being better: `none`, `cpu`, `bandwidth` or `other`. */
  readonly limitedBy: string | undefined;
}

/**
 * Figures of each track of a connection, at most 128, again and again: `for await (const tracks of watchQuality(pc))`. They are made when they are asked
 * for, so a slow reader gets fewer, over a longer time. It ends when the connection is closed, by the signal, or with the loop.
 * @param options `every`: how often, in ms: 100 to 60,000, by default 1,000; `signal`: ends it
 * @throws {RangeError} when `every` is out of range
 */
export function watchQuality(
  pc: RTCPeerConnection,
  options?: { every?: number; signal?: AbortSignal | undefined },
): AsyncGenerator<TrackQuality[], void, undefined>;
