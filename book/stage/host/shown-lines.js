// @ts-check
// What of a demo is shown to everybody, in messages within the server's bounds, and at most so many in a second. Pure but for the timer that it is given.
//
// May import: nothing.

/** The time between two messages, in ms. */
export const INTERVAL = 500;
/** Lines that wait and are told at once, and their characters; of more, the newest. The server keeps no more. */
const MAX_LINES = { count: 200, characters: 30_000 };
/** Characters of a line, and bytes of the text. */
const MAX = { line: 500, text: 64 * 1024 };

/** @typedef {{ level: string, text: string, file?: { name: string } }} Line `file` is what the demo has made: its name is shown */

/**
 * @param {object} world
 * @param {(message: object) => void} world.send
 * @param {() => string} world.text of the demo, as it stands now
 * @param {{ page: string, name: string }} world.demo
 * @param {(act: () => void, after: number) => unknown} world.later
 */
export function createMirror({ send, text, demo, later }) {
  /** @type {Line[]} */
  let lines = [];
  let isCleared = false;
  let isDue = false;
  let told = '';
  let hasEnded = false;

  function tell() {
    isDue = false;
    if (hasEnded) return;
    const now = bounded(text());
    if (now !== told) send({ type: 'demo', ...demo, text: now });
    told = now;
    if (isCleared || lines.length > 0) send({ type: 'lines', cleared: isCleared, lines });
    lines = [];
    isCleared = false;
  }

  function soon() {
    if (isDue || hasEnded) return;
    isDue = true;
    later(tell, INTERVAL);
  }

  return {
    /** Shows what there is. */
    begin: tell,

    /** The text has changed. */
    edited: soon,

    /** @param {Line[]} added */
    add(added) {
      const shown = added.map(({ level, text, file }) => {
        const whole = file ? `${text} ${file.name}` : text;
        return { level, text: whole.slice(0, MAX.line).toWellFormed() };
      });
      lines = newest([...lines, ...shown]);
      soon();
    },

    clear() {
      lines = [];
      isCleared = true;
      soon();
    },

    end() {
      hasEnded = true;
    },
  };
}

/** @param {Line[]} lines */
function newest(lines) {
  let characters = 0;
  const kept = lines.slice(-MAX_LINES.count);
  const first = kept.findLastIndex(({ text }) => (characters += text.length) > MAX_LINES.characters);
  return kept.slice(first + 1);
}

/** The longest beginning of a text, in whole lines, that the server takes. @param {string} text */
function bounded(text) {
  const well = text.toWellFormed();
  const bytes = new TextEncoder().encode(well);
  if (bytes.length <= MAX.text) return well;
  const begin = new TextDecoder().decode(bytes.slice(0, MAX.text));
  return begin.slice(0, begin.lastIndexOf('\n') + 1);
}
