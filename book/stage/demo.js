// @ts-check
// One live demo: connects its buttons, editor, iframe, console and instruments.
//
// May import: code-link.js, console.js, demo-runs.js, devices.js, dom.js, edit-words.js, files.js, frame.js, invite.js, load-instruments.js, output.js,
// pairing.js, peer-names.js, peers.js, place.js, status-line.js, strip.js, subscribers.js, text-tools.js, workshop/workshop.js.

import { createConsole } from './console.js';
import { createRuns } from './demo-runs.js';
import { button, el, keepArrowKeys } from './dom.js';
import { wordsOfKept } from './edit-words.js';
import { createFiles } from './files.js';
import { OWN_DEVICES } from './frame.js';
import { createInstruments } from './load-instruments.js';
import { createInvitation } from './invite.js';
import { createSubscribers } from './subscribers.js';
import { createOutput } from './output.js';
import { NO_PAIR } from './pairing.js';
import { createPeerNames } from './peer-names.js';
import { createPeers } from './peers.js';
import { place } from './place.js';
import { createStatusLine } from './status-line.js';
import { createStrip } from './strip.js';
import { createTextTools } from './text-tools.js';

/** The key that runs a demo, as the reader's keyboard has it. */
const IS_APPLE = /Mac|iPhone|iPad/.test(navigator.platform);

