// @ts-check
// What the host asks of the server, checked before it is sent: each becomes a message and the sentence that is said once it is sent, or the problem with it.
// The server checks all of it again. Pure.
//
// May import: ../visible.js.

import { visibleLine } from '../visible.js';

/** Characters, as the server counts them. */
export const MAX_NAME = 24;
export const MAX_SAID = 500;
export const MAX_LABEL = 60;
const MAX_TITLE = 100;
const MAX_PLACE = 200;
/** The longest timer, in minutes. */
export const MAX_MINUTES = 240;
/** How many a pair may have that the host makes. */
export const MAX_CHOSEN = 3;

/** @typedef {{ message: Record<string, unknown>, says: string }} Sound */
/** @typedef {Sound | { problem: string }} HostRequest */

/** @param {Record<string, unknown>} message @param {string} says @returns {HostRequest} */
const sound = (message, says) => ({ message, says });
/** @param {string} problem @returns {HostRequest} */
const wrong = (problem) => ({ problem });
const lengthOf = (/** @type {string} */ text) => [...text].length;

/** @param {string} size */
const sizeOf = (size) => (size === '3' ? 3 : 2);

/** @param {string} size as it is chosen, “2” or “3” */
export const pairEveryone = (size) =>
  sound({ type: 'pair-everyone', size: sizeOf(size) }, 'Everybody without a complete pair gets one.');

/** @param {string} size */
export const reshuffle = (size) => sound({ type: 'reshuffle', size: sizeOf(size) }, 'Everybody gets a new pair.');

export const reachAll = () =>
  sound(
    { type: 'reach' },
    'Those who share try to reach each other directly. It takes some seconds, with many a minute.',
  );

/** @param {string[]} ids */
export function pairChosen(ids) {
  if (ids.length < 2) return wrong('Choose two attendees, or three.');
  if (ids.length > MAX_CHOSEN) return wrong(`A pair has two or three: ${ids.length} are chosen.`);
  return sound({ type: 'pair', ids }, 'They get a pair.');
}

/** @param {string} pair */
export const split = (pair) => sound({ type: 'split', pair }, `${pair} is split.`);

/** @param {string} pair @param {boolean} locked */
export const lock = (pair, locked) =>
  sound({ type: 'lock', pair, locked }, locked ? `Nobody else can join ${pair}.` : `${pair} can be joined again.`);

/** @param {{ id: string, name: string }} attendee @param {string} wanted @param {{ id: string, name: string }[]} all */
export function rename({ id, name }, wanted, all) {
  const text = wanted.trim();
  if (text === '') return wrong('A name has at least one character.');
  if (lengthOf(text) > MAX_NAME)
    return wrong(`A name has at most ${MAX_NAME} characters: this one has ${lengthOf(text)}.`);
  if (visibleLine(text) !== text) return wrong('The name has characters that can’t be seen: type it again.');
  const isTaken = all.some((other) => other.id !== id && other.name.toLowerCase() === text.toLowerCase());
  if (isTaken) return wrong(`Somebody else is named ${text}.`);
  return sound({ type: 'rename', id, name: text }, `${name} is renamed to ${text}.`);
}

/** @param {{ id: string, name: string }} attendee */
export const remove = ({ id, name }) => sound({ type: 'remove', id }, `${name} is taken out of the pair.`);

/** @param {{ id: string, name: string }} attendee */
export const lowerHand = ({ id, name }) => sound({ type: 'lower-hand', id }, `The hand of ${name} is lowered.`);

/** A message is one line: attendees see it in a line. @param {string} given */
export function say(given) {
  const text = given.trim().replaceAll(/\s+/g, ' ');
  if (text === '') return wrong('Write a message first.');
  if (lengthOf(text) > MAX_SAID)
    return wrong(`A message has at most ${MAX_SAID} characters: this one has ${lengthOf(text)}.`);
  return sound({ type: 'say', text }, 'The message is sent to everybody.');
}

/** @param {import('./book-places.js').Place | undefined} page @param {string} demo empty for the page from its beginning */
export function bring(page, demo) {
  if (!page) return wrong('Choose a page first.');
  const title = [...(demo ? `${page.title} › ${demo}` : page.title)].slice(0, MAX_TITLE).join('');
  const place = demo ? `${page.path}#demo-${demo}` : page.path;
  return sound({ type: 'bring', place, title }, `Everybody is asked to come to ${title}.`);
}

/**
 * The same to a section of a page.
 * @param {{ page: string, title: string }} chapter @param {{ title: string, id: string }} section
 */
export function bringToSection({ page, title }, section) {
  const place = `${page}#${encodeURIComponent(section.id)}`;
  const whole = [...`${title} › ${section.title}`].slice(0, MAX_TITLE).join('');
  const says = `Everybody is asked to come to ${whole}.`;
  // One that the server would refuse is left at the beginning of the page.
  return sound({ type: 'bring', place: place.length > MAX_PLACE ? page : place, title: whole }, says);
}

/** @param {string} given minutes, as they are typed @param {string} label */
export function timer(given, label) {
  const minutes = Number(given.trim().replace(',', '.'));
  if (given.trim() === '' || !(minutes > 0)) return wrong('How many minutes? Type a number above zero.');
  if (minutes > MAX_MINUTES) return wrong(`A timer has at most ${MAX_MINUTES} minutes.`);
  const text = label.trim().replaceAll(/\s+/g, ' ');
  if (lengthOf(text) > MAX_LABEL) return wrong(`A label has at most ${MAX_LABEL} characters.`);
  const seconds = Math.max(1, Math.round(minutes * 60));
  return sound({ type: 'timer', label: text, seconds }, 'Everybody sees the timer.');
}

export const endTimer = () => sound({ type: 'timer', label: '', seconds: 0 }, 'The timer is taken away.');
