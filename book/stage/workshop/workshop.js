// @ts-check
// The attendee's side of a workshop, on each page of the book: who is here, pairs, what the host says, and what they see. Loaded only where the server
// has put the address of a workshop into the page. Layout:
//   attend-socket.js   the socket to the server
//   attendance.js      what its messages make of what the page knows
//   ticket.js          what the browser keeps
//   observe.js, ways.js, seen.js   what is shared with the host, and when it is told; checked.js: the result of *Check this device*
//   panel.js, panel-pair.js, notices.js, fade.js, timer.js   what the reader sees
//   pair-in-demos.js, pair-room.js, rust-command.js   the pair in the demos, their text and the command of the twin
//   shown.js, shown-view.js   the demo that the host shows, read-only; ../host/show-demo.js shows one, in the host's browser
//   reach.js, reach-description.js   whom this page reaches directly, when the host asks
//   pair-link.js, demo-address.js, show-qr.js   links into a pair, as an address and as a QR code
//   place-in-book.js   pages that the host names
//   following.js, moved.js   the workshop at another address
//
// May import: attend-socket.js, attendance.js, checked.js, following.js, notices.js, observe.js, pair-in-demos.js, pair-link.js, panel.js,
// place-in-book.js, reach.js, seen.js, show-qr.js, shown-view.js, ticket.js, timer.js, ../dom.js, ../host/host-flag.js, ../host/show-demo.js,
// ../root.js, ../speaker.js.

import { el, loadStyle } from '../dom.js';
import { isHostKept, onHostKept } from '../host/host-flag.js';
import { endpoint } from '../root.js';
import { createSpeaker } from '../speaker.js';
import { openAttendance } from './attend-socket.js';
import { answered, away, companyOf, heard, newsOfPair, UNKNOWN } from './attendance.js';
import { checkedMessage } from './checked.js';
import { createFollowing, isUndecided, takeBrought } from './following.js';
import { createNotices } from './notices.js';
import { observe } from './observe.js';
import { createPairsInDemos } from './pair-in-demos.js';
import { pairLinkIn } from './pair-link.js';
import { createPanel } from './panel.js';
import { addressIn, isSamePage, pageIn } from './place-in-book.js';
import { createReach } from './reach.js';
import { createTeller } from './seen.js';
import { showAddress } from './show-qr.js';
import { createShownDemo } from './shown-view.js';
import { keepName, keepShares, keepTicket, keptName, keptShares, keptTicket, pairIn } from './ticket.js';
import { createTimer } from './timer.js';

/** The page of the host, who attends no workshop there. */
const HOST_PAGE = 'workshop/host.html';

/** What changes the reader's pair at once: what comes of it is no news to them. */
const OWN = ['join', 'open-pair', 'leave'];

/** What the panel says until the reader has answered whether they go on as somebody. */
const ASKED = 'The workshop does not know you yet: answer first whether you go on as before.';

/** @typedef {import('../cards.js').Demo} Demo */
/** @typedef {import('./attendance.js').Attendance} Attendance */

/** What this page knows. */
let state = UNKNOWN;

/** Whether the reader is asked who they are. Whoever has moved here would be somebody new, for everybody to see, until they answer. */
let isAsked = false;

/** Why there is no connection. */
const whyAway = () => (isAsked ? ASKED : state.turnedAway || 'The workshop is out of reach.');

/** Sends a message, if there is a connection. @type {(message: object) => boolean} */
let send = () => false;

/** The address that the host gave to everybody when this page was loaded. */
const givenAddress = () =>
  /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="guidebook-workshop"]'))?.content ?? '';

/** The one of now. */
const workshop = () => state.address || givenAddress();

/**
 * Shows the address of a demo: with the reader's pair, while they have one.
 * @param {string} name of the demo
 * @param {HTMLElement} opener gets the keyboard back
 */
export function showQr(name, opener) {
  showAddress({ workshop: workshop(), name, pair: state.pair?.name }, opener);
}

/**
 * Shows the host what *Check this device* has found.
 * @param {import('./checked.js').Finding[]} findings
 * @returns {string} what became of it, in a sentence
 */
export function showCheck(findings) {
  if (state.isConnected && !state.self?.shares)
    return 'You share nothing with the host. The button Workshop, above, leads to the switch.';
  if (!state.isConnected || !send(checkedMessage(findings))) return `${whyAway()} Try again in a moment.`;
  return 'The host sees the result beside your name.';
}

