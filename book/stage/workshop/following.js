// @ts-check
// Follows the workshop to another address, as far as this page can know it and as the reader wants: nobody is moved without a tap, and nobody becomes somebody
// else by a link without one.
//
// May import: moved.js, ticket.js, ../root.js.

import { endpoint } from '../root.js';
import { addressThere, bringing, broughtIn, isAt, questionOf } from './moved.js';
import { isOver, keepShares, keepTicket, keptShares, keptTicket, nameIn, pairIn } from './ticket.js';

/** How long the server may be out of reach before the reader is told what that may mean, in ms. */
const LOST_AFTER = 30_000;

/**
 * @param {object} world
 * @param {ReturnType<typeof import('./notices.js').createNotices>} world.notices
 * @param {Promise<void>} world.isPut the notices are in the page: a screen reader says what comes after that
 * @param {string} world.given the address that the host gave to everybody when this page was loaded
 * @param {() => boolean} world.isRunning a demo of this page runs
 * @param {() => boolean} world.isLost the server is out of reach
 */
export function createFollowing({ notices, isPut, given, isRunning, isLost }) {
  let workshop = given;
  /** Until the reader is told that the server is out of reach, once each time. @type {ReturnType<typeof setTimeout> | undefined} */
  let losing;

  /** An address that has changed while nothing can be heard is known to nobody here. */
  function tellLost() {
    if (!isLost()) return;
    notices.show(
      'lost',
      `The workshop is out of reach. If the host shows another address than ${workshop}, open that one; there the host puts you into your pair again. Else this page comes back by itself.`,
    );
  }

  return {
    /** The workshop is at this address. Whoever came by another one than the former, which still works, stays. @param {string} address */
    move(address) {
      workshop = address;
      if (workshop === given || !isAt(location.href, given)) return notices.remove('moved');
      const there = addressThere({ workshop, root: endpoint(''), page: location.href });
      const cost = isRunning() ? ' A demo of this page runs: to leave the page ends it.' : '';
      notices.show(
        'moved',
        `The workshop has another address now: ${workshop}. This page is connected by the former one, which may end.${cost}`,
        [
          // The link itself, which may be copied, is without the ticket.
          ['Open this page there', () => location.assign(there + bringing(keptTicket(), keptShares())), there],
          ['Stay here', () => {}],
        ],
      );
    },

    /** The connection is lost. */
    lose() {
      losing ??= setTimeout(tellLost, LOST_AFTER);
    },

    /** It stands again. */
    find() {
      clearTimeout(losing);
      losing = undefined;
      notices.remove('lost');
    },

    /**
     * A ticket came with the address: perhaps anybody's.
     * @param {string | undefined} ticket @param {() => void} [onstay] the reader does without it
     */
    offer(ticket, onstay = () => {}) {
      const name = ticket && nameIn(ticket);
      if (!ticket || !name) return;
      const { sentence, stay } = questionOf({ name, pair: pairIn(ticket, Date.now()), own: ownName() });
      const goOn = () => {
        keepTicket(ticket);
        location.reload();
      };
      isPut.then(() =>
        notices.show('brought', sentence, [
          ['Go on', goOn],
          [stay, onstay],
        ]),
      );
    },
  };
}

/** The reader's name at this address; empty if they are nobody here, or have been in another workshop. */
function ownName() {
  const kept = keptTicket();
  return kept && !isOver(kept, Date.now()) ? nameIn(kept) : '';
}

/** Whether a reader has to say who they are before the workshop is told of somebody new. @param {string | undefined} ticket that came with the address */
export const isUndecided = (ticket) => ticket !== undefined && nameIn(ticket) !== '' && ownName() === '';

/**
 * Takes a ticket out of the address, where others could read it. That its reader refuses to share holds at once.
 * @returns {string | undefined} undefined without one, and for the one that this browser has
 */
export function takeBrought() {
  const brought = broughtIn(location.hash);
  if (!brought) return undefined;
  history.replaceState(history.state, '', location.pathname + location.search);
  if (!brought.shares) keepShares(false);
  return brought.ticket === keptTicket() ? undefined : brought.ticket;
}
