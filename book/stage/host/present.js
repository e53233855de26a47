// @ts-check
// *Present*: the speaker's notes of a chapter, section by section, with a clock against the plan, and who is on its page already. The notes are text.
//
// May import: host-requests.js, speaker-notes.js, talk-words.js, talk.js, ../dom.js, ../put-text.js, ../root.js.

import { button, el } from '../dom.js';
import { put } from '../put-text.js';
import { endpoint } from '../root.js';
import { bringToSection } from './host-requests.js';
import { askNotes } from './speaker-notes.js';
import { createTalk } from './talk.js';
import { attendeesOn, namesWords, sectionSentence, sectionWords, thereWords, timeWords } from './talk-words.js';

/** Where the tab keeps the talk: when the page is loaded again, its clock goes on. */
const KEPT = 'guidebook-talk';
/** The tab in which places of the talk are opened, always the same. */
const TAB = 'guidebook-presented';
/** Keys, while the keyboard is in this part; the last of each is that of a presenter's remote. */
const NEXT_KEYS = ['n', 'pagedown'];
const BACK_KEYS = ['b', 'pageup'];

/** @typedef {import('./host-view.js').Attendee} Attendee */

/**
 * @param {object} hooks
 * @param {(request: import('./host-requests.js').HostRequest) => boolean} hooks.act sends it
 * @param {(words: string) => void} hooks.say to the host
 * @param {() => void} hooks.onchange another section is on
 * @param {AbortSignal} signal ends it
 */
