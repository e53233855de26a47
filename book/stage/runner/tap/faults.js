// @ts-check
// What breaks on purpose: faults that really happen to the running code, between it and the browser. The text of the code stays as it is.
// A fault that keeps a call from the browser records it without a number; one that changes a call records what the browser got.

stage.faults = (() => {
  /** How long slow signaling takes for each description and candidate, in ms. */
  const SLOW = 2_000;
  /** How long a description stays behind when candidates overtake it, in ms: long enough for all of them. */
  const OVERTAKEN = 600;

  const { apply, construct, recorder } = stage;
  const { record, getter } = recorder;
  const NativeConnection = RTCPeerConnection;
  const { createDataChannel, createOffer, close } = NativeConnection.prototype;
  const { then } = Promise.prototype;
  const signalingStateOf = getter(NativeConnection.prototype, 'signalingState');
  const later = setTimeout.bind(globalThis);

  /** @type {ReadonlySet<string>} */
  let on = new Set();
  /** What goes on when the answer is held back no longer. @type {(() => void)[]} */
  let held = [];
  /** @type {(() => void)[]} */
  const listeners = [];

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
    const lose = (/** @type {string} */ fault) => record({ type: 'call', on: id, name, fault, ...fields });
    const dropping = dropsFor(arrival);
    if (name === 'addIceCandidate') {
      if (dropping) {
        lose(dropping);
        return new Promise((resolve) => resolve(undefined));
      }
      return on.has('slow') ? wait(SLOW, () => arrival.deliver('slow')) : arrival.deliver();
    }
    const isAnswer = fields.value === 'answer';
    if (fields.value === 'offer' && on.has('lose-offer')) {
      lose('lose-offer');
      return new Promise(() => {});
    }
    const deliver = changing(arrival, dropping);
    if (isAnswer && on.has('hold-answer')) {
      lose('hold-answer');
      return new Promise((resolve) => (held[held.length] = () => resolve(deliver('hold-answer'))));
    }
    if (on.has('slow')) return wait(SLOW, () => deliver('slow'));
    if (on.has('early-candidates')) return wait(OVERTAKEN, () => deliver('early-candidates'));
    if (isAnswer && on.has('glare')) return glare(arrival);
    if (isAnswer && on.has('answer-twice')) return apply(then, deliver(), [() => deliver('answer-twice')]);
    return deliver();
  }

  /** The fault that keeps candidates from this connection, if any. @param {Arrival} arrival */
  function dropsFor({ id, isPair }) {
    if (on.has('drop-all')) return 'drop-all';
    return on.has('drop-one-way') && (!isPair || id === 'pc1') ? 'drop-one-way' : '';
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
    if (on.has('wrong-password')) {
      sdp = sdp.replaceAll(/^a=ice-pwd:.*$/gm, 'a=ice-pwd:notThePasswordOfThisOffer0');
      cause = 'wrong-password';
    }
    const changed = cause && type ? { type, sdp } : undefined;
    return (fault) => deliver(fault ?? (changed ? cause : undefined), changed);
  }

  /** @param {number} ms @param {() => Promise<unknown>} act */
  const wait = (ms, act) => new Promise((resolve) => later(() => resolve(act()), ms));

  /** An offer of the other side arrives before the answer does, as if both had begun at once. @param {Arrival} arrival */
  function glare({ pc, deliver }) {
    if (signalingStateOf(pc) !== 'have-local-offer') return deliver();
    const rival = construct(NativeConnection, [], NativeConnection);
    apply(createDataChannel, rival, ['glare']);
    return new Promise((resolve) => {
      apply(then, apply(createOffer, rival, []), [(/** @type {RTCSessionDescription} */ offer) => {
        apply(then, deliver('glare', { type: 'offer', sdp: offer.sdp }), [() => {
          apply(close, rival, []);
          resolve(deliver());
        }]);
      }]);
    });
  }

  return {
    arrive,

    /** Whether anything is broken. */
    isAny: () => on.size > 0,

    /** @param {string} fault */
    has: (fault) => on.has(fault),

    /** @param {string[]} faults what is broken from now on */
    set(faults) {
      on = new Set(faults);
      if (!on.has('hold-answer')) {
        const released = held;
        held = [];
        for (const go of released) go();
      }
      for (const listener of listeners) listener();
    },

    /** @param {() => void} listener called when something is broken, or no longer */
    onchange(listener) {
      listeners[listeners.length] = listener;
    },
  };
})();
