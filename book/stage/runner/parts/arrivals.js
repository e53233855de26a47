// @ts-check
// What faults do to descriptions and candidates that arrive. A call that a fault suppresses is recorded without a number; one that a fault changes is recorded
// as the browser got it.
//
// May import: nothing.

/** @param {any} stage what the runner shares @param {import('./break.js').Natives} natives */
export function createArrivals(stage, { NativeConnection, createDataChannel, createOffer, close }) {
  /** How long reordering waits for further descriptions and candidates, in ms. */
  const REORDER_WAIT = 300;
  /** The delay of a description that candidates are to overtake, in ms: long enough for all of them. */
  const OVERTAKEN = 600;

  const { apply, construct, faults, recorder } = stage;
  const { record, getter, then } = recorder;
  const { has, amounts } = faults;
  const signalingStateOf = getter(NativeConnection?.prototype ?? {}, 'signalingState');
  const later = setTimeout.bind(globalThis);

  /** Delivers the answers that are held back. @type {(() => void)[]} */
  let held = [];
  /** What is waiting to be reordered, by connection. @type {Map<string, (() => void)[]>} */
  const queues = new Map();
  /** How many of each kind have arrived at each connection. @type {Map<string, number>} */
  const arrived = new Map();

  faults.onchange(() => {
    if (has('hold-answer')) return;
    const released = held;
    held = [];
    for (const go of released) go();
  });

  /**
   * @typedef {object} Arrival a description or a candidate of the other side, on its way to the browser
   * @property {string} name of the method
   * @property {object} pc
   * @property {string} id
   * @property {{ value?: string, text?: string }} fields what is recorded of it
   * @property {boolean} isPair both sides of the connection are on this page
   * @property {(fault?: string, description?: { type: string, sdp: string }) => Promise<unknown>} deliver to the browser, as it is or changed
   */

  /** @param {Arrival} arrival @returns {Promise<unknown>} */
  function arrive(arrival) {
    const { name, id, fields } = arrival;
    const isCandidate = name === 'addIceCandidate';
    const dropping = dropsFor(arrival);
    const losing = (isCandidate && dropping) || losesOf(arrival);
    const lose = (/** @type {string} */ fault) => record({ type: 'call', on: id, name, fault, ...fields });
    if (losing) {
      lose(losing);
      return new Promise((resolve) => isCandidate && resolve(undefined));
    }
    const deliver = isCandidate ? arrival.deliver : changing(arrival, dropping);
    if (fields.value === 'answer' && has('hold-answer')) {
      lose('hold-answer');
      return new Promise((resolve) => (held[held.length] = () => resolve(deliver('hold-answer'))));
    }
    if (has('reorder')) return inAnotherOrder(id, () => late(arrival, deliver, 'reorder'));
    return late(arrival, deliver);
  }

  /** @param {Arrival} arrival @param {(fault?: string) => Promise<unknown>} deliver @param {string} [fault] */
  function late(arrival, deliver, fault) {
    const { name, fields } = arrival;
    const slow = amounts('slow');
    if (slow) return wait(slow.seconds * 1_000, () => deliver('slow'));
    if (name === 'addIceCandidate') return deliver(fault);
    if (has('early-candidates')) return wait(OVERTAKEN, () => deliver('early-candidates'));
    const isAnswer = fields.value === 'answer';
    if (isAnswer && has('glare')) return glare(arrival);
    if (isAnswer && has('answer-twice')) return then(deliver(), () => deliver('answer-twice'));
    return deliver(fault);
  }

  /** Which fault loses this one, if any. @param {Arrival} arrival */
  function losesOf({ name, id, fields }) {
    if (fields.value === 'offer' && has('lose-offer')) return 'lose-offer';
    const { percent, of, seed } = amounts('lose') ?? {};
    const kind = name === 'addIceCandidate' ? 'candidates' : 'descriptions';
    if (percent === undefined || (of !== 'all' && of !== kind)) return '';
    const key = `${id} ${kind}`;
    const index = (arrived.get(key) ?? 0) + 1;
    arrived.set(key, index);
    return draw(`${seed} ${key} ${index}`) * 100 < percent ? 'lose' : '';
  }

  /**
   * A hash of a text, from 0 to below 1. It does not depend on the order of calls, so the same seed always loses the same messages.
   * @param {string} text
   */
  function draw(text) {
    let hash = 0x811c9dc5;
    for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
    return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
  }

  /**
   * Collects as many as were chosen, then delivers them with the last one first.
   * @param {string} id of the connection
   * @param {() => Promise<unknown>} deliver
   */
  function inAnotherOrder(id, deliver) {
    return new Promise((resolve) => {
      const queue = queues.get(id) ?? [];
      queue[queue.length] = () => resolve(deliver());
      queues.set(id, queue);
      const release = () => {
        if (queues.get(id) !== queue) return;
        queues.delete(id);
        for (let i = queue.length - 1; i >= 0; i -= 1) queue[i]();
      };
      if (queue.length >= (amounts('reorder')?.window ?? 1)) release();
      else if (queue.length === 1) later(release, REORDER_WAIT);
    });
  }

  /** The fault that keeps candidates from this connection, if any. @param {Arrival} arrival */
  function dropsFor({ id, isPair }) {
    if (has('drop-all')) return 'drop-all';
    return has('drop-one-way') && (!isPair || id === 'pc1') ? 'drop-one-way' : '';
  }

  /**
   * Delivers a description as the faults change it.
   * @param {Arrival} arrival @param {string} dropping
   * @returns {(fault?: string) => Promise<unknown>}
   */
  function changing({ fields: { value: type, text = '' }, deliver }, dropping) {
    let sdp = text;
    let cause = '';
    if (dropping && /^a=candidate:/m.test(sdp)) {
      sdp = sdp.replaceAll(/^a=candidate:.*\r?\n/gm, '');
      cause = dropping;
    }
    if (has('wrong-password')) {
      sdp = sdp.replaceAll(/^a=ice-pwd:.*$/gm, 'a=ice-pwd:notThePasswordOfThisOffer0');
      cause = 'wrong-password';
    }
    const changed = cause && type ? { type, sdp } : undefined;
    return (fault) => deliver(fault ?? (changed ? cause : undefined), changed);
  }

  /** @param {number} ms @param {() => Promise<unknown>} act */
  const wait = (ms, act) => new Promise((resolve) => later(() => resolve(act()), ms));

  /** Glare: delivers an offer of the other side before its answer, as if both sides had offered at once. @param {Arrival} arrival */
  function glare({ pc, deliver }) {
    if (signalingStateOf(pc) !== 'have-local-offer') return deliver();
    const rival = construct(NativeConnection, [], NativeConnection);
    apply(createDataChannel, rival, ['glare']);
    return new Promise((resolve) => {
      then(apply(createOffer, rival, []), (/** @type {RTCSessionDescription} */ offer) => {
        then(deliver('glare', { type: 'offer', sdp: offer.sdp }), () => {
          apply(close, rival, []);
          resolve(deliver());
        });
      });
    });
  }

  return { arrive };
}
