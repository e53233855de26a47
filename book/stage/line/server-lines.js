// @ts-check
// The lines of one run: opened at the server for the connections that its iframe leads over them (runner/parts/line-way.js), changed as the reader
// sets them, and ended with the run. The iframe never learns by which id a line is changed.
//
// Layout of this folder:
//   run-requests.js    what a run's own code asks of the server
//   line-requests.js   what is asked of the server
//   line-settings.js   what the reader sets, and what of it a line has to be told; pure
//   line-timeline.js   reads “cut at 2 s, mend at 5 s”; pure
//
// May import: line-requests.js, line-settings.js.

import { ask, forgetLine, Refusal } from './line-requests.js';
import { changes, PERFECT, WAYS } from './line-settings.js';

/** Lines that a run has at once. The server has bounds of its own. */
const MAX_LINES = 32;
/** Characters of ICE credentials (RFC 8839, section 5.4). */
const MAX_CREDENTIAL = 256;

const OWN_WAY = 'The connection goes its own way.';
const TOO_MANY = `A run has ${MAX_LINES} lines at most. ${OWN_WAY}`;
const IS_GONE =
  'The line has ended: the server was started anew, or nothing passed for long. Run again to get another.';
const NO_ANSWER =
  'The server does not answer: what runs over its line is interrupted until it is back. Then run again.';
const IS_GUEST =
  'The other side has switched on a bad line too, and the connection goes over that one: it is set there.';

/** @typedef {import('./line-settings.js').Settings} Settings */
/** @typedef {import('./line-settings.js').Conditions} Conditions */
/** @typedef {import('./line-settings.js').Direction} Direction */
/** @typedef {{ address: string, port: number }} End */
/** @typedef {{ ufrag: string, password: string }} Credentials */
/** @typedef {Record<'a' | 'b', Credentials | undefined>} Sides */

/**
 * Packets of all lines in one direction.
 * @typedef {object} Sum
 * @property {number} entered
 * @property {number} delivered
 * @property {number} lost
 * @property {number} dropped there was no room in a queue, or the line was cut
 * @property {number} held queued or on their way
 * @property {boolean} isCut now, by the reader or by a timeline
 */

/** @typedef {{ count: number, words: string, sums: Record<Direction, Sum> }} Reading `words` say what is wrong; empty if nothing is */

/**
 * @typedef {object} Line
 * @property {string | undefined} id undefined while the server is asked, and if it has refused
 * @property {Settings} told what the server was told last
 * @property {Promise<void>} queue what is to be told, one after another
 * @property {boolean} isDue the settings stand in the queue already
 * @property {boolean} isOver
 * @property {string} refusal why the line has no address that Firefox uses
 */

/** @typedef {ReturnType<typeof createLines>} Lines */

/**
 * @param {(answer: { on: string, ends?: { a: End, b: End } }) => void} answer tells the iframe which ports a connection is to use; without any, it
 *   goes its own way
 * @param {string} [forbidden] why the run may have no line; empty if it may
 */
