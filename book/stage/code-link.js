// @ts-check
// Links that carry the reader's own text of a demo. It stands in the fragment, which browsers don't send to the server: `#demo-createoffer.js?code=`, a letter
// for how it is packed, and the bytes in base64url. What comes by a link may be anybody's: it becomes text of the editor, what can't be seen in it becomes a
// number, and it runs when the reader presses Run, never before.
//
// May import: clipboard.js, root.js, visible.js, workshop/demo-address.js.

import { copy } from './clipboard.js';
import { endpoint } from './root.js';
import { visible } from './visible.js';
import { demoAddress } from './workshop/demo-address.js';

/** What stands between the id of the demo and the text. */
export const SIGN = '?code=';
/** Characters of the text in a link, as it is packed: what sends links cuts off longer ones. */
const MAX_PACKED = 8_000;
/** Characters of all texts of a link, unpacked: as many as are kept of an edit (edits.js). */
const MAX_TEXT = 100_000;
/** Lines of all texts of a link: an editor has an element for each. */
const MAX_LINES = 5_000;
/** Bytes of the texts in UTF-8, and of the marks of JSON around them. */
const MAX_BYTES = 4 * MAX_TEXT;
const METHOD = 'deflate-raw';

/** @typedef {import('./cards.js').Demo} Demo */
/** @typedef {(string | null)[]} Texts one for each file of the demo; null for that of the book */

const BROKEN = 'The code in this link is not whole: the link was cut off, perhaps.';
const LONG = 'The code in this link is longer than this page shows.';
const OTHER_FILES = 'The code in this link is for another version of this demo, which has other files.';
const PACKED = 'This browser can not unpack the code of this link: open it in a newer one.';

/**
 * Packs texts for a link.
 * @param {Texts} texts
 * @returns {Promise<{ packed: string } | { words: string }>} words say why not
 */
export async function pack(texts) {
  const shown = texts.map(asShown);
  if (lengthOf(shown) > MAX_TEXT) return tooLong('has', lengthOf(shown), 'characters', MAX_TEXT);
  if (linesOf(shown) > MAX_LINES) return tooLong('has', linesOf(shown), 'lines', MAX_LINES);
  const plain = new TextEncoder().encode(JSON.stringify(texts));
  const stream = streamOf(globalThis.CompressionStream);
  const bytes = stream ? await through(plain, stream, Infinity) : plain;
  const packed = (stream ? 'z' : 't') + toBase64(/** @type {Uint8Array} */ (bytes));
  if (packed.length > MAX_PACKED) return tooLong('takes', packed.length, 'characters there', MAX_PACKED);
  return { packed };
}

/** @param {'has' | 'takes'} verb @param {number} amount @param {string} unit @param {number} most */
function tooLong(verb, amount, unit, most) {
  const may = verb === 'has' ? 'have' : 'take';
  const [is, limit] = [amount, most].map((number) => number.toLocaleString('en'));
  return {
    words: `The code is too long for a link: it ${verb} ${is} ${unit}, and may ${may} ${limit}. Copy the code, and send it as a file.`,
  };
}

/**
 * Reads the texts of a link.
 * @param {string} packed
 * @returns {Promise<{ texts: Texts } | { words: string }>} words say why there are none
 */
export async function unpack(packed) {
  if (packed.length > MAX_PACKED) return { words: BROKEN };
  const stream = packed[0] === 'z' ? streamOf(globalThis.DecompressionStream) : undefined;
  if (packed[0] === 'z' && !stream) return { words: PACKED };
  try {
    const given = fromBase64(packed.slice(1));
    const bytes = stream ? await through(given, stream, MAX_BYTES) : given;
    const texts = bytes && JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (!isTexts(texts)) return { words: BROKEN };
    // Long before it is gone through, and after what can't be seen has become longer.
    if (lengthOf(texts) > MAX_TEXT) return { words: LONG };
    const shown = texts.map(asShown);
    return lengthOf(shown) > MAX_TEXT || linesOf(shown) > MAX_LINES ? { words: LONG } : { texts: shown };
  } catch {
    return { words: BROKEN };
  }
}

/**
 * A stream that packs, or unpacks; undefined in a browser without it, or without this method.
 * @template {CompressionStream | DecompressionStream} Stream
 * @param {(new (method: CompressionFormat) => Stream) | undefined} Kind
 */
function streamOf(Kind) {
  try {
    return Kind && new Kind(METHOD);
  } catch {
    return undefined;
  }
}

/** @param {string | null} text */
const asShown = (text) => text && visible(text.replaceAll(/\r\n?/g, '\n'));

/** @param {unknown} texts @returns {texts is Texts} */
const isTexts = (texts) =>
  Array.isArray(texts) &&
  texts.every((text) => text === null || typeof text === 'string') &&
  texts.some((text) => text !== null);

/** @param {Texts} texts */
const lengthOf = (texts) => texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);

/** @param {Texts} texts */
const linesOf = (texts) => texts.reduce((sum, text) => sum + (text?.split('\n').length ?? 0), 0);

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionStream | DecompressionStream} stream
 * @param {number} most bytes that may come of them
 * @returns {Promise<Uint8Array<ArrayBuffer> | undefined>} undefined if there are more
 */
async function through(bytes, stream, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    length += value.length;
    if (length > most) {
      // What it holds is not waited for.
      reader.cancel().catch(() => {});
      return undefined;
    }
    parts.push(value);
  }
}

