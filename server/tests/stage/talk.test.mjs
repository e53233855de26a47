// @ts-check
// The presenter's sections and clock, what is said of them, and the notes as the page takes them from the server.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bringToSection } from '../../../book/stage/host/host-requests.js';
import { figuresOf } from '../../../book/stage/host/host-summary.js';
import { chaptersIn } from '../../../book/stage/host/speaker-notes.js';
import { createTalk } from '../../../book/stage/host/talk.js';
import {
  attendeesOn,
  namesWords,
  sectionSentence,
  sectionWords,
  thereWords,
  timeWords,
} from '../../../book/stage/host/talk-words.js';

const MINUTE = 60_000;
const PAGE = 'connecting/index.html';

/** @param {string} title @param {number} minutes */
const section = (title, minutes) => ({ title, id: title.toLowerCase(), minutes, paragraphs: [`Say ${title}.`] });
const CHAPTERS = [
  { page: PAGE, title: 'Connecting', sections: [section('One', 5), section('Two', 10), section('Three', 2)] },
  { page: 'network/ice.html', title: 'ICE', sections: [section('Ice', 3)] },
];

/** A talk whose clock stands still until it is told. @param {string} [kept] */
function talkAt(kept) {
  const clock = { now: 1_000_000 };
  const talk = createTalk(CHAPTERS, () => clock.now, kept);
  return {
    talk,
    /** @param {number} ms */
    pass: (ms) => {
      clock.now += ms;
    },
    get moment() {
      assert.ok(talk.moment);
      return talk.moment;
    },
  };
}

test('no chapter is presented until one is chosen', () => {
  const { talk } = talkAt();
  assert.equal(talk.moment, undefined);
  assert.equal(talk.move(1), false);
  talk.toggle();
  talk.choose('elsewhere.html');
  assert.equal(talk.moment, undefined);
  assert.equal(talk.keep(), '');
});

test('each section has its own time, and one that is come back to goes on', () => {
  const at = talkAt();
  at.talk.choose(PAGE);
  at.pass(MINUTE);
  assert.equal(at.moment.spent, 0, 'before the clock is started');
  at.talk.toggle();
  at.pass(3 * MINUTE);
  assert.equal(at.moment.spent, 3 * MINUTE);
  assert.equal(at.talk.move(1), true);
  at.pass(MINUTE);
  assert.deepEqual(
    [
      at.moment.number,
      at.moment.count,
      at.moment.spent,
      at.moment.planned,
      at.moment.spentInAll,
      at.moment.plannedInAll,
    ],
    [2, 3, MINUTE, 10 * MINUTE, 4 * MINUTE, 17 * MINUTE],
  );
  at.talk.move(-1);
  at.pass(MINUTE);
  assert.equal(at.moment.spent, 4 * MINUTE);
});

test('a break stops the clock, and sections can be turned in it', () => {
  const at = talkAt();
  at.talk.choose(PAGE);
  at.talk.toggle();
  at.pass(MINUTE);
  at.talk.toggle();
  at.pass(30 * MINUTE);
  at.talk.move(1);
  at.pass(30 * MINUTE);
  assert.deepEqual([at.moment.isRunning, at.moment.spent, at.moment.spentInAll], [false, 0, MINUTE]);
});

test('there is nothing before the first section and behind the last', () => {
  const at = talkAt();
  at.talk.choose(PAGE);
  assert.equal(at.talk.move(-1), false);
  assert.deepEqual([at.talk.move(1), at.talk.move(1), at.talk.move(1)], [true, true, false]);
  assert.equal(at.moment.section.title, 'Three');
});

test('a page that is loaded again goes on where the talk was, with the time that has passed', () => {
  const at = talkAt();
  at.talk.choose(PAGE);
  at.talk.toggle();
  at.pass(MINUTE);
  at.talk.move(1);
  const later = createTalk(CHAPTERS, () => 1_000_000 + 3 * MINUTE, at.talk.keep()).moment;
  assert.deepEqual(
    [later?.number, later?.isRunning, later?.spent, later?.spentInAll],
    [2, true, 2 * MINUTE, 3 * MINUTE],
  );
  const setBack = createTalk(CHAPTERS, () => 1_000_000, at.talk.keep()).moment;
  assert.deepEqual([setBack?.number, setBack?.isRunning, setBack?.spent], [2, false, 0], 'no time runs backwards');
});

