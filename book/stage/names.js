// @ts-check
// Names the connections of a run after the variables in which the code keeps them. Pure.
//
// May import: nothing.

/** `a = new RTCPeerConnection(…)`: a variable, or a property. */
const ONE = /([\w$]+)\s*[=:]\s*new\s+(?:[\w$]+\.)?(?:webkit)?RTCPeerConnection\b/g;
/** `[a, b] = [new RTCPeerConnection(…), …]`. */
const SOME = /\[([\w$,\s]+)\]\s*=\s*\[\s*new\s+(?:[\w$]+\.)?(?:webkit)?RTCPeerConnection\b/;
/** Characters of a line that are looked at, and of a name. */
const MAX_LINE = 500;
const MAX_NAME = 40;

/** Creates what names the connections of one run. @param {string} code that runs */
export function createNames(code) {
  const lines = code.split('\n');
  /** How many connections each line has made. @type {Map<number, number>} */
  const made = new Map();

  /**
   * Gives events of new connections the name as their value.
   * @template {import('./events.js').TapEvent} T
   * @param {T[]} events the next ones, in order
   * @returns {T[]}
   */
  return (events) =>
    events.map((event) => {
      const { type, on, line } = event;
      if (type !== 'new' || !on.startsWith('pc') || line === undefined) return event;
      const count = made.get(line) ?? 0;
      made.set(line, count + 1);
      const names = namesIn((lines[line - 1] ?? '').slice(0, MAX_LINE));
      if (names.length === 0) return event;
      const name = names[count % names.length].slice(0, MAX_NAME);
      const round = Math.floor(count / names.length);
      return { ...event, value: round === 0 ? name : `${name} ${round + 1}` };
    });
}

/** The names of what a line makes, in order. @param {string} line */
function namesIn(line) {
  const [, some] = SOME.exec(line) ?? [];
  if (some) return some.split(',').flatMap((name) => name.trim() || []);
  return Array.from(line.matchAll(ONE), ([, name]) => name);
}