/** @typedef {import('./pairing.js').Pairing} Pairing */
/** @typedef {import('./patch.js').Change} Change */
/**
 * Texts from elsewhere are shown: `onedit` is called when the reader changes one of them, and returns what is so from then on; `reset` is what Reset does.
 * @typedef {import('./text-tools.js').Mark & { onedit: () => Instead | void, reset?: () => void }} Instead
 */

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
  let pairing = NO_PAIR;
  /** The address of a run with the reader's own devices, each time another. @type {(() => string) | undefined} */
  let ownPlace;
  /** Its texts came from elsewhere. @type {Instead | undefined} */
  let instead;
  const peerNames = createPeerNames();
  /** @type {ReturnType<typeof createSubscribers<[]>>} */
  const edits = createSubscribers();
  const run = () => runs.run();

  const runButton = button('Run', run, { class: 'primary', 'aria-keyshortcuts': 'Control+Enter Meta+Enter' });
  runButton.append(el('kbd', { 'aria-hidden': 'true' }, IS_APPLE ? '⌘ ⏎' : 'Ctrl ⏎'));
  const stopButton = button('Stop', () => runs.stopByHand());
  const tools = createTextTools(name, { reset, copy: () => files.shown.copy(), copyLink });
  const bar = el(
    'div',
    { class: 'demo-bar' },
    tools.head,
    el('span', { class: 'demo-run' }, runButton, stopButton),
    tools.element,
  );
  if (devices) addDevices();
  const status = createStatusLine();
  const { say, note } = status;
  const files = createFiles(name, [{ name, code: bookCode }, ...parts], {
    pairing: () => pairing,
    onedit,
    onrun: run,
    onleave: () => status.element.focus(),
    onshow: tools.lookAt,
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
    unfold: async (question) => runs.iframe?.unfold(question),
    onlack: () => note('What shows values did not load: is the server still there?'),
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
    setFaults: (faults) => runs.iframe?.setFaults(faults),
    askStats: () => runs.iframe?.askStats(),
    lines: () => runs.iframe?.lines,
    openLines: () => runs.iframe?.openLines(),
    openLabs: () => runs.iframe?.openLabs ?? [],
    nameOf: peerNames.nameOf,
  });
  const result = el(
    'div',
    { class: 'demo-result' },
    status.element,
    output.element,
    strip.element,
    log.element,
    ...instruments.elements,
  );
  const section = el('section', { class: 'demo', id: `demo-${name}`, 'aria-label': name }, bar, files.element, result);
  const peers = createPeers(name, { invite: () => invitation.ask(runs.iframe !== undefined), showQr });
  if (canMeet) status.element.after(peers.element);
  const invitation = createInvitation({ run, note, ticket: () => pairing.ticket });
  const runs = createRuns(name, {
    files,
    status,
    log,
    strip,
    output,
    instruments,
    peers,
    peerNames,
    invitation,
    pairing: () => pairing,
    devices: () => devices,
    ownPlace: () => ownPlace?.(),
    setState,
  });
  // Leaving the page would end a run.
  keepArrowKeys(section);
  place();
  markText();
  setState('idle');
  say('Ready.');
  note(
    wordsOfKept(
      files.all.filter(({ isEdited }) => isEdited).map((file) => file.name),
      parts.length === 0,
    ),
  );

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
      if (isOtherKind) runs.stop('Stopped: the next run has these devices.');
      devices = state;
      runs.iframe?.setDevices(state);
      if (isOtherKind || words) note(words);
    };
    import('./devices.js').then(
      ({ createDevicesChoice }) => {
        ownPlace = createDevicesChoice(place, devices, mayHaveOwn, changed);
      },
      () => note('The control for stand-in devices did not load: is the server still there?'),
    );
  }

  function reset() {
    instruments.reset();
    if (instead?.reset) instead.reset();
    else files.shown.reset();
  }

  function onedit() {
    instead = instead?.onedit() || undefined;
    markText();
    edits.tell();
  }

  function markText() {
    tools.mark(instead !== undefined || files.all.some(({ isEdited }) => isEdited), instead);
  }

  function copyLink() {
    import('./code-link.js')
      .then((links) => links.copyLink(demo))
      .catch(() => note('The link could not be made: is the server still there?'));
  }

  /** @param {'idle' | 'running' | 'failed' | 'hung'} state */
  function setState(state) {
    section.dataset.state = state;
    stopButton.setAttribute('aria-disabled', String(state === 'idle'));
  }

  /** @param {import('./code-file.js').CodeFile} file @param {string} code the reader's own @param {Change} [change] what of it is new */
  function put(file, code, change) {
    files.show(file);
    file.replace(code);
    if (change) file.editor.markChange(change);
    // With what runs it in sight, if the line allows that.
    comeIntoView();
    file.editor.goTo(change?.added[0] ?? change?.removed[0] ?? 1);
    note(change ? 'The edit is applied: its lines are marked. Run it.' : 'The edit is taken back.');
  }

  /** Also from behind a tab. */
  function comeIntoView() {
    showTabOf(section);
    section.scrollIntoView();
  }

  const demo = {
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
      runs.iframe?.setTicket(pairing.ticket);
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
    comeIntoView,
    files: files.all,

    /**
     * Shows texts from elsewhere, or, without a mark, the reader's own again. They are no edits: none is kept. One that is changed comes to the front.
     * @param {string[]} texts one for each file @param {Instead | undefined} mark what says where they came from
     */
    showInstead(texts, mark) {
      const changed = files.all.filter((file, index) => texts[index] !== file.code);
      for (const file of changed) file.adapt(texts[files.all.indexOf(file)]);
      if (changed.length > 0 && !changed.includes(files.shown)) files.show(changed[0]);
      instead = mark;
      markText();
      edits.tell();
    },

    /** Puts texts of the reader into all files, where they are kept. @param {string[]} texts one for each file */
    writeAll(texts) {
      const { shown } = files;
      instead = undefined;
      files.all.forEach((file, index) => {
        if (texts[index] === file.code) return;
        files.show(file);
        file.replace(texts[index]);
      });
      files.show(shown);
      markText();
    },

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

    onentries: runs.onentries,
    onclear: runs.onclear,

    /** Asks each connection of the run for its statistics. */
    askStats: () => runs.iframe?.askStats(),
    onstats: runs.onstats,

    /** What is broken on purpose. */
    get faults() {
      return instruments.faults;
    },

    /** Breaks this from now on, also after a reset. @param {import('./load-instruments.js').Fault[]} faults */
    preset: instruments.preset,
  };
  return demo;
}

/** Shows the tab that an element is behind. @param {Element} element */
function showTabOf(element) {
  const tab = element.closest('[role=tabpanel][hidden]')?.getAttribute('aria-labelledby');
  if (tab) document.getElementById(tab)?.click();
}