test('what was kept of another book is no talk', () => {
  const sound = { page: PAGE, at: 1, spent: [1, 2, 3] };
  assert.equal(talkAt(JSON.stringify(sound)).moment.number, 2);
  for (const kept of [
    '',
    'nonsense',
    'null',
    '7',
    JSON.stringify({ ...sound, page: 'gone.html' }),
    JSON.stringify({ ...sound, at: 3 }),
    JSON.stringify({ ...sound, at: 'constructor' }),
    JSON.stringify({ ...sound, spent: [1, 2] }),
    JSON.stringify({ ...sound, spent: [1, -2, 3] }),
    JSON.stringify({ ...sound, spent: undefined }),
  ])
    assert.equal(talkAt(kept).talk.moment, undefined, kept);
});

test('the clock is told against the plan', () => {
  assert.equal(timeWords(0, 5 * MINUTE), '0:00 of 5 min');
  assert.equal(timeWords(200_999, 5 * MINUTE), '3:20 of 5 min');
  assert.equal(timeWords(5 * MINUTE, 5 * MINUTE), '5:00 of 5 min');
  assert.equal(timeWords(370_500, 5 * MINUTE), '6:10 of 5 min, 1:10 over');
  const at = talkAt();
  at.talk.choose(PAGE);
  assert.equal(sectionWords(at.moment), '1 of 3: One');
  assert.equal(sectionSentence(at.moment), '1 of 3: One, 5 min.');
});

/** @param {string} name @param {Record<string, unknown>} [change] */
const attendee = (name, change) => /** @type {any} */ ({ name, here: true, shares: true, page: PAGE, ...change });

test('who is on the page is counted of those who are here and share', () => {
  const found = attendeesOn(
    [
      attendee('Birch'),
      attendee('Ash'),
      attendee('Gone', { here: false }),
      attendee('Cedar', { page: 'index.html' }),
      attendee('Secret', { shares: false, page: '' }),
    ],
    PAGE,
  );
  assert.deepEqual(found, { there: ['Ash', 'Birch'], elsewhere: ['Cedar'], unknown: 1 });
  assert.equal(thereWords(found), '2 of 3 are on this page. Of 1 more it is not known: they don’t share.');
  assert.equal(thereWords({ there: ['Ash'], elsewhere: [], unknown: 0 }), 'Everybody is on this page: 1.');
  assert.equal(thereWords({ there: [], elsewhere: [], unknown: 0 }), 'Nobody is here yet.');
  assert.equal(thereWords({ there: [], elsewhere: [], unknown: 2 }), 'Nobody who is here shares a page.');
  const many = Array.from({ length: 33 }, (_, number) => `A${number}`);
  assert.match(namesWords(many), /, A29 and 3 more$/);
});

test('the projector is told how many are on the page, and no name', () => {
  const counts = { here: 3, hands: 0, errors: 0, alone: 0, connected: 0, solved: 0, pairs: 0 };
  assert.equal(figuresOf(counts).length, 5);
  assert.deepEqual(figuresOf(counts, 2).at(-1), [2, 'on the page']);
});

test('everybody is brought to the heading of a section', () => {
  const request = bringToSection({ page: PAGE, title: 'Connecting' }, { title: 'Über „ICE“', id: 'über-ice' });
  assert.ok('message' in request);
  assert.deepEqual(request.message, {
    type: 'bring',
    place: `${PAGE}#%C3%BCber-ice`,
    title: 'Connecting › Über „ICE“',
  });
  const long = bringToSection({ page: PAGE, title: 'T'.repeat(200) }, { title: '', id: 'ü'.repeat(60) });
  assert.ok('message' in long);
  assert.deepEqual([long.message.place, String(long.message.title).length], [PAGE, 100]);
});

test('notes are text within bounds, whatever comes', () => {
  const given = {
    chapters: [
      {
        page: 'part/ünï cödé.html',
        title: 'Names',
        sections: [{ title: 'A\u202eb', id: 'a', minutes: 5, paragraphs: ['<b>x</b>', 7] }],
      },
      { page: 'empty.html', title: 'Empty', sections: [] },
      { page: '', title: 'Nowhere', sections: [{ title: 'x' }] },
      null,
    ],
  };
  assert.deepEqual(chaptersIn(given), [
    {
      page: 'part/%C3%BCn%C3%AF%20c%C3%B6d%C3%A9.html',
      title: 'Names',
      sections: [{ title: 'A[U+202E]b', id: 'a', minutes: 5, paragraphs: ['<b>x</b>', ''] }],
    },
  ]);
  for (const wrong of [undefined, null, 7, {}, { chapters: 7 }]) assert.deepEqual(chaptersIn(wrong), []);
  const [wild] = chaptersIn({
    chapters: [{ page: 'a.html', sections: [{ minutes: Infinity, paragraphs: ['x'.repeat(9_000)] }] }],
  });
  assert.deepEqual([wild.sections[0].minutes, wild.sections[0].paragraphs[0].length], [0, 5_000]);
});
