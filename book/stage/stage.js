// @ts-check
// Turns every `js,live` block of a page into a demo. Reads nothing of the address but its fragment, and runs nothing by itself. Layout:
//   demo.js               one demo: its buttons, and what its parts do to each other; demo-runs.js, from Run to Stop; status-line.js,
//                         what it says; text-tools.js, what it offers for its text
//   files.js              its files: code-file.js, editor.js, edits.js are the code of one, and the reader's versions of it; edit-words.js says what became
//                         of them
//   pairing.js            what a pair of a workshop makes of a demo
//   iframe.js             one run; runner/ is what runs in there, place.js says from which address
//   output.js             where its frame stands, and its picture while one reads on (small-view.js)
//   watch.js              which run hangs; media-runs.js, which one makes pictures or sounds
//   proof.js              what runs prove to the server with
//   console.js            what is logged, unfolded (value-tree.js), and files that were made (made-file.js); strip.js its newest line, while it is out of sight
//   code-link.js          links that carry the code of a demo
//   reveal.js             scrolls boxes, never the page
//   events.js, stats.js   what the runner tells, checked; recording.js keeps it (clock.js)
//   presence.js           who is in the demo's rooms (wire.js: the client's signaling messages)
//   peer-names.js         what peers are called, in a workshop
//   peers.js, invite.js   how to get a second peer: another tab, or the server
//   load-instruments.js   the panels below a demo, in instruments/
//   twins.js, tablist.js  a demo and its twin in Rust, behind tabs
//   cards.js, patch.js    what to try, with edits that a button applies
//   exercise/             tasks, and whether a run has solved them
//   check/                the page that checks the reader's device; check-https.js, whether it takes the server's certificate
//   workshop/             pairs, the host's messages, and codes for phones, in a workshop
//   host/                 the host's page of a workshop
//   figure.js             a figure that is played step by step; dial.js, one with a value that the reader drags
//   reading.js            what helps to find one's way on a page; kept.js is what this browser keeps for the reader
//   devices.js            the control for stand-in devices, in demos that have them; own-devices.js, where demos with the reader's own run (frame.js)
//   dom.js, put-text.js, save-blob.js, subscribers.js, durations.js, visible.js, clipboard.js, composition.js   small helpers
//
// May import: cards.js, check/check.js, check-https.js, code-link.js, composition.js, demo.js, dial.js, exercise/exercise.js, figure.js, host/host.js,
// load-instruments.js, reading.js, twins.js, workshop/workshop.js.

import { leaveKeysToInputMethods } from './composition.js';
import { createDemo } from './demo.js';
import { createRecorded } from './load-instruments.js';
import { pairTwins } from './twins.js';

/** What a link may have behind the id of a demo: a pair of a workshop (workshop/pair-link.js), or somebody's code (code-link.js). */
const BEHIND_ID = /~[a-z-]*$|\?code=.*/;

/** Languages in the info string of a live block, in lower case. A block without a language is JavaScript too, since nothing else can run. */
const LANGUAGES = ['js', 'javascript', 'mjs', 'live'];

leaveKeysToInputMethods();

// Demos are created as soon as the parser is past the prose, without waiting for the rest of the page (search and menus).
const isProseComplete = () => document.querySelector('main ~ *') !== null || document.readyState !== 'loading';
if (isProseComplete()) upgrade();
else {
  const parser = new MutationObserver(upgradeWhenComplete);
  parser.observe(document, { childList: true, subtree: true });
  document.addEventListener('DOMContentLoaded', upgradeWhenComplete, { once: true });

  function upgradeWhenComplete() {
    if (!isProseComplete()) return;
    parser.disconnect();
    document.removeEventListener('DOMContentLoaded', upgradeWhenComplete);
    upgrade();
  }
}

