// @ts-check
// A talk: which section of a chapter is on, and how much time each has had. It goes on where it was after the page was loaded again, and a laptop that slept
// has lost that time as everybody has. Pure: the clock is given to it.
//
// May import: nothing.

/** @typedef {import('./speaker-notes.js').Chapter} Chapter */
/** @typedef {import('./speaker-notes.js').Section} Section */

/**
 * Where the talk is. Times are in ms; `spent` and `planned` are of the section, the others of the chapter.
 * @typedef {object} Moment
 * @property {Chapter} chapter
 * @property {Section} section
 * @property {number} number of the section, from 1
 * @property {number} count of sections
 * @property {boolean} isRunning
 * @property {number} spent
 * @property {number} planned
 * @property {number} spentInAll
 * @property {number} plannedInAll
 */

const MINUTE = 60_000;

/**
 * @param {Chapter[]} chapters
 * @param {() => number} now the time of day, in ms
 * @param {string} [kept] what `keep` has returned
 */
export function createTalk(chapters, now, kept = '') {
  let { page, at, spent, since } = keptIn(kept, chapters, now());

  const current = () => chapters.find((chapter) => chapter.page === page);

  /** Books the time since the clock began, or was booked last. */
  function book() {
    if (since === undefined) return;
    // The clock of the machine may have been set back.
    spent[at] = (spent[at] ?? 0) + Math.max(0, now() - since);
    since = now();
  }

  return {
    /** Where it is; undefined as long as no chapter is chosen. @returns {Moment | undefined} */
    get moment() {
      const chapter = current();
      if (!chapter) return undefined;
      book();
      const { sections } = chapter;
      const sum = (/** @type {number[]} */ numbers) => numbers.reduce((all, one) => all + one, 0);
      return {
        chapter,
        section: sections[at],
        number: at + 1,
        count: sections.length,
        isRunning: since !== undefined,
        spent: spent[at] ?? 0,
        planned: sections[at].minutes * MINUTE,
        spentInAll: sum(spent),
        plannedInAll: sum(sections.map(({ minutes }) => minutes * MINUTE)),
      };
    },

    /** Begins a chapter anew, with its clock at zero; ends the talk if there is no such chapter. @param {string} chosen its page */
    choose(chosen) {
      page = chapters.some((chapter) => chapter.page === chosen) ? chosen : '';
      at = 0;
      spent = current()?.sections.map(() => 0) ?? [];
      since = undefined;
    },

    /** Starts the clock, or stops it for a break. */
    toggle() {
      book();
      since = since === undefined && current() ? now() : undefined;
    },

    /** Goes on by this many sections, also back. @param {number} by @returns {boolean} whether there is one */
    move(by) {
      if (!current()?.sections[at + by]) return false;
      book();
      at += by;
      return true;
    },

    /** What the page keeps of it. */
    keep() {
      book();
      return page === '' ? '' : JSON.stringify({ page, at, spent, since });
    },
  };
}

/**
 * A talk that was kept, if the book still has its chapter with as many sections.
 * @param {string} text @param {Chapter[]} chapters @param {number} now
 * @returns {{ page: string, at: number, spent: number[], since: number | undefined }}
 */
function keptIn(text, chapters, now) {
  const none = { page: '', at: 0, spent: [], since: undefined };
  /** @type {any} */
  let kept;
  try {
    kept = JSON.parse(text);
  } catch {
    return none;
  }
  const chapter = chapters.find(({ page }) => page === kept?.page);
  const isTime = (/** @type {unknown} */ ms) => typeof ms === 'number' && ms >= 0;
  const isSound =
    Number.isInteger(kept?.at) &&
    chapter?.sections[kept.at] &&
    Array.isArray(kept.spent) &&
    kept.spent.length === chapter.sections.length &&
    kept.spent.every(isTime);
  if (!isSound) return none;
  const { page, at, spent, since } = kept;
  return { page, at, spent, since: isTime(since) && since <= now ? since : undefined };
}