export function createPresent({ act, say, onchange }, signal) {
  let talk = createTalk([], Date.now);
  /** Whether the notes have come: before that, what is kept stays as it is. */
  let isKnown = false;
  const chapter = el('select', { 'data-tool': 'chapter' });
  const state = el('span', { class: 'host-present-state', role: 'status' });
  const again = button('Try again', lookAgain);
  const title = el('h3', { class: 'host-present-title' });
  const time = el('span', { class: 'host-present-time', role: 'timer' });
  const timeInAll = el('span', { class: 'host-present-in-all' });
  const back = button('Previous (B)', () => go(-1));
  const next = button('Next section (N)', () => go(1), { class: 'primary' });
  const clock = button('Start the clock', toggle);
  const link = el('a', { target: TAB }, 'Open in the book');
  const notes = el('div', { class: 'host-present-notes' });
  const there = el('p', { class: 'host-present-there' });
  const names = el('p', { class: 'host-present-names' });
  const others = el('p', { class: 'host-present-names' });
  const body = el(
    'div',
    { class: 'host-present-body', hidden: '' },
    title,
    el('p', { class: 'host-present-clock' }, time, ' ', timeInAll),
    el('div', { class: 'host-bar', role: 'group', 'aria-label': 'Sections' }, back, next, clock),
    notes,
    el('div', { class: 'host-bar' }, button('Bring everyone here', bring), link),
    there,
    names,
    others,
    el('p', { class: 'host-hint' }, 'Keys, while the keyboard is in this part: N or Page Down, and B or Page Up.'),
  );
  const element = el(
    'section',
    { class: 'host-present', 'aria-label': 'Present' },
    el('h2', {}, 'Present'),
    el('div', { class: 'host-bar' }, el('label', {}, 'Chapter ', chapter), again, state),
    body,
  );
  /** The section whose notes are drawn. @type {import('./speaker-notes.js').Section | undefined} */
  let drawn;

  chapter.addEventListener('change', choose);
  element.addEventListener('keydown', onkey);
  addEventListener('pagehide', keep, { signal });
  offer([]);
  look();

  return {
    element,

    /** How many are on the page of the talk; undefined without one. @param {Attendee[]} attendees */
    countOn(attendees) {
      const { moment } = talk;
      return moment && attendeesOn(attendees, moment.chapter.page).there.length;
    },

    /** Shows the talk as it is now. @param {Attendee[]} attendees */
    show(attendees) {
      const { moment } = talk;
      body.hidden = !moment;
      if (!moment) return;
      put(time, timeWords(moment.spent, moment.planned));
      time.toggleAttribute('data-over', moment.spent > moment.planned);
      put(timeInAll, `The chapter: ${timeWords(moment.spentInAll, moment.plannedInAll)}.`);
      put(clock, moment.isRunning ? 'Stop the clock' : 'Start the clock');
      const found = attendeesOn(attendees, moment.chapter.page);
      put(there, thereWords(found));
      put(names, found.there.length > 0 ? `There: ${namesWords(found.there)}.` : '');
      put(others, found.elsewhere.length > 0 ? `Elsewhere: ${namesWords(found.elsewhere)}.` : '');
      if (moment.section !== drawn) draw(moment);
    },
  };

  /** @param {import('./talk.js').Moment} moment */
  function draw(moment) {
    const { chapter: of, section, number, count } = moment;
    drawn = section;
    put(title, sectionWords(moment));
    back.setAttribute('aria-disabled', String(number === 1));
    next.setAttribute('aria-disabled', String(number === count));
    link.href = endpoint(`${of.page}#${encodeURIComponent(section.id)}`);
    const paragraphs = section.paragraphs.length > 0 ? section.paragraphs : ['This section has a time and no notes.'];
    notes.replaceChildren(...paragraphs.map((text) => el('p', {}, text)));
  }

  /** The button goes away, and the keyboard with it, unless that goes on to what stands beside it. */
  function lookAgain() {
    chapter.focus();
    look();
  }

  async function look() {
    again.hidden = true;
    put(state, 'Looking for notes.');
    const { chapters, words } = await askNotes(signal);
    if (signal.aborted) return;
    again.hidden = chapters !== undefined;
    if (!chapters) return put(state, words || 'The notes did not come.');
    put(state, chapters.length > 0 ? '' : 'No chapter of this book has notes.');
    talk = createTalk(chapters, Date.now, kept());
    isKnown = true;
    offer(chapters);
    onchange();
  }

  /** @param {import('./speaker-notes.js').Chapter[]} chapters */
  function offer(chapters) {
    const options = chapters.map((one) => {
      const minutes = one.sections.reduce((sum, section) => sum + section.minutes, 0);
      return el('option', { value: one.page }, `${one.title}, ${minutes} min`);
    });
    chapter.replaceChildren(el('option', { value: '' }, 'none'), ...options);
    chapter.value = talk.moment?.chapter.page ?? '';
  }

  function choose() {
    talk.choose(chapter.value);
    changed();
  }

  /** @param {number} by */
  function go(by) {
    if (!talk.move(by)) return say(by > 0 ? 'This is the last section.' : 'This is the first section.');
    changed();
  }

  function toggle() {
    talk.toggle();
    keep();
    onchange();
  }

  function changed() {
    keep();
    const { moment } = talk;
    say(moment ? sectionSentence(moment) : 'No chapter is presented.');
    onchange();
  }

  function bring() {
    const { moment } = talk;
    if (moment) act(bringToSection(moment.chapter, moment.section));
  }

  function keep() {
    if (!isKnown) return;
    try {
      sessionStorage.setItem(KEPT, talk.keep());
    } catch {
      // The browser denies storage to this site: a page that is loaded again begins without a talk.
    }
  }

  /** @param {KeyboardEvent} event */
  function onkey(event) {
    const { key, altKey, ctrlKey, metaKey, repeat, target } = event;
    const isForward = NEXT_KEYS.includes(key.toLowerCase());
    const isMeant = isForward || BACK_KEYS.includes(key.toLowerCase());
    // In the list of chapters, letters choose one.
    if (!isMeant || altKey || ctrlKey || metaKey || target === chapter || !talk.moment) return;
    event.preventDefault();
    // A key that is held is one step.
    if (!repeat) go(isForward ? 1 : -1);
  }
}

/** What was kept by an earlier page of this tab. */
function kept() {
  try {
    return sessionStorage.getItem(KEPT) ?? '';
  } catch {
    return '';
  }
}
