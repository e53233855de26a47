// @ts-check
// A file that a demo has made, which its frame can't save, as the page offers it: its name, its size in words, and how many are kept. The code may be
// anybody's, and so are the name and the type. Pure.
//
// May import: nothing.

/** Bytes of one file, and of all that a console offers. The runner has the same bound (runner/made-files.js). */
export const MAX_BYTES = 50 * 1_024 * 1_024;
/** Files that a console offers. */
export const MAX_FILES = 20;
/** Characters of a name. */
const MAX_NAME = 80;
/** Characters of an ending, such as `.webm`, that is kept when a name is cut. */
const MAX_ENDING = 12;

/** What a file is called that has no name that can be used. */
const NAMELESS = 'file';
/** Always saved, never opened: whatever type the demo gave it. */
const TYPE = 'application/octet-stream';

/** Characters that nobody sees, or that change the order of others. The last is a braille pattern without a dot, which counts as a symbol. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;
/** Characters that some system does not take in a name. */
const FORBIDDEN = /[<>:"|?*]/g;
/** Names of devices, in Windows. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** @typedef {{ name: string, size: number, blob: Blob | undefined }} MadeFile the bytes are gone when others had to be kept */

/** Checks what a frame hands over. @param {any} file @returns {MadeFile | undefined} */
export function madeFileOf(file) {
  const blob = file?.blob;
  if (!(blob instanceof Blob) || blob.size > MAX_BYTES) return undefined;
  return { name: nameOf(file.name), size: blob.size, blob: blob.slice(0, blob.size, TYPE) };
}

/** A name without folders, that each system takes, and in which all can be seen. @param {unknown} given */
export function nameOf(given) {
  const text = typeof given === 'string' ? given.slice(0, 1_000) : '';
  const last = text.replaceAll(HIDDEN, '').split(/[/\\]/).at(-1) ?? '';
  const plain = last.replaceAll(FORBIDDEN, '_').replaceAll(/\s+/g, ' ');
  // At its head a dot would hide the file; at its end some systems drop it.
  const name = cut(plain.replace(/^[. ]+/, '')).replace(/[. ]+$/, '');
  if (!name) return NAMELESS;
  return DEVICE.test(name) ? `_${name}` : name;
}

/** Cuts a name that is too long, and keeps its ending. @param {string} name */
function cut(name) {
  const characters = [...name];
  if (characters.length <= MAX_NAME) return name;
  const ending = [...(/\.[^. ]+$/.exec(name)?.[0] ?? '')];
  const kept = ending.length <= MAX_ENDING ? ending : [];
  return [...characters.slice(0, MAX_NAME - kept.length), ...kept].join('');
}

/** “512 bytes”, “41 KiB”, “1.2 MiB”. @param {number} bytes */
export function sizeInWords(bytes) {
  if (bytes < 1_024) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const kibibytes = Math.round(bytes / 1_024);
  return kibibytes < 1_024 ? `${kibibytes} KiB` : `${(bytes / 1_024 / 1_024).toFixed(1)} MiB`;
}

/**
 * Which files have to go, so that the newest can be kept.
 * @template {{ size: number }} T
 * @param {T[]} files the oldest first
 * @returns {T[]}
 */
export function tooMany(files) {
  let bytes = 0;
  return [...files].reverse().filter(({ size }, index) => {
    bytes += size;
    return index >= MAX_FILES || bytes > MAX_BYTES;
  });
}