export function createLines(answer, forbidden = '') {
  /** By connection. @type {Map<string, Line>} */
  const lines = new Map();
  /** Undefined while it is switched off. @type {Settings | undefined} */
  let settings;
  let words = '';
  let isClosed = false;
  addEventListener('pagehide', close);

  /** @param {string} on @param {Sides} credentials @param {boolean} isPair */
  async function open(on, credentials, isPair) {
    if (!settings || forbidden || lines.size >= MAX_LINES) {
      if (settings) words = forbidden || TOO_MANY;
      return answer({ on });
    }
    /** @type {Line} */
    const line = { id: undefined, told: settings, queue: Promise.resolve(), isDue: false, isOver: false, refusal: '' };
    lines.set(on, line);
    const opening = openFor(line, credentials, isPair);
    line.queue = opening.then(
      () => {},
      () => {},
    );
    try {
      const { id, a, b } = await opening;
      line.id = id;
      // The run or the connection may have ended while the server was asked.
      if (line.isOver) end(line);
      answer(line.isOver ? { on } : { on, ends: { a, b } });
      keepToSettings(line);
    } catch (error) {
      lines.delete(on);
      words = error instanceof Refusal ? `${error.message} ${OWN_WAY}` : NO_ANSWER;
      answer({ on });
    }
  }

  /** @param {Line} line @param {Sides} credentials @param {boolean} isPair both sides are in this browser */
  async function openFor(line, credentials, isPair) {
    const { seed, a_to_b, b_to_a, timeline } = line.told;
    const body = { settings: { seed, a_to_b, b_to_a, timeline }, credentials };
    // The other side may be Firefox, which ignores loopback addresses. Where there is no other, it may still be another browser.
    const opened = await ask('POST', '', { ...body, not_loopback: !isPair }).catch((error) => {
      if (isPair || !(error instanceof Refusal) || error.status !== 409) throw error;
      line.refusal = error.message;
      return ask('POST', '', body);
    });
    const { id, a, b } = /** @type {any} */ (opened);
    return { id: String(id), a: endOf(a), b: endOf(b) };
  }

  /** Tells a line something when it has heard all that was said before. @param {Line} line @param {() => object[]} bodies */
  function tellLater(line, bodies) {
    line.queue = line.queue.then(async () => {
      if (!line.id || line.isOver) return;
      try {
        for (const body of bodies()) await ask('PATCH', line.id, body);
      } catch (error) {
        fail(line, error);
      }
    });
  }

  /** @param {Line} line */
  function keepToSettings(line) {
    if (line.isDue) return;
    line.isDue = true;
    tellLater(line, () => {
      line.isDue = false;
      const before = line.told;
      line.told = settings ?? { ...before, a_to_b: PERFECT, b_to_a: PERFECT };
      // Switched off, it does nothing to packets any more, whatever its timeline has set.
      return settings ? changes(before, settings) : [{ timeline: [], set: PERFECT }];
    });
  }

  /** @param {Line} line @param {unknown} error */
  function fail(line, error) {
    if (line.isOver) return;
    if (!(error instanceof Refusal)) words = NO_ANSWER;
    else if (error.status !== 404) words = error.message;
    else {
      words = IS_GONE;
      forget(line);
    }
  }

  /** @param {Line} line */
  function forget(line) {
    for (const [on, one] of lines) if (one === line) lines.delete(on);
  }

  /** @param {Line} line */
  function end(line) {
    line.isOver = true;
    forget(line);
    if (line.id) forgetLine(line.id);
  }

  function close() {
    isClosed = true;
    removeEventListener('pagehide', close);
    for (const line of lines.values()) end(line);
  }

  return {
    /** The iframe says something of a connection's line. Its words are a stranger's. @param {any} message */
    hear({ on, isPair, credentials, isFirefox, isOver, isGuest }) {
      if (isClosed || typeof on !== 'string' || !/^pc\d{1,6}$/.test(on)) return;
      if (isGuest) words = IS_GUEST;
      const line = lines.get(on);
      if (isOver) return line && end(line);
      const sides = sidesOf(credentials);
      if (!line) {
        if (typeof isPair === 'boolean') open(on, sides, isPair);
        return;
      }
      if (isFirefox && line.refusal) words = line.refusal;
      tellLater(line, () => [{ credentials: sides }]);
    },

    /** @param {Settings | undefined} changed undefined if the fault is switched off */
    set(changed) {
      settings = changed;
      if (!changed) words = '';
      for (const line of lines.values()) keepToSettings(line);
    },

    /** Starts the timeline of the settings now. */
    startTimeline() {
      for (const line of lines.values()) tellLater(line, () => [{ timeline: settings?.timeline ?? [] }]);
    },

    /** Gives each line another port at the other side's end, as a NAT does that has forgotten a mapping. */
    rebind() {
      for (const line of lines.values()) tellLater(line, () => [{ rebind: 'b' }]);
    },

    /** The lines that are open, and for which connections. @returns {{ id: string, on: string }[]} */
    get open() {
      return [...lines].flatMap(([on, { id }]) => (id ? [{ id, on }] : []));
    },

    /** What the lines have done so far. @returns {Promise<Reading>} */
    async read() {
      const open = [...lines.values()].filter(({ id }) => id);
      const answers = await Promise.all(
        open.map((line) =>
          ask('GET', /** @type {string} */ (line.id)).then(
            (state) => {
              if (words === NO_ANSWER) words = '';
              return state;
            },
            (error) => fail(line, error),
          ),
        ),
      );
      const states = answers.filter((state) => state !== undefined);
      const [out, back] = WAYS.map(([direction]) =>
        states.map((/** @type {any} */ state) => state[direction]).reduce(added, NOTHING),
      );
      return { count: states.length, words, sums: { a_to_b: out, b_to_a: back } };
    },

    /** Ends all of them. */
    close,
  };
}

/** @type {Sum} */
const NOTHING = { entered: 0, delivered: 0, lost: 0, dropped: 0, held: 0, isCut: false };

/** @param {Sum} sum @param {any} state of one way of a line @returns {Sum} */
const added = (sum, { conditions, statistics, held }) => ({
  entered: sum.entered + statistics.entered.packets + statistics.copied.packets,
  delivered: sum.delivered + statistics.delivered.packets,
  lost: sum.lost + statistics.lost.packets,
  dropped: sum.dropped + statistics.queue_full.packets + statistics.cut.packets + statistics.bound.packets,
  held: sum.held + held.packets,
  isCut: sum.isCut || conditions.cut,
});

/** @param {any} end @returns {End} */
const endOf = ({ address, port }) => ({ address: String(address), port: Number(port) });

/** @param {any} given by the iframe @returns {Sides} */
const sidesOf = (given) => ({ a: credentialsOf(given?.a), b: credentialsOf(given?.b) });

/** @param {any} given @returns {Credentials | undefined} */
function credentialsOf(given) {
  const isOne = [given?.ufrag, given?.password].every(
    (text) => typeof text === 'string' && text.length > 0 && text.length <= MAX_CREDENTIAL,
  );
  return isOne ? { ufrag: given.ufrag, password: given.password } : undefined;
}
