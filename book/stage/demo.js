// @ts-check
// One live demo: connects its buttons, editor, iframe, console and instruments.
//
// May import: console.js, devices.js, dom.js, edit-words.js, files.js, frame.js, iframe.js, invite.js, load-instruments.js, media-runs.js, names.js, output.js,
// pairing.js, peer-names.js, peers.js, place.js, presence.js, strip.js, subscribers.js, watch.js, workshop/workshop.js.

import { createConsole } from './console.js';
import { button, el, keepArrowKeys } from './dom.js';
import { wordsOfKept } from './edit-words.js';
import { createFiles } from './files.js';
import { createFrame, OWN_DEVICES } from './frame.js';
import { startIframe } from './iframe.js';
import { createInstruments } from './load-instruments.js';
import { createInvitation } from './invite.js';
import { beginMedia, endMedia } from './media-runs.js';
import { createSubscribers } from './subscribers.js';
import { createNames } from './names.js';
import { createOutput } from './output.js';
import { NO_PAIR } from './pairing.js';
import { createPeerNames } from './peer-names.js';
import { createPeers, roomSentence } from './peers.js';
import { place, whatKeepsFrom } from './place.js';
import { createPresence } from './presence.js';
import { createStrip } from './strip.js';
import { endHang, unwatch, watch } from './watch.js';

/** The client library. Only the workshop server serves it, as it does the signaling endpoint. */
const LIBRARY = new URL('../code/quickconnect/js/index.js', import.meta.url).href;

/** The key that runs a demo, as the reader's keyboard has it. */
const IS_APPLE = /Mac|iPhone|iPad/.test(navigator.platform);
/** The first words of an error in code that can't be parsed. */
const SYNTAX_ERROR = /^Uncaught SyntaxError/;

/** @typedef {import('./pairing.js').Pairing} Pairing */
/** @typedef {import('./patch.js').Change} Change */

/**
 * One demo: its element, with everything that belongs to it, and the texts of its files.
 * @param {string} name the file's, as the reader sees it
 * @param {string} bookCode the text in the book
 * @param {object} options
 * @param {boolean} options.isAlone all its peers are in this one program, or it finds them without the library
 * @param {import('./files.js').Source[]} [options.parts] files that it can import, beside its own
 * @param {string} [options.devices] how stand-in devices are at first; empty if it has none
 * @param {boolean} [options.mayHaveOwn] the reader may run it with devices of their own
 */
