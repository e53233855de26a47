// A program that uses all of `test-media` from strict TypeScript. It is compiled and never run. A line under `@ts-expect-error` must be refused.

import { pair, pictureAge, testCard, testVoice } from 'test-media';
import type { TestCardOptions } from 'test-media';

const options: TestCardOptions = { width: 320, height: 180, fps: 10 };
const card: MediaStreamTrack = testCard(options);
testCard();
testCard({ fps: 5, title: 'front' });
// @ts-expect-error: there is no such option
testCard({ size: 5 });

const voice: MediaStreamTrack = await testVoice();
// @ts-expect-error: it is a promise of a track
const early: MediaStreamTrack = testVoice();

const [a, b]: [RTCPeerConnection, RTCPeerConnection] = pair({ iceServers: [] });
const [, other] = pair();
a.addTrack(card);
b.addTrack(voice);
other.close();

const age: number = pictureAge(document.createElement('video'));
// @ts-expect-error: only a video has a picture
pictureAge(document.createElement('audio'));

export { age, early };
