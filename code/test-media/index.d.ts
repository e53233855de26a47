// What the library offers, with the documentation of every function. The modules beside it are checked against it.

/** What a test card is like. */
export interface TestCardOptions {
  /** In pixels: 80 to 1,920; 640 without it. */
  width?: number;
  /** In pixels: 45 to 1,080; 360 without it. */
  height?: number;
  /** Pictures a second: 1 to 60; 30 without it. */
  fps?: number;
  /** Words above the counter; none without it. */
  title?: string;
}

/**
 * A video track that needs no camera: squares that move, a counter, and the time in its upper edge, for `pictureAge`. A worker ticks for it, so it
 * moves also while the page is in the background. It ends, with its worker, when the track is stopped (a clone of the track doesn't keep it
 * moving) or when the run ends.
 * @throws RangeError for a size or rate that is out of range
 * @throws Error if the browser can't make a track of a canvas
 */
export function testCard(options?: TestCardOptions): MediaStreamTrack;

/**
 * How old the picture of a test card is that a video shows: from its painting to now.
 * @param video It shows a test card, in whatever size. Of other pictures the result means nothing.
 * @returns In ms; right to about one picture, up to 63 s. `NaN` while the video has no picture. Where the card was painted on another machine, the
 *   difference between the clocks is in it.
 * @throws TypeError if it is no `<video>`
 */
export function pictureAge(video: HTMLVideoElement): number;

/**
 * An audio track that needs no microphone: a voice of syllables without words. It ends, with its audio context, when the track is stopped or when
 * the run ends.
 * @returns Rejected with an Error if the browser has no Web Audio, or doesn't start it within 10 s: Firefox doesn't on a machine without a sound
 *   device.
 */
export function testVoice(): Promise<MediaStreamTrack>;

/**
 * Two connections of this page, wired to each other. Each is told the candidates of the other, and whenever one of them needs a negotiation, they
 * exchange offer and answer, one exchange after another. Close them as any others; they end with the run.
 * @param configuration Of both.
 */
export function pair(configuration?: RTCConfiguration): [a: RTCPeerConnection, b: RTCPeerConnection];