export function createDemo(name, bookCode, { isAlone, parts = [], devices = '', mayHaveOwn = false }) {
  /** @type {(import('./watch.js').Run & import('./media-runs.js').MediaRun) | undefined} */
  let current;
  let pairing = NO_PAIR;
  /** The address of a run with the reader's own devices, each time another. @type {(() => string) | undefined} */
  let ownPlace;
  /** Where its run is. */
  let runsAt = '';
  const peerNames = createPeerNames();
  /** @type {ReturnType<typeof createSubscribers<[]>>} */
  const edits = createSubscribers();
  /** @type {ReturnType<typeof createSubscribers<[import('./iframe.js').Entry[]]>>} */
  const logged = createSubscribers();
  /** @type {ReturnType<typeof createSubscribers<[]>>} */
  const clears = createSubscribers();
  /** @type {ReturnType<typeof createSubscribers<[import('./stats.js').Stats]>>} */
  const answers = createSubscribers();

  const runButton = button('Run', run, { class: 'primary', 'aria-keyshortcuts': 'Control+Enter Meta+Enter' });
  runButton.append(el('kbd', { 'aria-hidden': 'true' }, IS_APPLE ? '⌘ ⏎' : 'Ctrl ⏎'));
  const stopButton = button('Stop', stopByHand);
  /** Of several files, what these do is done to the one that is shown. */
  const ofText = [
    { word: 'Reset', element: button('Reset', reset, { class: 'quiet' }) },
    { word: 'Copy', element: button('Copy', () => files.shown.copy(), { class: 'quiet' }) },
  ];
  const bar = el(
    'div',
    { class: 'demo-bar' },
    el('span', { class: 'demo-name' }, name),
    el('span', { class: 'demo-run' }, runButton, stopButton),
    el('span', { class: 'demo-text' }, ...ofText.map(({ element }) => element)),
  );
  if (devices) addDevices();
  const word = el('strong', { class: 'demo-word' });
  const activity = el('span');
  const remark = el('span');
  const status = el('p', { role: 'status', class: 'demo-status', tabindex: '-1' }, word, activity, ' ', remark);
  const files = createFiles(name, [{ name, code: bookCode }, ...parts], {
    pairing: () => pairing,
    onedit: edits.tell,
    onrun: run,
    onleave: () => status.focus(),
    onshow: (shown) => {
      for (const { word, element } of ofText) element.setAttribute('aria-label', `${word} ${shown}`);
    },
    note,
  });
  const { editor } = files.first;
  const log = createConsole(name, {
    online: (line, part) => files.goTo(part, line),
    oncopy: (isDone) =>
      note(
        isDone
          ? 'The console is in the clipboard.'
          : 'This browser does not allow copying: select the entries and copy them by hand.',
      ),
    named: peerNames.in,
  });
  const strip = createStrip(log.element);
  const output = createOutput(name, log.element, () => {
    log.focus();
    note('Pictures of this page stay in their places now.');
  });
  const canMeet = !isAlone && bookCode.includes('rtc-quickconnect');
  const instruments = createInstruments(name, {
    canMeet,
    online: (line) => files.goTo(name, line),
    light(line) {
      if (line) files.show(files.first);
      editor.light(line);
    },
    oncursor: (listener) => editor.oncursor(listener),
    setFaults: (faults) => current?.iframe.setFaults(faults),
    askStats: () => current?.iframe.askStats(),
    lines: () => current?.iframe.lines,
    openLines: () => current?.iframe.openLines(),
    openLabs: () => current?.iframe.openLabs ?? [],
    nameOf: peerNames.nameOf,
  });
  const result = el(
    'div',
    { class: 'demo-result' },
    status,
    output.element,
    strip.element,
    log.element,
    ...instruments.elements,
  );
  const section = el('section', { class: 'demo', id: `demo-${name}`, 'aria-label': name }, bar, files.element, result);
  const peers = createPeers(name, { invite: () => invitation.ask(current !== undefined), showQr });
  if (canMeet) status.after(peers.element);
  const invitation = createInvitation({ run, note, ticket: () => pairing.ticket });
  // Leaving the page would end a run.
  keepArrowKeys(section);
  place();
  setState('idle');
  say('Ready.');
  note(
    wordsOfKept(
      files.all.filter(({ isEdited }) => isEdited).map((file) => file.name),
      parts.length === 0,
    ),
  );

  function run() {
    if (!endHang()) stop('');
    clearConsole();
    for (const file of files.all) file.start();
    note('');
    instruments.start();
    peerNames.start();
    const presence = createPresence();
    const named = createNames(files.first.running);
    const element = createFrame(name, devices === OWN_DEVICES);
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
    const iframe = startIframe(element, texts, instruments.faults, listener, pairing.ticket, devices);
    const isEdited = files.all.some((file) => file.isEdited);
    current = { name, number: iframe.number, iframe, isEdited, onsilence, ongone, onended, onreplaced };
    watch(current);
    strip.start();
    setState('running');
    say('Running.');
    show(element, iframe);
  }

  /** @param {HTMLElement} opener gets the keyboard back */
  function showQr(opener) {
    import('./workshop/workshop.js').then(
      (workshop) => workshop.showQr(name, opener),
      () => note('The address did not load: is the server still there?'),
    );
  }

  function addDevices() {
    const place = el('div', { class: 'demo-devices' });
    bar.append(place);
    const changed = (/** @type {string} */ state, /** @type {string} */ words) => {
      // They are in frames of another kind.
      const isOtherKind = state !== devices && [state, devices].includes(OWN_DEVICES);
      if (isOtherKind) stop('Stopped: the next run has these devices.');
      devices = state;
      current?.iframe.setDevices(state);
      if (isOtherKind || words) note(words);
    };
    import('./devices.js').then(
      ({ createDevicesChoice }) => {
        ownPlace = createDevicesChoice(place, devices, mayHaveOwn, changed);
      },
      () => note('The control for stand-in devices did not load: is the server still there?'),
    );
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
    const own = devices === OWN_DEVICES && ownPlace?.();
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

  function reset() {
    instruments.reset();
    files.shown.reset();
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
    if (current === asked && status.textContent?.includes(waiting)) say(`${waiting} ${why}`);
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

  /** @param {'idle' | 'running' | 'failed' | 'hung'} state */
  function setState(state) {
    section.dataset.state = state;
    stopButton.setAttribute('aria-disabled', String(state === 'idle'));
  }

  /** Says what the demo is doing. @param {string} sentence it begins with the state, in a word */
  function say(sentence) {
    const [first, ...others] = sentence.split(/(?<=[.:]) /);
    word.textContent = first;
    activity.textContent = others.length > 0 ? ` ${others.join(' ')}` : '';
  }

  /**
   * Adds a remark, which stands until the next one.
   * @param {string} sentence
   * @param {boolean} [isQuiet] screen readers are told elsewhere: it is in each demo of the page
   */
  function note(sentence, isQuiet = false) {
    // Writing the same text again would make a screen reader repeat it.
    if (remark.textContent === sentence) return;
    if (isQuiet) remark.setAttribute('aria-live', 'off');
    else remark.removeAttribute('aria-live');
    remark.textContent = sentence;
  }

  /** @param {import('./code-file.js').CodeFile} file @param {string} code the reader's own @param {Change} [change] what of it is new */
  function put(file, code, change) {
    files.show(file);
    file.replace(code);
    if (change) file.editor.markChange(change);
    showTabOf(section);
    // With what runs it in sight, if the line allows that.
    section.scrollIntoView();
    file.editor.goTo(change?.added[0] ?? change?.removed[0] ?? 1);
    note(change ? 'The edit is applied: its lines are marked. Run it.' : 'The edit is taken back.');
  }

  return {
    name,
    element: section,
    canMeet,
    bookCode,
    /** The reader's own text. */
    get code() {
      return files.first.code;
    },
    /** As it is shown, and runs: with the room of the reader's pair. */
    get shownCode() {
      return editor.code;
    },

    /** The reader's pair begins, changes, or ends. What runs goes on. @param {Pairing | undefined} changed */
    enterPair(changed = NO_PAIR) {
      const own = files.first.code;
      const isOther = changed.pair !== pairing.pair;
      pairing = changed;
      current?.iframe.setTicket(pairing.ticket);
      peers.showCompany(pairing.company);
      // Of the same pair, the reader may have taken the room out.
      if (isOther) editor.adapt(pairing.withPair(own));
    },

    /** What the peers in the rooms of the reader's pair are called. @param {ReadonlyMap<string, string>} names by their ids */
    namePeers(names) {
      peerNames.set(names);
      log.renamed();
      instruments.renamed();
    },

    note,

    /** Puts a text into the editor, and leads there. @param {string} code the reader's own @param {Change} [change] what of it is new */
    put: (code, change) => put(files.first, code, change),

    /** Its other files, each with a text of its own. */
    parts: files.all.slice(1).map((file) => ({
      name: file.name,
      bookCode: file.bookCode,
      get code() {
        return file.code;
      },
      put: (/** @type {string} */ code, /** @type {Change | undefined} */ change) => put(file, code, change),
      onedit: edits.add,
    })),

    /** Calls when the text has changed. */
    onedit: edits.add,

    /** What its runs do. */
    recording: instruments.recording,

    /** Calls with what is logged. */
    onentries: logged.add,
    /** Calls when what was logged is gone. */
    onclear: clears.add,

    /** Asks each connection of the run for its statistics. */
    askStats: () => current?.iframe.askStats(),
    /** Calls with the answer of each connection, whoever has asked. */
    onstats: answers.add,

    /** What is broken on purpose. */
    get faults() {
      return instruments.faults;
    },

    /** Breaks this from now on, also after a reset. @param {import('./load-instruments.js').Fault[]} faults */
    preset: instruments.preset,
  };
}

/** Shows the tab that an element is behind. @param {Element} element */
function showTabOf(element) {
  const tab = element.closest('[role=tabpanel][hidden]')?.getAttribute('aria-labelledby');
  if (tab) document.getElementById(tab)?.click();
}
