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
  const isMet = goals.map(() => false);
  let isSolved = false;

  return {
    /** Looks at the run once more. @param {Run} run @returns {{ states: State[], isSolved: boolean, isOver: boolean }} */
    look(run) {
      if (!isSolved) {
        goals.forEach(({ met }, i) => (isMet[i] ||= met !== undefined && isTrue(met, run)));
        isSolved = goals.length > 0 && goals.every(({ holds }, i) => (holds ? isTrue(holds, run) : isMet[i]));
      }
      const isOver = isSolved || run.elapsed >= most;
      return { states: goals.map((goal, i) => stateOf(goal, isMet[i], run)), isSolved, isOver };

      /** @param {Goal} goal @param {boolean} wasMet @param {Run} run @returns {State} */
      function stateOf({ holds }, wasMet, run) {
        if (isSolved || wasMet) return 'met';
        if (holds && !isTrue(holds, run)) return 'missed';
        return isOver && !holds ? 'missed' : 'open';
      }
    },
  };
}

/** A goal that fails is not met: it may meet events that its author did not think of. @param {(run: Run) => boolean} goal @param {Run} run */
function isTrue(goal, run) {
  try {
    return goal(run) === true;
  } catch {
    return false;
  }
}
