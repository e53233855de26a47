// @ts-check
// What the peers of a demo are called in a workshop, by the ids under which signaling knows them: the server says it of the rooms of the reader's pair.
// A name is another person's text, made visible and bounded when it came (workshop/attendance.js), and it stands beside or in place of the id only where
// the page speaks: never in what the demo prints, and in no recording. Pure.
//
// May import: wire.js.

import { splitMessage } from './wire.js';

/** This run itself. */
export const YOU = 'You';
/** Ids of one run that are known as its own: one for each socket. */
const MAX_OWN = 64;
/** Characters of the shortest id that is looked for in texts: a shorter one may stand there by chance. Those that the client makes have 25. */
const LEAST_ID = 12;
/** Characters of a text in which ids are looked for. */
const MAX_TEXT = 2_000;

/** @typedef {import('./events.js').TapEvent} TapEvent */
/** @typedef {(id: string) => string} NameOf the name of a peer; empty if only its id is known */
/** @typedef {{ id: string, name: string }} Named */

/** For what has no names: recordings, and a page outside of a workshop. @type {NameOf} */
export const NO_NAMES = () => '';

/** The names of one demo's peers. */
export function createPeerNames() {
  /** @type {ReadonlyMap<string, string>} */
  let names = new Map();
  /** What the run has announced itself as. @type {Set<string>} */
  const own = new Set();

  /** @type {NameOf} */
  const nameOf = (id) => {
    const name = names.get(id) ?? '';
    return name && own.has(id) ? YOU : name;
  };

  return {
    nameOf,

    /** A new run begins. */
    start: () => own.clear(),

    /** @param {ReadonlyMap<string, string>} next by the ids of signaling */
    set(next) {
      names = next;
    },

    /** Notes what the run announces itself as. @param {TapEvent[]} events @returns {boolean} whether it is called otherwise from now on */
    take(events) {
      const before = own.size;
      for (const { on, type, side, text } of events) {
        const message = on.startsWith('ws') && type === 'message' && side === 'out' ? splitMessage(text) : undefined;
        if (message?.command === 'announce' && own.size < MAX_OWN) own.add(message.sender);
      }
      return own.size > before;
    },

    /** The peers whose ids stand in a text. @param {string} text @returns {Named[]} */
    in(text) {
      const begin = text.slice(0, MAX_TEXT);
      const ids = [...names.keys()].filter((id) => id.length >= LEAST_ID && begin.includes(id));
      return ids.map((id) => ({ id, name: nameOf(id) }));
    },
  };
}
