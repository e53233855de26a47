// A program that uses all of `rtc-quickconnect/media` from strict TypeScript. It is compiled and never run. A line under `@ts-expect-error` must be
// refused.

import type { QuickConnect } from 'rtc-quickconnect';
import { createMedia, watchQuality } from 'rtc-quickconnect/media';
import type {
  Encoding,
  Kind,
  Media,
  MediaEvents,
  MediaOptions,
  TrackQuality,
  TrackState,
} from 'rtc-quickconnect/media';

declare const qc: QuickConnect;
declare const stream: MediaStream;
declare const track: MediaStreamTrack;
declare const pc: RTCPeerConnection;

const layers: Encoding[] = [
  { rid: 'h', maxBitrate: 900_000, maxFramerate: 30 },
  { rid: 'q', scaleResolutionDownBy: 4, active: false },
];
const options: MediaOptions = { encodings: { video: layers, audio: [{ maxBitrate: 24_000 }] }, every: 500 };
const media: Media = createMedia(qc, options);
createMedia(qc);
// @ts-expect-error: it is for a quickconnect
createMedia();
// @ts-expect-error: there is no such option
createMedia(qc, { muted: true });

const kind: Kind = 'audio';
const done: Promise<void>[] = [
  media.setMuted(kind, true),
  media.setMuted('video', false, stream),
  media.replaceTrack(track),
  media.replaceTrack(track, stream),
  media.setEncodings('video', [{ maxBitrate: undefined }]),
];
// @ts-expect-error: a kind is one of two
media.setMuted('screen', true);
// @ts-expect-error: it is said whether
media.setMuted('audio');
const isMuted: boolean = media.isMuted('video', stream);
const state: TrackState | undefined = media.stateOf(track);
const stop: () => void = media.on('state', (id, of, now) => {
  const args: MediaEvents['state'] = [id, of, now];
  // @ts-expect-error: there is no such state
  return args[2] === 'paused';
});
media.on('error', (error) => {
  if (error instanceof Error) stop();
});
// @ts-expect-error: there is no such event
media.on('muted', () => {});
media.close();

for await (const tracks of watchQuality(pc, { every: 1_000, signal: AbortSignal.timeout(5_000) })) {
  for (const one of tracks) {
    const figures: TrackQuality = one;
    const numbers: number[] = [figures.bitrate, figures.packets];
    const perhaps: (number | undefined)[] = [
      ...[figures.lost, figures.jitter, figures.roundTrip, figures.delay, figures.width, figures.height],
      ...[figures.framesPerSecond, figures.freezes, figures.frozen, figures.level],
    ];
    const words: (string | undefined)[] = [figures.mid, figures.codec, figures.rid, figures.limitedBy];
    const way: 'send' | 'receive' = figures.direction;
    console.log(figures.kind, way, numbers, perhaps, words);
    // @ts-expect-error: figures are for reading
    figures.packets = 0;
  }
}
watchQuality(pc);

export { done, isMuted, state };
