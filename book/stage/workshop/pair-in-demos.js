// @ts-check
// The reader's pair in the demos of the page: the text of each that others can meet names the pair's room, its bar says who is in the pair, and its runs
// carry the ticket that admits them. What runs keeps the text that it began with; the server closes the sockets that it has in the rooms of a pair that the
// reader has left, and lets it into these no more.
//
// May import: pair-room.js, rust-command.js.

import { roomsIn, withoutPair, withPair } from './pair-room.js';
import { createRustCommand } from './rust-command.js';

/** @typedef {import('../cards.js').Demo} Demo */

/** @param {Demo[]} demos those of the page @param {() => string} workshop the address that the host gives to everybody now */
export function createPairsInDemos(demos, workshop) {
  const meeting = demos
    .filter(({ canMeet }) => canMeet)
    .map((demo) => ({ demo, command: createRustCommand(demo, workshop) }));
  /** The pair whose rooms the demos are in. @type {string | undefined} */
  let shown;

  for (const { demo, command } of meeting) demo.onedit(() => command.show());

  return {
    /** What the peers in the rooms of the pair are called. @param {ReadonlyMap<string, string>} names by their ids */
    name(names) {
      for (const { demo } of meeting) demo.namePeers(names);
    },

    /**
     * @param {object} now
     * @param {string | undefined} now.pair its name; undefined without one
     * @param {string} now.company who is in it
     * @param {string} now.ticket
     * @param {boolean} now.isNews whether the demos say it. On a page that is opened in the pair they don't: it would take the place of what they say already
     * @returns {string} what all demos together say of it, for screen readers, which would else read the same of each; empty if nothing
     */
    enter({ pair, company, ticket, isNews }) {
      const before = shown;
      shown = pair;
      /** @type {Set<string>} */
      const sentences = new Set();
      for (const { demo, command } of meeting) {
        demo.enterPair(
          pair
            ? {
                pair,
                withPair: (own) => withPair(own, pair),
                withoutPair: (text) => withoutPair(text, pair),
                company,
                ticket,
              }
            : undefined,
        );
        command.enter(pair, ticket);
        if (pair === before || !(isNews || namesNoRoom(demo))) continue;
        const sentence = sentenceOf(demo, pair, before);
        demo.note(sentence, true);
        sentences.add(sentence);
      }
      return sentenceOfAll([...sentences]);
    },
  };
}

/**
 * Sums up what the demos of a page say.
 * @param {string[]} sentences each once
 */
function sentenceOfAll(sentences) {
  if (sentences.length < 2) return sentences.join('');
  return `The demos of this page say: ${sentences.join(' ')}`;
}

/** @typedef {{ recording: { isRunning: boolean }, shownCode: string }} Shown */

/** @param {Shown} demo */
const namesNoRoom = ({ shownCode }) => roomsIn(shownCode).length === 0;

/**
 * What the status of a demo says when the pair begins, changes, or ends.
 * @param {Shown} demo
 * @param {string | undefined} pair
 * @param {string | undefined} before the former pair, whose rooms are closed to what runs
 */
export function sentenceOf(demo, pair, before) {
  const { isRunning } = demo.recording;
  const closed = isRunning && before ? ` What runs in the room of ${before} is out of it.` : '';
  if (!pair) return `The room is everybody’s again${isRunning ? ' from the next run on' : ''}.${closed}`;
  if (namesNoRoom(demo)) return 'This text names no room that could be your pair’s: everybody who runs it may meet.';
  if (closed) return `The room is now that of ${pair}, from the next run on.${closed}`;
  return `The room is now your pair’s${isRunning ? ': what runs stays where it is, and the next run is in it' : ''}.`;
}
