// @ts-check
// The reader's pair in the demos of the page: the text of each that others can meet names the pair's room, its bar says who is in the pair, and its runs
// carry the ticket that admits them. What runs goes on in the room that it is in.
//
// May import: pair-room.js, rust-command.js.

import { roomsIn, withoutPair, withPair } from './pair-room.js';
import { createRustCommand } from './rust-command.js';

/** @typedef {import('../cards.js').Demo} Demo */

/** @param {Demo[]} demos those of the page @param {string} workshop the address that the host gives to everybody */
export function createPairsInDemos(demos, workshop) {
  const meeting = demos
    .filter(({ canMeet }) => canMeet)
    .map((demo) => ({ demo, command: createRustCommand(demo, workshop) }));
  /** The pair whose rooms the demos are in. @type {string | undefined} */
  let shown;

  for (const { demo, command } of meeting) demo.onedit(() => command.show());

  return {
    /**
     * @param {object} now
     * @param {string | undefined} now.pair its name; undefined without one
     * @param {string} now.company who is in it
     * @param {string} now.ticket
     */
    enter({ pair, company, ticket }) {
      const before = shown;
      shown = pair;
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
        if (pair !== before) demo.note(sentenceOf(demo, pair));
      }
    },
  };
}

/** What the status of a demo says when the pair begins, changes, or ends. @param {Demo} demo @param {string | undefined} pair */
function sentenceOf(demo, pair) {
  const { isRunning } = demo.recording;
  if (!pair) return `The room is everybody’s again${isRunning ? ' from the next run on' : ''}.`;
  if (roomsIn(demo.shownCode).length === 0)
    return 'This text names no room that could be your pair’s: everybody who runs it may meet.';
  return `The room is now your pair’s${isRunning ? ': what runs stays where it is, and the next run is in it' : ''}.`;
}
