// @ts-check
// The speaker's notes of the book, as the server tells them to a host's session: asked for, checked and bounded. They are the author's, and text all the same.
//
// May import: ../proof.js, ../root.js, ../visible.js.

import { wordsOf } from '../proof.js';
import { endpoint } from '../root.js';
import { visibleLine } from '../visible.js';

const NOTES = endpoint('workshop/host/notes');
/** How long the server may take to answer, in ms. */
const TIMEOUT = 10_000;
/** What is taken of an answer: more than a book has. */
const MAX_CHAPTERS = 500;
const MAX_SECTIONS = 200;
const MAX_PARAGRAPHS = 200;
/** Characters of a title, a path, and a paragraph. The server takes notes of 4,000. */
const MAX_NAME = 300;
const MAX_TEXT = 5_000;
/** The longest time of a section, in minutes. */
const MAX_MINUTES = 240;

/** `id` is the fragment of its heading. @typedef {{ title: string, id: string, minutes: number, paragraphs: string[] }} Section */
/** `page` is its path below the book, as it stands in addresses. @typedef {{ page: string, title: string, sections: Section[] }} Chapter */

/**
 * Asks for the notes.
 * @param {AbortSignal} signal
 * @returns {Promise<{ chapters: Chapter[] | undefined, words: string }>} why there are none, as far as the server says it
 */
export async function askNotes(signal) {
  try {
    const response = await fetch(NOTES, {
      cache: 'no-store',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    });
    if (!response.ok) return { chapters: undefined, words: await wordsOf(response) };
    return { chapters: chaptersIn(await response.json()), words: '' };
  } catch {
    return { chapters: undefined, words: '' };
  }
}

/** The chapters with notes, in the order of the book, each once. @param {any} given parsed @returns {Chapter[]} */
export function chaptersIn(given) {
  const chapters = listIn(given?.chapters, MAX_CHAPTERS).map(chapterIn);
  const sound = chapters.filter(({ page, sections }) => page !== '' && sections.length > 0);
  return [...new Map(sound.map((chapter) => [chapter.page, chapter])).values()];
}

/** @param {any} given @returns {Chapter} */
function chapterIn(given) {
  const page = textIn(given?.page, MAX_NAME);
  return {
    page: encodeURI(page),
    title: textIn(given?.title, MAX_NAME) || page,
    sections: listIn(given?.sections, MAX_SECTIONS).map(sectionIn),
  };
}

/** @param {any} given @returns {Section} */
function sectionIn(given) {
  const minutes = Number.isFinite(given?.minutes) ? given.minutes : 0;
  return {
    title: textIn(given?.title, MAX_NAME),
    id: textIn(given?.id, MAX_NAME),
    minutes: Math.min(Math.max(0, minutes), MAX_MINUTES),
    paragraphs: listIn(given?.paragraphs, MAX_PARAGRAPHS).map((one) => textIn(one, MAX_TEXT)),
  };
}

/** @param {unknown} given @param {number} most @returns {any[]} */
const listIn = (given, most) => (Array.isArray(given) ? given.slice(0, most) : []);

/** @param {unknown} given @param {number} most */
const textIn = (given, most) => (typeof given === 'string' ? visibleLine(given.slice(0, most).toWellFormed()) : '');
