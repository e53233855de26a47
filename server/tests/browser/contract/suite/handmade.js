// @ts-check
// A peer made by hand, of a socket and a connection, that says what no client would.

/** @typedef {import('./side.js').Side} Side */

/** Lower than the id of any side, and higher. */
const MASTER = '0-handmade';
const SLAVE = 'z-handmade';

/** Comes into the room of this run. @param {Side} me @param {string} id */
async function enter(me, id) {
  const socket = new WebSocket(me.signaling.replace('http', 'ws'));
  /** What was said to it. @type {{ command: string, data: any }[]} */
  const heard = [];
  socket.onmessage = ({ data }) => {
    const [to, target, slashed, sender, ...json] = data.split('|');
    if (to === '/to' && target === id && sender === me.id)
      heard.push({ command: slashed.slice(1), data: json[0] && JSON.parse(json.join('|')) });
  };
  await me.event(socket, 'open');
  return {
    /** @param {object} [data] */
    announce: (data) =>
      socket.send(`/announce|${id}|${JSON.stringify({ id, room: me.room, instance: 'page', ...data })}`),
    /** @param {string} command @param {object} data */
    say: (command, data) => socket.send(`/to|${me.id}|/${command}|${id}|${JSON.stringify(data)}`),
    /** What was said with a command, once that is accepted. @param {string} command @param {(data: any) => boolean} accept @returns {Promise<any>} */
    async hears(command, accept) {
      const find = () => heard.find((said) => said.command === command && accept(said.data));
      await me.until(find, `/${command}`);
      return find()?.data;
    },
    leave: () => socket.close(),
  };
}

/** @param {string} sdp */
const withoutCandidates = (sdp) => sdp.replaceAll(/^a=(candidate|end-of-candidates).*\r\n/gm, '');

/** @type {import('./cases.js').Case[]} */
export const handmade = [
  {
    it: 'a bad candidate that comes before its offer is an error, the others count, and the call starts',
    raises: true,
    sides: [
      async (me) => {
        const qc = me.join();
        await me.when(qc, 'local:announce');
        const peer = await enter(me, MASTER);
        const pc = new RTCPeerConnection();
        try {
          pc.createDataChannel('rtc-quickconnect', { negotiated: true, id: 1022 });
          /** @type {RTCIceCandidateInit[]} */
          const candidates = [];
          pc.onicecandidate = ({ candidate }) => candidate?.candidate && candidates.push(candidate.toJSON());
          await pc.setLocalDescription();
          await me.until(() => pc.iceGatheringState === 'complete', 'all candidates');
          const called = me.when(qc, 'peer:connect');
          const started = me.when(qc, 'call:started');
          peer.announce();
          await called;
          // Firefox refuses a candidate for its section only, the Rust client for its text.
          peer.say('candidate', { candidate: 'candidate:nonsense', sdpMid: 'nowhere' });
          for (const candidate of candidates) peer.say('candidate', candidate);
          peer.say('sdp', { type: 'offer', sdp: withoutCandidates(pc.localDescription?.sdp ?? '') });
          const { type, sdp } = await peer.hears('sdp', ({ type }) => type === 'answer');
          // It is found by nobody else, so whoever calls has used its candidates.
          await pc.setRemoteDescription({ type, sdp: withoutCandidates(sdp) });
          await started;
          me.expect(
            me.errors.length === 1 && /** @type {any} */ (me.errors[0]).peerId === MASTER,
            `one error of ${MASTER}, not ${me.errors}`,
          );
        } finally {
          pc.close();
          peer.leave();
        }
      },
    ],
  },
  {
    it: 'a first answer that is of no use is an error that names the peer',
    raises: true,
    sides: [
      async (me) => {
        const qc = me.join();
        await me.when(qc, 'local:announce');
        const peer = await enter(me, SLAVE);
        peer.announce();
        const { offer } = await peer.hears('sdp', ({ type }) => type === 'offer');
        peer.say('sdp', { type: 'answer', sdp: 'v=0\r\n<img src=x onerror=alert(1)>', offer });
        await me.until(() => me.errors.length > 0, 'an error');
        me.expect(
          me.errors.length === 1 && /** @type {any} */ (me.errors[0]).peerId === SLAVE,
          `one error of ${SLAVE}, not ${me.errors}`,
        );
        peer.leave();
      },
    ],
  },
  {
    it: 'what tells one page from another is any text, number or truth, and another one is a new peer',
    sides: [
      async (me) => {
        const qc = me.join();
        await me.when(qc, 'local:announce');
        const peer = await enter(me, SLAVE);
        for (const instance of [1, '1', true]) {
          const met = me.when(qc, 'peer:announce');
          peer.announce({ instance });
          await met;
        }
        const updated = me.when(qc, 'peer:update');
        peer.announce({ instance: true, name: 'Ada' });
        await updated;
        peer.leave();
      },
    ],
  },
];
