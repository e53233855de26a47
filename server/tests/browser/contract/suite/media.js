// @ts-check
// Streams and tracks: before a call, during a call, from either side, from both at once.

/** @typedef {import('./side.js').Side} Side */

/** A picture that moves. */
export function picture() {
  const canvas = document.createElement('canvas');
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const timer = setInterval(() => context.fillRect(Math.random() * 100, 0, 10, 10), 50);
  const stream = canvas.captureStream(20);
  stream.getTracks()[0].addEventListener('ended', () => clearInterval(timer));
  return stream;
}

/** @param {Side} me @param {MediaStream} stream */
export const flows = (me, stream) => {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = stream;
  video.play().catch(() => {});
  return me.until(() => video.videoWidth > 0, 'a picture');
};

/** @type {import('./cases.js').Case[]} */
const cases = [
  {
    it: 'a stream that is added before the call arrives with it, as a stream and as tracks',
    sides: [
      async (me) => {
        const qc = me.join();
        const stream = picture();
        qc.addStream(stream);
        me.expect(qc.getLocalStreams()[0] === stream, 'our stream');
        await me.when(qc, 'call:started');
        await me.meet();
      },
      async (me) => {
        const qc = me.join();
        const detected = me.when(qc, 'track:detected');
        const [id, stream, data] = await me.when(qc, 'stream:added');
        me.expect(
          id === me.other && stream instanceof MediaStream && data.id === me.other,
          'stream:added(id, stream, data)',
        );
        const [, track, of] = await detected;
        me.expect(track.kind === 'video' && of.id === stream.id, 'track:detected(id, track, stream, data)');
        me.expect(qc.calls.get(me.other).streams[0] === stream, 'the stream in the call');
        await new Promise((resolve) =>
          qc.requestStream(me.other, 0, (/** @type {null} */ _, /** @type {any} */ same) =>
            resolve(me.expect(same === stream, 'the same stream')),
          ),
        );
        await flows(me, stream);
        await me.meet();
      },
    ],
  },
  {
    it: 'both sides send the camera and the microphone',
    sides: [camera, camera],
  },
  {
    it: 'with expectedLocalStreams nothing is announced before the streams are there',
    sides: [
      async (me) => {
        const qc = me.join({ expectedLocalStreams: 1 });
        let announced = 0;
        qc.on('local:announce', () => announced++);
        await me.when(qc, 'connected');
        await me.meet();
        await me.meet();
        me.expect(announced === 0, 'no announce');
        qc.addStream(picture());
        await me.when(qc, 'call:started');
        await me.meet();
      },
      async (me) => {
        await me.meet();
        const qc = me.join();
        await me.when(qc, 'local:announce');
        await me.meet();
        await me.when(qc, 'stream:added');
        await me.meet();
      },
    ],
  },
  {
    it: 'a reactive side adds a stream during a call, and removes it',
    sides: [
      async (me) => {
        const qc = await me.connect({ reactive: true });
        await me.meet();
        const stream = picture();
        qc.broadcast(stream);
        await me.meet();
        qc.removeStream(stream);
        await me.meet();
        me.expect(qc.getLocalStreams().length === 0, 'no stream of ours');
      },
      async (me) => {
        const qc = await me.connect();
        const added = me.when(qc, 'stream:added');
        await me.meet();
        const [, stream] = await added;
        const removed = me.when(qc, 'stream:removed');
        await me.meet();
        const [id, gone] = await removed;
        me.expect(id === me.other && gone === stream, 'stream:removed(id, stream)');
        await me.meet();
      },
    ],
  },
  {
    it: 'both sides add a stream at the same moment of a call, and both arrive',
    sides: [glare, glare],
  },
  {
    it: 'a stream that is added without being reactive is sent once reactive() is called',
    sides: [
      async (me) => {
        const qc = await me.connect();
        await me.meet();
        qc.addStream(picture());
        qc.reactive();
        await me.meet();
      },
      async (me) => {
        const qc = await me.connect();
        const added = me.when(qc, 'stream:added');
        await me.meet();
        await added;
        await me.meet();
      },
    ],
  },
  {
    it: 'a track takes the place of another without a negotiation',
    sides: [
      async (me) => {
        const qc = me.join();
        const stream = picture();
        const [track] = stream.getTracks();
        qc.addTrack(track, stream);
        await me.when(qc, 'call:started');
        await me.meet();
        const { pc } = qc.calls.get(me.other);
        let negotiations = 0;
        pc.addEventListener('signalingstatechange', () => negotiations++);
        const [other] = picture().getTracks();
        qc.replaceTrack(other, track.id);
        await me.until(
          () => pc.getSenders().some((/** @type {RTCRtpSender} */ sender) => sender.track === other),
          'the other track',
        );
        me.expect(negotiations === 0, 'no negotiation');
        await me.meet();
      },
      async (me) => {
        const qc = me.join();
        const [, stream] = await me.when(qc, 'stream:added');
        await flows(me, stream);
        await me.meet();
        await me.meet();
      },
    ],
  },
];

export const media = cases.map((found) => ({
  ...found,
  notInRust: { because: 'its tracks are fed by a program, and are no streams' },
}));

/** @param {Side} me */
async function camera(me) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
  const qc = me.join();
  qc.addStream(stream);
  const [, theirs] = await me.when(qc, 'stream:added');
  await me.until(() => theirs.getTracks().length === 2, 'two tracks');
  await flows(me, theirs);
  await me.meet();
  stream.getTracks().forEach((track) => track.stop());
}

/** @param {Side} me */
async function glare(me) {
  const qc = await me.connect({ reactive: true });
  const added = me.when(qc, 'stream:added');
  await me.meet();
  qc.addStream(picture());
  const [, stream] = await added;
  await flows(me, stream);
  await me.meet();
}