function upgrade() {
  /** @type {Set<string>} */
  const names = new Set();
  const demos = [...document.querySelectorAll('pre > code')].filter(isLive).map((code, index) => {
    let name = nameOf(code, index);
    // Edits are stored by name, so two demos of one name would share them.
    if (names.has(name)) name += `-${index + 1}`;
    names.add(name);
    const demo = createDemo(name, textOf(code), {
      isAlone: code.classList.contains('alone'),
      parts: takeParts(code.parentElement),
      devices: devicesOf(code),
      mayHaveOwn: code.classList.contains('camera'),
    });
    code.parentElement?.replaceWith(demo.element);
    return demo;
  });
  pairTwins();
  // After the tabs, which change the height of what is above.
  const wanted = location.hash.replace(BEHIND_ID, '');
  document.querySelectorAll('.demo').forEach((demo) => wanted === `#${demo.id}` && demo.scrollIntoView());
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-recording]')))
    place.prepend(createRecorded(place));
  document.documentElement.dataset.stage = 'ready';
  const nothing = () => {};
  lookAtLink();
  addEventListener('hashchange', lookAtLink);
  // The page is whole without these.
  import('./reading.js').then(({ furnish }) => furnish(), nothing);
  if (document.querySelector('.card')) import('./cards.js').then(({ createCards }) => createCards(demos), nothing);
  if (document.querySelector('.exercise'))
    import('./exercise/exercise.js').then(({ createExercises }) => createExercises(demos), nothing);
  if (document.querySelector('figure.playable'))
    import('./figure.js').then(({ createPlayers }) => createPlayers(), nothing);
  if (document.querySelector('figure[data-dial]'))
    import('./dial.js').then(({ createDials }) => createDials(), nothing);
  if (document.querySelector('.device-check'))
    import('./check/check.js').then(({ createDeviceChecks }) => createDeviceChecks(), nothing);
  if (document.querySelector('meta[name="guidebook-workshop"]'))
    import('./workshop/workshop.js').then(({ attend }) => attend(demos), nothing);
  if (document.querySelector('.host-page'))
    import('./host/host.js').then(({ createHostPage }) => createHostPage(), nothing);
  if (document.querySelector('.https-check'))
    import('./check-https.js').then(({ createHttpsChecks }) => createHttpsChecks(), nothing);

  function lookAtLink() {
    if (location.hash.includes('?code='))
      import('./code-link.js').then(
        ({ openLink }) => openLink(demos),
        () => demos[0]?.note('What reads the code of this link did not load: is the server still there?'),
      );
  }
}

/**
 * Whether the info string says that the code can be run: mdBook turns `js,live` into the classes `language-js` and `live`. Mistakes in info
 * strings are reported to the author when the book is rendered (`server/src/book/live_blocks.rs`).
 * @param {Element} code
 */
function isLive(code) {
  const [language, ...hints] = [...code.classList].map((name) => name.toLowerCase());
  const name = language?.replace(/^language-/, '');
  return LANGUAGES.includes(name) && [name, ...hints].includes('live');
}

/**
 * Takes the blocks right behind that of a demo which are further files of it, `js,part file=nat.js`, out of the page.
 * @param {Element | null} block
 * @returns {import('./files.js').Source[]}
 */
function takeParts(block) {
  const parts = [];
  for (;;) {
    const next = block?.nextElementSibling;
    const code = next?.matches('pre') ? next.querySelector(':scope > code.part') : null;
    if (!next || !code) return parts;
    parts.push({ name: nameOf(code, parts.length), code: textOf(code) });
    next.remove();
  }
}

/** The text of a block. @param {Element} code */
function textOf(code) {
  return (code.textContent ?? '').replace(/\n$/, '');
}

/**
 * How stand-in devices are at first, if the block asks for some: `js,live,devices`, or `devices=denied`.
 * @param {Element} code
 * @returns {string} empty if it does not
 */
function devicesOf(code) {
  const hint = [...code.classList].find((name) => name === 'devices' || name.startsWith('devices='));
  return hint ? hint.slice('devices='.length) || 'working' : '';
}

/**
 * The demo's name, from the block's info string: `js,live file=createoffer.js`.
 * @param {Element} code
 * @param {number} index
 */
function nameOf(code, index) {
  const file = [...code.classList].find((name) => name.startsWith('file='));
  return file?.slice('file='.length) || `demo-${index + 1}.js`;
}