/** @param {Uint8Array} bytes */
const toBase64 = (bytes) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** @param {string} text */
const fromBase64 = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));

/** Copies a link with the reader's text of a demo, and says what came of it. @param {Demo} demo */
export async function copyLink(demo) {
  const { element, files, note } = demo;
  const result = await pack(files.map(({ isEdited, code }) => (isEdited ? code : null)));
  if ('words' in result) return note(result.words);
  const fragment = `#${element.id}${SIGN}${result.packed}`;
  if (await copy(addressOf(element.id) + SIGN + result.packed)) {
    return note(
      'A link with your code is in the clipboard. Whoever opens it sees the code, and nothing runs by itself.',
    );
  }
  history.replaceState(history.state, '', fragment);
  // The text of a link leaves the address by itself when it is changed.
  if (!hidden.has(demo))
    demo.showInstead(
      files.map(({ code }) => code),
      { word: 'Edited', more: 'the address of this page has it', onedit: () => forget(demo) },
    );
  note('This browser does not allow copying. The address of this page has your code now: copy that.');
}

/** The address of a demo, for others: in a workshop, where they reach it. @param {string} id */
function addressOf(id) {
  const meta = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="guidebook-workshop"]'));
  if (meta?.content) return demoAddress({ workshop: meta.content, root: endpoint(''), page: location.href, id }).href;
  const own = new URL(location.href);
  own.search = '';
  own.hash = id;
  return own.href;
}

/** Shows the text that the address of this page carries, if it does. @param {Demo[]} demos those of the page */
export async function openLink(demos) {
  const { hash } = location;
  const at = hash.indexOf(SIGN);
  if (at < 0) return;
  const id = idIn(hash.slice(1, at));
  const demo = demos.find(({ element }) => element.id === id);
  if (!demo) {
    history.replaceState(history.state, '', location.pathname + location.search);
    demos[0]?.note('The link has code for a demo that this page does not have.');
    return;
  }
  demo.comeIntoView();
  const result = await unpack(hash.slice(at + SIGN.length));
  if (location.hash !== hash) return;
  if (!('words' in result) && result.texts.length === demo.files.length) return offer(demo, result.texts);
  forget(demo);
  demo.note('words' in result ? result.words : OTHER_FILES);
}

/** A text of the link does not stay in the address, where a reload would show it again. @param {Demo} demo */
function forget({ element }) {
  history.replaceState(history.state, '', `#${element.id}`);
}

/** @param {string} text */
function idIn(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** The reader's own texts of demos that show those of a link, of all files. @type {WeakMap<Demo, string[]>} */
const hidden = new WeakMap();

/**
 * Shows texts of a link, which are kept only when the reader changes one. Their own edit stays until they ask for the other, and can be shown again.
 * @param {Demo} demo @param {Texts} texts one for each file
 */
function offer(demo, texts) {
  const { files, note } = demo;
  const linked = files.map(({ bookCode }, index) => texts[index] ?? bookCode);
  // Of a link over another, not the text of the first.
  const mine = hidden.get(demo) ?? files.map(({ code }) => code);
  const hasOwn = files.some(({ bookCode }, index) => mine[index] !== bookCode);
  const names = files.filter(({ bookCode }, index) => linked[index] !== bookCode).map(({ name }) => name);
  const which = files.length > 1 && names.length > 0 ? ` of ${names.join(' and ')}` : '';
  /** @type {import('./demo.js').Instead} */
  const changed = {
    word: 'Edited',
    more: 'Reset brings back your own',
    onedit: () => changed,
    reset: takeBack,
    action: 'Show mine',
    act: takeBack,
  };
  if (linked.every((text, index) => text === mine[index])) {
    hidden.delete(demo);
    demo.showInstead(mine, undefined);
    forget(demo);
  } else if (hasOwn) showMine();
  else showLinked();

  function showLinked() {
    hidden.set(demo, mine);
    demo.showInstead(linked, {
      word: 'From a link',
      more: 'read it before you run it',
      onedit: onchange,
      reset: hasOwn ? showMine : takeBack,
      ...(hasOwn && { action: 'Show mine', act: showMine }),
    });
    const own = hasOwn ? 'your own edit, which is kept until you change this one' : 'the text of the book';
    note(`This code${which} came by a link: read it before you run it. Reset brings back ${own}.`);
  }

  function showMine() {
    hidden.delete(demo);
    demo.showInstead(mine, {
      word: 'Edited',
      more: 'a link has other code',
      onedit: () => forget(demo),
      action: 'Show theirs',
      act: showLinked,
    });
    note(`A link brought other code${which} for this demo. Your own edit stays until you ask for theirs.`);
  }

  /** The reader has changed one of the texts: all are theirs now, and kept. The own edit from before is in this page only. */
  function onchange() {
    hidden.delete(demo);
    forget(demo);
    files.forEach((file, index) => linked[index] !== mine[index] && file.save());
    return hasOwn ? changed : undefined;
  }

  function takeBack() {
    hidden.delete(demo);
    forget(demo);
    demo.writeAll(mine);
    note(
      hasOwn
        ? 'Your own edit is back. Reset brings back the text of the book.'
        : `${files.length > 1 ? 'These are the texts' : 'This is the text'} of the book again.`,
    );
  }
}
