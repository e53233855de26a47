// @ts-check
// What is broken on purpose. Faults act on the calls between the running code and the browser; the text of the code is not changed. What they do is a part of
// its own (parts/break.js), and nothing is broken before it is there.

stage.faults = (() => {
  const { given, parts } = stage;
  /** Of WebRTC, before the taps; undefined in browsers without it. @type {any} */
  const NativeConnection = globalThis.RTCPeerConnection;
  const { createDataChannel, createOffer, close } = NativeConnection?.prototype ?? {};
  const part = parts.create('break', 'What you have broken on purpose did not load, so nothing is broken.', {
    NativeConnection,
    NativeDescription: globalThis.RTCSessionDescription,
    NativeCandidate: globalThis.RTCIceCandidate,
    createDataChannel,
    createOffer,
    close,
  });
  if (given?.faults.length > 0) part.load();

  /** @typedef {{ id: string, amounts: Record<string, any> }} Fault */
  /** What the reader wants to be broken. @type {Fault[]} */
  let wanted = [];
  /** The faults that are on, and their amounts. @type {ReadonlyMap<string, Record<string, any>>} */
  let on = new Map();
  /** @type {(() => void)[]} */
  const listeners = [];

  function change() {
    on = new Map(wanted.map(({ id, amounts }) => [id, amounts]));
    for (const listener of listeners) listener();
  }

  return {
    /** A description or a candidate of the other side, while anything is broken. @param {object} arrival @returns {Promise<unknown>} */
    arrive: (arrival) => part.now.arrive(arrival),

    /** Whether anything is broken. */
    isAny: () => on.size > 0,

    /** @param {string} fault */
    has: (fault) => on.has(fault),

    /** @param {string} fault @returns {Record<string, any> | undefined} nothing if it is off */
    amounts: (fault) => on.get(fault),

    /** @param {Fault[]} faults what is broken from now on */
    set(faults) {
      wanted = faults;
      if (faults.length === 0) change();
      else part.use(change);
    },

    /** @param {() => void} listener called when something is broken, or no longer */
    onchange(listener) {
      listeners[listeners.length] = listener;
    },
  };
})();
