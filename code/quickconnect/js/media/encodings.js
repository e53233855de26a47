// @ts-check
// The encodings of senders: what they shall be like, and how that is set.
//
// May import: nothing.

/** Encodings of one kind. Browsers take fewer. */
const MAX_ENCODINGS = 8;

/** @typedef {import('./index.js').Encoding} Encoding */

/** What the encodings of one kind shall be like. @param {readonly Encoding[]} [first] */
export function createWishes(first = []) {
  /** By the name of the layer or, for one without a name, by its place. @type {Map<string | number, Encoding>} */
  const wishes = new Map();

  /** What a list doesn't name stays as it is. @param {readonly Encoding[]} list */
  function add(list) {
    if (list.length > MAX_ENCODINGS)
      throw new RangeError(`there are ${list.length} encodings, and ${MAX_ENCODINGS} are allowed`);
    list.forEach((wish, index) => {
      const key = wish.rid ?? index;
      wishes.set(key, { ...wishes.get(key), ...wish });
    });
  }
  add(first);

  return {
    add,
    list: () => [...wishes.values()].map((wish) => /** @type {RTCRtpEncodingParameters} */ ({ ...wish })),
    /** @param {string | undefined} rid @param {number} index @returns {Encoding} without its name, which can't be changed */
    find(rid, index) {
      const { rid: _, ...wish } = wishes.get(rid ?? index) ?? wishes.get(index) ?? {};
      return wish;
    },
  };
}

/** When the change before is made: each needs the parameters that the one before has left. @type {WeakMap<RTCRtpSender, Promise<void>>} */
const queues = new WeakMap();

/**
 * Changes encodings of a sender, if there is anything to change.
 * @param {RTCRtpSender} sender
 * @param {() => (rid: string | undefined, index: number) => Encoding} wishFor is asked when the changes before are made, so that the last wish holds
 * @returns {Promise<void>} rejects if the browser refuses them
 */
export function adjust(sender, wishFor) {
  const before = queues.get(sender) ?? Promise.resolve();
  const done = before.catch(() => {}).then(() => set(sender, wishFor()));
  queues.set(sender, done);
  return done;
}

/** @param {RTCRtpSender} sender @param {(rid: string | undefined, index: number) => Encoding} wish */
async function set(sender, wish) {
  // Read anew each time: parameters that were set before are refused.
  const parameters = sender.getParameters();
  let isChanged = false;
  // Firefox has left it out before the first negotiation.
  (parameters.encodings ?? []).forEach((encoding, index) => {
    const before = { active: true, ...encoding };
    const after = { ...before, ...wish(encoding.rid, index) };
    const names = /** @type {(keyof typeof after)[]} */ (Object.keys(after));
    isChanged ||= names.some((name) => after[name] !== before[name]);
    Object.assign(encoding, after);
  });
  if (isChanged) await sender.setParameters(parameters);
}
