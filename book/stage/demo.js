// @ts-check
// One live demo: its buttons, editor, frame and console, and what each does to the others.

import { copy } from './clipboard.js';
import { createConsole } from './console.js';
import { button, el } from './dom.js';
import { mountEditor } from './editor.js';
import { loadEdit, saveEdit } from './edits.js';
import { runnerUrl, startFrame } from './frame.js';
import { endHang, unwatch, watch } from './watch.js';

/** Served by the workshop server only, together with the signaling endpoint. */
const LIBRARY = new URL('../code/quickconnect/js/index.js', import.meta.url).href;

/**
 * @param {string} name the file's, as the reader sees it
 * @param {string} bookCode the text in the book
 * @returns {HTMLElement}
 */
export function createDemo(name, bookCode) {
  /** @type {import('./watch.js').Run | undefined} */
  let current;

  const runButton = button('Run', run, { class: 'primary' });
  const stopButton = button('Stop', stopByHand);
  const copyButton = button('Copy', async () => {
    say((await copy(editor.code)) ? 'The code is in the clipboard.' : 'This browser does not allow copying: select the code and copy it by hand.');
  });
  const bar = el('div', { class: 'demo-bar' }, el('span', { class: 'demo-name' }, name), runButton, stopButton, button('Reset', reset), copyButton);
  const status = el('p', { role: 'status', class: 'demo-status' });
  const editorBox = el('div', { class: 'demo-editor' });
  const log = createConsole(name, (line) => editor.goTo(line));
  const section = el('section', { class: 'demo', id: `demo-${name}`, 'aria-label': name }, bar, editorBox, status, log.element);
  if (bookCode.includes('rtc-quickconnect')) {
    bar.append(el('a', { href: `#${section.id}`, target: '_blank', rel: 'noopener' }, 'Open a second tab'));
  }
  const editor = mountEditor(editorBox, { name, code: loadEdit(name) ?? bookCode, onedit: keep, onrun: run });
  setState('idle');
  if (editor.code !== bookCode) say('This is your edited version. Reset brings back the text of the book.');

  function run() {
    if (!endHang()) stop();
    log.clear();
    editor.clearMarks();
    say('Running.');
    const iframe = el('iframe', { title: `Output of ${name}`, sandbox: 'allow-scripts', src: runnerUrl(), class: 'demo-frame' });
    const frame = startFrame(iframe, editor.code, {
      onentries(entries, dropped) {
        log.add(entries, dropped);
        for (const { isUncaught, line } of entries) if (isUncaught) showFailure(line);
      },
      onclear: log.clear,
      onroom: (count) => say(count === 1 ? 'Running. 1 peer is in this room: this one.' : `Running. ${count} peers are in this room, this one included.`),
      onimportfailed: explainMissingServer,
    });
    current = { name, frame, onsilence, onended };
    watch(current);
    status.after(iframe);
    setState('running');
  }

  /** @param {number | undefined} line */
  function showFailure(line) {
    if (line) editor.markError(line);
    say(line ? `An error in line ${line}: see the console.` : 'An error: see the console.');
  }

  function stop() {
    if (!current) return;
    unwatch(current);
    current.frame.stop();
    current = undefined;
    setState('idle');
  }

  function stopByHand() {
    if (!current) return;
    if (!endHang()) stop();
    say('Stopped.');
  }

  function reset() {
    editor.replace(bookCode);
    say('This is the text of the book again.');
  }

  /** @param {string} code */
  function keep(code) {
    const isKept = saveEdit(name, code === bookCode ? undefined : code);
    if (!isKept) say('This browser does not keep the edit: it is gone when you leave the page.');
  }

  /** @param {import('./watch.js').Silence} silence */
  function onsilence(silence) {
    const hangsItself = typeof silence === 'object' && silence.culprit === name;
    setState(hangsItself ? 'hung' : 'running');
    if (silence === undefined) say('Running. It answers again.');
    else if (silence === 'not loaded') say('Waiting for the frame of this demo to load. If it stays like this, the server is out of reach.');
    else if (hangsItself) say(`${name} does not answer: its code runs without a pause, an endless loop perhaps. Stop ends it, and every other demo that runs on this page.`);
    else say(`Held up by ${silence.culprit}, which does not answer. Stop ends both.`);
  }

  /** @param {string} culprit */
  function onended(culprit) {
    stop();
    say(culprit === name ? 'Stopped.' : `Stopped together with ${culprit}, which did not answer.`);
  }

  async function explainMissingServer() {
    const isServed = await fetch(LIBRARY, { method: 'HEAD' }).then((response) => response.ok, () => false);
    if (!isServed) say('This demo needs the signaling server, and this page is served without it: start the guidebook with cargo run --release.');
  }

  /** @param {'idle' | 'running' | 'hung'} state */
  function setState(state) {
    section.dataset.state = state;
    stopButton.setAttribute('aria-disabled', String(state === 'idle'));
  }

  /** @param {string} text */
  function say(text) {
    status.textContent = text;
  }

  return section;
}
