// @ts-check
// Says which goals of an exercise a run has met. Pure: a goal is a function of what happened (code/goals.js has the words for them).
//
// May import: nothing.

/** @typedef {import('../../../code/goals.js').Goal} Goal */
/** @typedef {import('../../../code/goals.js').Run} Run */

/** Goals of one exercise that are read. */
const MAX_GOALS = 12;

/**
 * `open`: not yet. `missed`: not in time, or spoilt. A goal that must hold is open until all others are met, because it may still be broken.
 * @typedef {'open' | 'met' | 'missed'} State
 */

/**
 * The goals of a module, without those that are none.
 * @param {unknown} list
 * @returns {Goal[]}
 */
export function goalsOf(list) {
  if (!Array.isArray(list)) return [];
  return list
    .filter((goal) => typeof goal?.says === 'string' && typeof goal.missed === 'string')
    .filter(({ met, holds }) => (typeof met === 'function') !== (typeof holds === 'function'))
    .slice(0, MAX_GOALS);
}

/**
 * Creates the judge of one run.
 * @param {Goal[]} goals
 * @param {number} most ms that a run has
 */
export function createJudge(goals, most) {
  /** Which goals are met, or hold, as of the last look. */
  let isTrueOf = goals.map(() => false);
  let isSolved = false;

  return {
    /** Looks at the run once more. @param {Run} run @returns {{ states: State[], isSolved: boolean, isOver: boolean }} */
    look(run) {
      if (!isSolved) {
        isTrueOf = goals.map(({ met, holds }, i) => (met ? isTrueOf[i] || isTrue(met, run) : isTrue(holds, run)));
        isSolved = goals.length > 0 && isTrueOf.every(Boolean);
      }
      const isOver = isSolved || run.elapsed >= most;
      return { states: goals.map((goal, i) => stateOf(goal, isTrueOf[i], isOver)), isSolved, isOver };
    },
  };

  /** @param {Goal} goal @param {boolean} isSo @param {boolean} isOver @returns {State} */
  function stateOf({ met }, isSo, isOver) {
    if (isSolved || (met && isSo)) return 'met';
    if (met) return isOver ? 'missed' : 'open';
    return isSo ? 'open' : 'missed';
  }
}

/**
 * A goal that fails is not met: it may meet events that its author did not think of.
 * @param {((run: Run) => boolean) | undefined} goal @param {Run} run
 */
function isTrue(goal, run) {
  try {
    return goal?.(run) === true;
  } catch {
    return false;
  }
}
