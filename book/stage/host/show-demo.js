// @ts-check
// *Show to all*, on the demos of a page that the host has open: the text of one demo and the lines of its console go to everybody who looks at them, for as
// long as the page has its socket open.
//
// May import: host-flag.js, host-session.js, host-view.js, shown-lines.js, ../dom.js, ../pings.js, ../root.js.

import { button } from '../dom.js';
import { createWatch } from '../pings.js';
import { endpoint } from '../root.js';
import { isHostKept, onHostKept } from './host-flag.js';
import { askSession } from './host-session.js';
import { toldIn } from './host-view.js';
import { createMirror } from './shown-lines.js';

const SOCKET = endpoint('workshop/host/show').replace(/^http/, 'ws');
const OUT_OF_REACH = 'The server is out of reach.';
/** How long the server's first word may take, in ms. */
const PATIENCE = 10_000;

/** @typedef {import('../cards.js').Demo} Demo */

/**
 * Adds the buttons if this browser is the host's, now or later.
 * @param {Demo[]} demos those of the page
 * @param {string} page its path in the book
 */
export function offerShowing(demos, page) {
  /** @type {HTMLElement[]} */
  let buttons = [];
  /** @type {{ demo: Demo, end: () => void } | undefined} */
  let shown;
  addEventListener('pagehide', end);
  onHostKept(look);
  look();

  async function look() {
    const isHost = isHostKept() && (await askSession(new AbortController().signal)).state === 'given';
    if (isHost === buttons.length > 0) return;
    if (!isHost) end();
    for (const old of buttons) old.remove();
    buttons = isHost ? demos.map(offer) : [];
  }

  /** @param {Demo} demo */
  function offer(demo) {
    const toggle = button('Show to all', () => (shown?.demo === demo ? end() : begin(demo, toggle)), {
      class: 'quiet',
      'aria-pressed': 'false',
    });
    demo.element.querySelector('.demo-text')?.prepend(toggle);
    return toggle;
  }

  function end() {
    shown?.end();
  }

  /** @param {Demo} demo @param {HTMLElement} toggle */
  function begin(demo, toggle) {
    end();
    const socket = new WebSocket(SOCKET);
    const listening = new AbortController();
    const { signal } = listening;
    const mirror = createMirror({
      send: (message) => socket.send(JSON.stringify(message)),
      text: () => demo.shownCode,
      demo: { page, name: demo.name },
      later: setTimeout,
    });
    const own = { demo, end: () => over('Nobody is shown this demo any more.') };
    shown = own;
    toggle.setAttribute('aria-pressed', 'true');
    demo.note('Everybody is asked to look at this demo.');
    socket.addEventListener('open', listen, { signal });
    socket.addEventListener('message', hear, { signal });
    socket.addEventListener('close', ({ reason }) => over(reason || OUT_OF_REACH), { signal });
    // A way that is cut leaves a socket without an end of its own.
    const watch = createWatch(() => over(OUT_OF_REACH), PATIENCE);

    function listen() {
      mirror.begin();
      demo.onedit(mirror.edited, signal);
      demo.onentries(mirror.add, signal);
      demo.onclear(mirror.clear, signal);
    }

    /** @param {MessageEvent} message */
    function hear({ data }) {
      const told = toldIn(data);
      if (told?.type === 'refused') demo.note(told.words);
      watch.heard(told?.type === 'ping' ? told.silence : undefined);
    }

    /** @param {string} why */
    function over(why) {
      watch.stop();
      listening.abort();
      mirror.end();
      socket.close();
      if (shown === own) shown = undefined;
      toggle.setAttribute('aria-pressed', 'false');
      demo.note(why);
    }
  }
}
