// @ts-check
// The runs of a demo, one at a time: from Run to Stop, and what the demo says, marks and shows of it meanwhile.
//
// May import: frame.js, iframe.js, media-runs.js, names.js, peers.js, place.js, presence.js, subscribers.js, watch.js.

import { createFrame, OWN_DEVICES } from './frame.js';
import { startIframe } from './iframe.js';
import { beginMedia, endMedia } from './media-runs.js';
import { createNames } from './names.js';
import { roomSentence } from './peers.js';
import { place, whatKeepsFrom } from './place.js';
import { createPresence } from './presence.js';
import { createSubscribers } from './subscribers.js';
import { endHang, unwatch, watch } from './watch.js';

/** The client library. Only the workshop server serves it, as it does the signaling endpoint. */
const LIBRARY = new URL('../code/quickconnect/js/index.js', import.meta.url).href;
/** The first words of an error in code that can't be parsed. */
const SYNTAX_ERROR = /^Uncaught SyntaxError/;

/**
 * @param {string} name of the demo
 * @param {object} demo what it consists of
 * @param {ReturnType<typeof import('./files.js').createFiles>} demo.files
 * @param {ReturnType<typeof import('./status-line.js').createStatusLine>} demo.status
 * @param {ReturnType<typeof import('./console.js').createConsole>} demo.log
 * @param {ReturnType<typeof import('./strip.js').createStrip>} demo.strip
 * @param {ReturnType<typeof import('./output.js').createOutput>} demo.output
 * @param {ReturnType<typeof import('./load-instruments.js').createInstruments>} demo.instruments
 * @param {ReturnType<typeof import('./peers.js').createPeers>} demo.peers
 * @param {ReturnType<typeof import('./peer-names.js').createPeerNames>} demo.peerNames
 * @param {ReturnType<typeof import('./invite.js').createInvitation>} demo.invitation
 * @param {() => import('./pairing.js').Pairing} demo.pairing
 * @param {() => string} demo.devices how stand-in devices are; empty if it has none
 * @param {() => string | undefined} demo.ownPlace the address of a run with the reader's own devices
 * @param {(state: 'idle' | 'running' | 'failed' | 'hung') => void} demo.setState
 */