/** Attends the workshop. @param {Demo[]} demos those of the page */
export function attend(demos) {
  if (pageIn(endpoint(''), location.href) === HOST_PAGE || !globalThis.WebSocket) return;
  /** What the reader wants while there is no connection: the last wish. @type {object | undefined} */
  let wish;
  /** The name that the reader has asked for, until the server gives it. */
  let askedName = '';
  /** The reader has asked for another pair, and is not told that they have it: the notice would cover what they press next. */
  let isOwnWish = false;
  /** The pair that the reader is asked to join. */
  let linked = '';
  /** Whether demos can be shown to everybody from here. */
  let isOffered = false;

  const notices = createNotices();
  const speaker = createSpeaker();
  const panel = createPanel({
    workshop,
    act,
    rename,
    share,
    wantsToShare: keptShares,
    whyAway: () => (isAsked ? ASKED : `${whyAway()} Trying again.`),
  });
  const timer = createTimer(panel.showTime, (label) =>
    notices.show('timer', `Time is up${label ? `: ${label}` : ''}.`),
  );
  const pairs = createPairsInDemos(demos, workshop);
  const here = pageIn(endpoint(''), location.href);
  const shownDemo = createShownDemo({
    notices,
    isHere({ page }) {
      const address = addressIn(endpoint(''), page);
      // The host knows what the host shows.
      return address !== undefined && isSamePage(address, location.href) && !isHostKept();
    },
    watch: (number) => socket.send({ type: 'watch', number }),
  });
  offerShowing();
  onHostKept(offerShowing);
  const observed = observe(demos, tell, isTold);
  // Before anybody is told anything: whoever comes from another address may have refused to share.
  const brought = takeBrought();
  isAsked = isUndecided(brought);
  const ticket = keptTicket();
  const ticketPair = ticket && pairIn(ticket, Date.now());
  // Until the server says who is in it: a run that is started now is in the pair already.
  if (ticket && ticketPair) pairs.enter({ pair: ticketPair, company: '', ticket, isNews: false });
  const socket = openAttendance(endpoint('workshop/attend'), {
    hello,
    isHeld: () => isAsked,
    onmessage(message) {
      reach?.hear(message, state.self?.shares === true);
      become(heard(state, message, performance.now()));
    },
    onaway() {
      reach?.end();
      following.lose();
      become(away(state));
    },
  });
  // A browser without WebRTC reaches nobody.
  const reach =
    globalThis.RTCPeerConnection &&
    createReach({
      send: (message) => socket.send(message),
      connect: () => new RTCPeerConnection({ iceServers: [] }),
      later: (act, after) => setTimeout(act, after),
    });
  send = socket.send;
  const teller = createTeller({
    send: (message) => socket.send(message),
    now: () => performance.now(),
    later: (act, after) => setTimeout(act, after),
  });
  panel.update(state);
  const isPut = put();
  const following = createFollowing({
    notices,
    isPut,
    given: givenAddress(),
    isRunning: () => observed.isRunning,
    isLost: () => !state.isConnected && !state.turnedAway && !isAsked,
  });
  lookAtLink();
  following.offer(brought, comeAsNew);
  addEventListener('hashchange', () => {
    following.offer(takeBrought(), comeAsNew);
    lookAtLink();
  });
  document.addEventListener('visibilitychange', () => {
    // What waits must not come after the word of the tab that the reader looks at now.
    if (document.hidden) return teller.stop();
    // The server has the word of another tab by now.
    teller.forget();
    tell();
  });

  /** The reader is nobody's whose ticket came with the address. */
  function comeAsNew() {
    isAsked = false;
    socket.begin();
    panel.update(state);
  }

  /** Only the host's browser loads what shows a demo, once. */
  function offerShowing() {
    if (isHostKept() && demos.length > 0 && !isOffered) {
      isOffered = true;
      import('../host/show-demo.js').then(
        (host) => host.offerShowing(demos, here),
        () => {},
      );
    }
  }

  /** Puts it into the page, once its style is there. */
  async function put() {
    const region = el(
      'div',
      { class: 'workshop', role: 'region', 'aria-label': 'Workshop' },
      notices.element,
      speaker.element,
      panel.panel,
    );
    await loadStyle(new URL('workshop.css', import.meta.url).href);
    document.querySelector('.right-buttons')?.prepend(panel.toggle);
    document.getElementById('mdbook-menu-bar')?.after(region);
  }

  function hello() {
    // The name is for who comes without a ticket, or with one that is too old: with a good one the reader has a name.
    return { type: 'hello', ticket: keptTicket() ?? null, name: keptName() ?? null, shares: keptShares() };
  }

  /** @param {{ type: string } & Record<string, unknown>} message */
  function act(message) {
    isOwnWish = OWN.includes(message.type);
    if (socket.send(message)) return;
    wish = message;
    notices.show('refused', `${whyAway()} It is asked as soon as ${isAsked ? 'you have' : 'it answers'}.`);
  }

  /** @param {string} name */
  function rename(name) {
    // As the server writes it.
    askedName = name.trim().replaceAll(/\s+/g, ' ');
    act({ type: 'name', name: askedName });
  }

  /** @param {boolean} shares */
  function share(shares) {
    keepShares(shares);
    // Before anything that is shared. Without a connection the next hello says it.
    socket.send({ type: 'shares', shares });
    become({ ...state, self: state.self && { ...state.self, shares } });
  }

  /** Not by a tab that is out of sight: another one may be what the reader looks at. */
  function isTold() {
    return state.isConnected && state.self?.shares === true && !document.hidden;
  }

  function tell() {
    if (isTold()) teller.tell(observed.seen);
  }

  /** @param {Attendance} next */
  function become(next) {
    if (next === state) return;
    const before = state;
    state = next;
    const { self, pair, said: fromHost, bring, refused } = state;
    if (self) {
      if (self.ticket !== before.self?.ticket) keepTicket(self.ticket);
      if (askedName && self.name === askedName) {
        keepName(askedName);
        askedName = '';
      }
      let ofDemos = '';
      if (self !== before.self || pair !== before.pair)
        ofDemos = pairs.enter({
          pair: pair?.name,
          company: pair ? companyOf(pair, self.id) : '',
          ticket: self.ticket,
          isNews: true,
        });
      if (state.peers !== before.peers) pairs.name(state.peers);
      if (pair?.name === linked) notices.remove('link');
      const news = before.self ? newsOfPair(before.pair, pair, self.id) : '';
      // A screen reader hears it once for the page, not from each demo.
      const said = [news, ofDemos].filter(Boolean).join(' ');
      if (news && !isOwnWish) notices.show('pair', said);
      else if (said) speaker.say(said);
      if (news) isOwnWish = false;
      if (!self.shares) {
        teller.stop();
        reach?.end();
      }
    }
    panel.update(state);
    timer.set(state.timer);
    const last = fromHost.at(-1);
    if (last && last.number !== before.said.at(-1)?.number) notices.show('said', `The host: ${last.text}`);
    // A page that is not let in tries again, and is told the same each time.
    const isNew = state.isConnected || refused?.words !== before.refused?.words;
    if (refused && refused.number !== before.refused?.number) {
      // What comes of it later is not the reader's doing.
      isOwnWish = false;
      if (isNew) notices.show('refused', refused.words);
    }
    if (bring && bring.number !== before.bring?.number) askToCome(bring);
    if (state.address !== before.address) following.move(state.address);
    if (state.shown !== before.shown) isPut.then(() => shownDemo.update(state.shown));
    if (!before.isConnected && state.isConnected) begin();
    tell();
  }

  /** The server knows the reader, and nothing of this page yet. */
  function begin() {
    following.find();
    teller.forget();
    if (!wish) return;
    notices.remove('refused');
    socket.send(wish);
    wish = undefined;
  }

  /** Nobody is moved without a tap. @param {{ place: string, title: string }} bring */
  function askToCome({ place, title }) {
    const address = addressIn(endpoint(''), place);
    if (!address) return;
    const isHere = isSamePage(address, location.href);
    const cost = observed.isRunning && !isHere ? ' A demo of this page runs: to leave the page ends it.' : '';
    notices.show('bring', `The host asks you to come to “${title}”.${cost}`, [
      ['Come', () => come(address, isHere)],
      ['Stay here', () => become(answered(state))],
    ]);
  }

  /** @param {string} address @param {boolean} isHere */
  function come(address, isHere) {
    become(answered(state));
    if (!isHere) return location.assign(address);
    const id = idIn(new URL(address).hash);
    if (id) document.getElementById(id)?.scrollIntoView();
    else scrollTo({ top: 0 });
  }

  /** A link into a pair is joined only after a tap, and does not stay in the address, where a reload would ask again. */
  function lookAtLink() {
    const link = pairLinkIn(location.hash);
    if (!link) return;
    history.replaceState(history.state, '', location.pathname + location.search + link.fragment);
    document.getElementById(idIn(link.fragment))?.scrollIntoView();
    const { pair } = link;
    if (pair === state.pair?.name) return;
    linked = pair;
    // Until the server says it, the ticket does: most links are opened with a new page.
    const own = state.self ? state.pair?.name : ticketPair;
    const leaving = own && own !== pair ? ` You leave ${own} then.` : '';
    // A screen reader says what comes after the place for it.
    isPut.then(() => {
      if (linked !== pair || state.pair?.name === pair) return;
      notices.show('link', `Join the pair ${pair}?${leaving}`, [
        ['Join', () => act({ type: 'join', pair })],
        ['Not now', () => {}],
      ]);
    });
  }
}

/** The id in a fragment; empty if there is none. @param {string} fragment */
function idIn(fragment) {
  try {
    return decodeURIComponent(fragment.slice(1));
  } catch {
    return '';
  }
}
