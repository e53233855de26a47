// @ts-check
// "Invite the server": asks it to join the room of a demo as a second peer, for the reader who is alone.
//
// May import: proof.js, root.js.

import { fetchAsPage, wordsOf } from './proof.js';
import { endpoint } from './root.js';

/** The endpoint for invitations. Only the workshop server has it. */
const INVITATIONS = endpoint('companion');

/**
 * Handles the invitations of one demo.
 * @param {object} demo
 * @param {() => void} demo.run
 * @param {(sentence: string) => void} demo.note tells the reader
 * @param {() => string} demo.ticket what admits the server to the rooms of the reader's pair; empty outside of a workshop
 */
export function createInvitation({ run, note, ticket }) {
  /** The room that the demo is in. @type {string | undefined} */
  let room;
  /** The reader has asked, and the demo is in no room yet. */
  let isWaiting = false;

  /** @param {string} asked */
  async function send(asked) {
    isWaiting = false;
    note('The server is asked to join.');
    const sentence = await invite(asked, ticket());
    if (asked === room) note(sentence);
  }

  return {
    /** Called when the reader asks. Starts the demo if it does not run. @param {boolean} isRunning */
    ask(isRunning) {
      if (!isRunning) run();
      if (room !== undefined) return send(room);
      isWaiting = true;
      note('The server is asked as soon as the demo is in a room.');
    },

    /** The demo is in this room now, or in none. @param {string | undefined} name */
    enter(name) {
      room = name;
      if (room === undefined) isWaiting = false;
      else if (isWaiting) send(room);
    },
  };
}

/** @param {string} room @param {string} ticket @returns {Promise<string>} what came of it */
async function invite(room, ticket) {
  const address = ticket ? `${INVITATIONS}?${new URLSearchParams({ ticket })}` : INVITATIONS;
  try {
    const response = await fetchAsPage(address, { method: 'POST', body: room });
    if (response.ok) return 'The server is in the room.';
    return (await wordsOf(response)) || 'This server does not join rooms: open a second tab instead.';
  } catch {
    return 'The server is out of reach.';
  }
}
