import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf } from '../../../book/stage/exercise/broken.js';
import { createJudge, goalsOf } from '../../../book/stage/exercise/judge.js';
import { timelineIn, wordsOf } from '../../../code/test-network/timeline.js';

/** A run of which only the time matters here. */
const runAt = (elapsed, said = []) => ({
  model: { connections: [], sockets: [], left: {} },
  events: [],
  said,
  readings: [],
  elapsed,
});

const goal = (parts) => ({ says: 'It is so.', missed: 'Look.', ...parts });

test('a goal that was met once stays met, and all goals make a solution', () => {
  const first = goal({ met: ({ said }) => said.includes('first') });
  const second = goal({ met: ({ said }) => said.includes('second') });
  const judge = createJudge([first, second], 5_000);
  assert.deepEqual(judge.look(runAt(10)), { states: ['open', 'open'], isSolved: false, isOver: false });
  assert.deepEqual(judge.look(runAt(20, ['first'])).states, ['met', 'open']);
  assert.deepEqual(judge.look(runAt(30, ['second'])), { states: ['met', 'met'], isSolved: true, isOver: true });
});

test('what has to hold is judged when all others are met, and is missed as soon as it is broken', () => {
  const met = goal({ met: ({ said }) => said.includes('done') });
  const holds = goal({ holds: ({ said }) => !said.includes('failed') });
  const judge = createJudge([met, holds], 5_000);
  assert.deepEqual(judge.look(runAt(10)).states, ['open', 'open']);
  assert.deepEqual(judge.look(runAt(20, ['failed', 'done'])), {
    states: ['met', 'missed'],
    isSolved: false,
    isOver: false,
  });
  assert.equal(judge.look(runAt(30, ['done'])).isSolved, true);
});

test('what is not met in time is missed, and can be met all the same', () => {
  const judge = createJudge([goal({ met: ({ said }) => said.includes('late') })], 5_000);
  assert.deepEqual(judge.look(runAt(5_000)), { states: ['missed'], isSolved: false, isOver: true });
  assert.equal(judge.look(runAt(6_000, ['late'])).isSolved, true);
});

test('a goal that fails is not met, and without goals nothing is solved', () => {
  const fails = goal({
    met: () => {
      throw new Error('it did not think of this');
    },
  });
  assert.deepEqual(createJudge([fails], 1).look(runAt(0)).states, ['open']);
  assert.equal(createJudge([], 1).look(runAt(9)).isSolved, false);
});

test('what is no goal is left out', () => {
  const good = goal({ met: () => true });
  const bad = [undefined, {}, goal({}), goal({ met: () => true, holds: () => true }), { says: 'x', met: () => true }];
  assert.deepEqual(goalsOf([...bad, good]), [good]);
  assert.deepEqual(goalsOf('goals'), []);
});

test('a bad line of an exercise is a whole one, with what is different one way', () => {
  const [fault, line] = faultsOf([
    { id: 'lose-offer' },
    { id: 'bad-line', line: { both: { delay: 100 }, back: { loss: 5 }, seed: 7, timeline: 'cut at 2 s, mend at 5 s' } },
  ]);
  assert.deepEqual(fault, { id: 'lose-offer', amounts: {} });
  assert.deepEqual([line.line.a_to_b.delay, line.line.a_to_b.loss, line.line.b_to_a.loss], [100, 0, 5]);
  assert.equal(line.line.seed, 7);
  assert.deepEqual(
    line.line.timeline.map(({ at }) => at),
    [2, 5],
  );
});

test('a timeline is written as it is read', () => {
  for (const words of ['cut at 2 s, mend at 5 s', 'out loss 20 at 3 s, in rate 500 at 8.5 s'])
    assert.equal(wordsOf(timelineIn(words).steps), words);
});
