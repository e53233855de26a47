// @ts-check
// The negotiation alone, with no socket: two sides whose steps interleave at random, and must agree in the end.

/** @typedef {ReturnType<typeof createSide>} Side */

/** Random steps of one run, before everything is delivered. */
const STEPS = 16;
/** How long, in ms, two sides may take to agree once everything is delivered. */
const PATIENCE = 8_000;
/** And then to be connected. */
const CONNECTION_PATIENCE = 15_000;

/** A small generator of random numbers, which the seed decides (mulberry32). @param {number} seed */
function randomFrom(seed) {
  let state = seed;
  /** @param {number} below */
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/**
 * @param {Function} createNegotiation
 * @param {boolean} isMaster
 * @param {string[]} trace
 */
function createSide(createNegotiation, isMaster, trace) {
  const name = isMaster ? 'master' : 'slave';
  const pc = new RTCPeerConnection();
  const hidden = pc.createDataChannel('hidden', { negotiated: true, id: 1022 });
  /** Frames on their way to the other side. @type {[command: string, data: any][]} */
  const outbox = [];
  /** @type {string[]} */
  const errors = [];
  const negotiation = createNegotiation({
    pc,
    isMaster,
    send(/** @type {string} */ command, /** @type {any} */ data) {
      if (!/candidate/.test(command)) trace.push(`${name} says ${data?.type ?? command}`);
      outbox.push([command, structuredClone(data)]);
    },
    onerror: (/** @type {unknown} */ error) => {
      trace.push(`${name}: ${error}`);
      errors.push(`${name}: ${error}`);
    },
  });
  return { name, pc, hidden, outbox, errors, negotiation };
}

/** What a side does by itself. @type {Record<string, (side: Side) => void>} */
const ACTIONS = {
  'restarts ICE': ({ pc }) => pc.restartIce(),
  'adds a video': ({ pc }) => void pc.addTransceiver('video'),
  'adds a sound': ({ pc }) => void pc.addTransceiver('audio', { direction: 'sendonly' }),
};

/** @param {Side} from @param {Side} to @param {string[]} trace */
function deliver(from, to, trace) {
  const frame = from.outbox.shift();
  if (!frame) return;
  const [command, data] = frame;
  if (!/candidate/.test(command)) trace.push(`${to.name} gets ${data?.type ?? command}`);
  to.negotiation.receive(command, data);
}

/** @param {number} [ms] */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * One run.
 * @param {Function} createNegotiation
 * @param {number} seed
 * @returns {Promise<void>} rejects when the two don't agree, with what happened
 */
async function agree(createNegotiation, seed) {
  const random = randomFrom(seed);
  /** @type {string[]} */
  const trace = [];
  const sides = [true, false].map((isMaster) => createSide(createNegotiation, isMaster, trace));
  /** Candidates are not said again: the call begins anew, or restarts ICE, which is not the negotiation's to do. */
  let areCandidatesLost = false;
  try {
    for (let step = 0; step < STEPS; step += 1) {
      const which = random(2);
      const [side, other] = [sides[which], sides[1 - which]];
      const dice = random(10);
      if (dice < 5) deliver(side, other, trace);
      else if (dice < 7) await pause();
      else if (dice < 8) {
        trace.push('an outage');
        for (const { outbox } of sides) {
          areCandidatesLost ||= outbox.some(([command]) => command === 'candidate');
          outbox.length = 0;
        }
        for (const { negotiation } of sides) negotiation.resume();
      } else {
        const names = Object.keys(ACTIONS);
        const name = names[random(names.length)];
        trace.push(`${side.name} ${name}`);
        ACTIONS[name](side);
      }
    }
    await settle(sides, trace);
    if (!areCandidatesLost) await connect(sides, trace);
  } catch (error) {
    throw new Error(`seed ${seed}: ${/** @type {Error} */ (error).message}\n  ${trace.join('\n  ')}`);
  } finally {
    sides.forEach(({ pc }) => pc.close());
  }
}

/** @param {Side[]} sides @param {string[]} trace */
async function settle(sides, trace) {
  trace.push('everything is delivered');
  const [master, slave] = sides;
  const started = performance.now();
  for (let quiet = 0; quiet < 5; quiet = isQuiet(sides) ? quiet + 1 : 0) {
    deliver(master, slave, trace);
    deliver(slave, master, trace);
    await pause(master.outbox.length + slave.outbox.length ? 0 : 5);
    if (performance.now() - started > PATIENCE)
      throw new Error(`no agreement: ${sides.map(({ name, pc }) => `${name} is ${pc.signalingState}`)}`);
  }
  const errors = sides.flatMap(({ errors }) => errors);
  if (errors.length > 0) throw new Error(`errors: ${errors}`);
  for (const { name, pc } of sides) {
    const pending = pc.getTransceivers().filter(({ mid }) => mid === null);
    if (pending.length > 0) throw new Error(`${name} has ${pending.length} transceivers that were not negotiated`);
  }
  if (!believes(master, slave) || !believes(slave, master))
    throw new Error('a side has credentials for ICE that the other does not have');
  const [ours, theirs] = sides.map(({ pc }) => pc.currentLocalDescription?.sdp.match(/^m=\w+/gm)?.join());
  if (ours !== theirs) throw new Error(`the descriptions differ: ${ours} and ${theirs}`);
}

/** What they agreed on works: candidates of every generation arrive, and both sides get connected. @param {Side[]} sides @param {string[]} trace */
async function connect(sides, trace) {
  trace.push('both agree');
  const [master, slave] = sides;
  const started = performance.now();
  while (!sides.every(({ pc, hidden }) => pc.connectionState === 'connected' && hidden.readyState === 'open')) {
    deliver(master, slave, trace);
    deliver(slave, master, trace);
    await pause(5);
    if (performance.now() - started > CONNECTION_PATIENCE) throw new Error(`no connection: ${sides.map(describe)}`);
  }
}

/** @param {Side} side */
const describe = ({ name, pc, hidden }) =>
  `${name} is ${pc.connectionState}, ICE ${pc.iceConnectionState}, gathering ${pc.iceGatheringState}, DTLS ${pc.sctp?.transport.state}, its channel ${hidden.readyState}`;

/** Whether one side has the ICE credentials that the other says. @param {Side} one @param {Side} other */
const believes = ({ pc }, other) =>
  credentials(pc.currentRemoteDescription) === credentials(other.pc.currentLocalDescription);

/** @param {RTCSessionDescription | null} description */
const credentials = (description) => /^a=ice-ufrag:.*$/m.exec(description?.sdp ?? '')?.[0];

/** @param {Side[]} sides */
const isQuiet = (sides) =>
  sides.every(({ pc, outbox }) => outbox.length === 0 && pc.signalingState === 'stable' && pc.currentLocalDescription);

/**
 * Many runs, one after the other.
 * @param {string} implementation the address of the module `negotiation.js`
 * @param {number} seed of the first run; the others have those that follow
 * @param {number} runs
 */
export async function agreeAlways(implementation, seed, runs) {
  const { createNegotiation } = await import(implementation);
  for (let run = 0; run < runs; run += 1) await agree(createNegotiation, seed + run);
}