export function createRuns(
  name,
  {
    files,
    status,
    log,
    strip,
    output,
    instruments,
    peers,
    peerNames,
    invitation,
    pairing,
    devices,
    ownPlace,
    setState,
  },
) {
  const { say, note } = status;
  /** @type {(import('./watch.js').Run & import('./media-runs.js').MediaRun) | undefined} */
  let current;
  /** Where it is. */
  let runsAt = '';
  /** @type {ReturnType<typeof createSubscribers<[import('./iframe.js').Entry[]]>>} */
  const logged = createSubscribers();
  /** @type {ReturnType<typeof createSubscribers<[]>>} */
  const clears = createSubscribers();
  /** @type {ReturnType<typeof createSubscribers<[import('./stats.js').Stats]>>} */
  const answers = createSubscribers();

  function run() {
    if (!endHang()) stop('');
    clearConsole();
    for (const file of files.all) file.start();
    note('');
    instruments.start();
    peerNames.start();
    const presence = createPresence();
    const named = createNames(files.first.running);
    const element = createFrame(name, devices() === OWN_DEVICES);
    /** @type {import('./iframe.js').Listener} */
    const listener = {
      onentries(entries, dropped) {
        log.add(entries, dropped);
        strip.show(entries.at(-1));
        logged.tell(entries);
        for (const entry of entries) if (entry.isUncaught) showFailure(entry);
      },
      onclear: clearConsole,
      onevents(events, dropped) {
        // The server may have named this run before.
        if (peerNames.take(events)) log.renamed();
        instruments.recording.add(named(events), dropped);
        const news = presence.take(events);
        if (news) showRoom(news);
      },
      onstats(stats) {
        instruments.onstats(stats);
        answers.tell(stats);
      },
      ontime: instruments.recording.timed,
      onmedia: () => current && beginMedia(current),
      onpicture: output.place,
      onimportfailed: explainMissingServer,
      onrefused: (words) => note(`The server refuses this demo. ${words}`),
      onflood: () => stop('Stopped: the code speaks more than this page can listen to.'),
    };
    const texts = files.all.map((file) => ({ name: file.name, code: file.running }));
    const iframe = startIframe(element, texts, instruments.faults, listener, pairing().ticket, devices());
    const isEdited = files.all.some((file) => file.isEdited);
    current = { name, number: iframe.number, iframe, isEdited, onsilence, ongone, onended, onreplaced };
    watch(current);
    strip.start();
    setState('running');
    say('Running.');
    show(element, iframe);
  }

  function clearConsole() {
    log.clear();
    strip.show(undefined);
    clears.tell();
  }

  /** @param {import('./presence.js').Presence} presence */
  function showRoom(presence) {
    instruments.enter(presence.room);
    say(`Running. ${roomSentence(presence)}`);
    peers.show(presence);
    invitation.enter(presence.count > 0 ? presence.room : undefined);
  }

  /** Starts the run by putting the iframe into the page. @param {HTMLIFrameElement} element @param {import('./iframe.js').Iframe} iframe */
  async function show(element, iframe) {
    const own = devices() === OWN_DEVICES && ownPlace();
    const { url, cost } = own ? { url: own, cost: '' } : await place();
    if (current?.iframe !== iframe) return;
    element.src = runsAt = url;
    output.show(element);
    if (cost) note(cost);
  }

  /** @param {string} sentence what the status says of it */
  function stop(sentence) {
    if (!current) return;
    unwatch(current);
    endMedia(current);
    current.iframe.stop();
    output.clear();
    current = undefined;
    instruments.stop();
    strip.stop();
    invitation.enter(undefined);
    peers.show(undefined);
    setState('idle');
    say(sentence || 'Ready.');
    note('');
  }

  function stopByHand() {
    if (!endHang()) stop('Stopped.');
  }

  /** @param {import('./iframe.js').Entry} entry */
  function showFailure({ line, part, text }) {
    // What can't be parsed never starts: nothing has happened before.
    if (SYNTAX_ERROR.test(text) && instruments.recording.events.length === 0) fail();
    if (!line) return note('An error: see the console.');
    files.named(part).markError(line);
  }

  function fail() {
    setState('failed');
    say('Failed.');
  }

  /** @param {import('./watch.js').Silence} silence */
  function onsilence(silence) {
    const hangsItself = typeof silence === 'object' && silence.culprit === name;
    setState(hangsItself ? 'hung' : 'running');
    if (silence === undefined) say('Running. It answers again.');
    else if (silence === 'not loaded') explainMissingIframe();
    else if (hangsItself)
      say(
        `${name} does not answer: its code runs without a pause, an endless loop perhaps. Stop ends it, and every other demo that runs on this page.`,
      );
    else say(`Held up by ${silence.culprit}, which does not answer. Stop ends both.`);
  }

  function ongone() {
    stop('Stopped: the code has led its frame to another page.');
  }

  /** @param {string} culprit */
  function onended(culprit) {
    stop(culprit === name ? 'Stopped.' : `Stopped together with ${culprit}, which did not answer.`);
  }

  /** @param {string} by the demo that makes pictures or sounds now */
  function onreplaced(by) {
    stop(`Stopped: ${by} runs now, and one demo of a page makes pictures or sounds at a time.`);
  }

  async function explainMissingIframe() {
    const waiting = 'Waiting for the frame of this demo to load.';
    const asked = current;
    say(waiting);
    const why = await whatKeepsFrom(runsAt);
    if (current === asked && status.says(waiting)) say(`${waiting} ${why}`);
  }

  async function explainMissingServer() {
    const asked = current;
    fail();
    const isServed = await fetch(LIBRARY, { method: 'HEAD' }).then(
      (response) => response.ok,
      () => false,
    );
    if (!isServed && current === asked)
      note(
        'This demo needs the signaling server, and this page is served without it: start the guidebook with cargo run --release.',
      );
  }

  return {
    run,
    stop,
    stopByHand,

    /** The frame of the run; undefined without one. */
    get iframe() {
      return current?.iframe;
    },

    /** Calls with what is logged. */
    onentries: logged.add,
    /** Calls when what was logged is gone. */
    onclear: clears.add,
    /** Calls with the statistics of a connection, whoever has asked. */
    onstats: answers.add,
  };
}
