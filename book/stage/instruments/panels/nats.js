// @ts-check
// What is in the “NATs” panel: the NAT labs that the code of a run has opened, as they are now; of a recording, as they were when it was saved.
//
// May import: connection-choice.js, lab-view.js, ../model/, ../../dom.js, ../../line/.

import { el } from '../../dom.js';
import { natsOf, Refusal } from '../../line/line-requests.js';
import { labOf } from '../model/lab-report.js';
import { seconds, summaryOfLab } from '../model/lab-words.js';
import { createConnectionChoice } from './connection-choice.js';
import { createLabView } from './lab-view.js';

/** Labs that are shown, the newest. */
const MAX_LABS = 10;

/** @typedef {import('../model/lab-report.js').Lab} Lab */
/** @typedef {{ title: string, view: ReturnType<typeof createLabView>, lab: Lab | undefined, isOver: boolean }} Shown */

/** Creates what is in the panel. @param {() => string[]} openLabs the ids of those that the code has open */
export function createNats(openLabs) {
  const empty = el('p', { class: 'note' }, 'No lab: the code opens one with openLab of test-network.');
  const choice = createConnectionChoice(show, 'all labs');
  const body = el('div');
  const element = el('div', { class: 'nats' }, empty, choice.element, body);
  /** Labs of the run by their ids. @type {Map<string, Shown>} */
  const ofRun = new Map();
  /** Those of a recording, and what they were made of. @type {Map<string, Shown>} */
  let ofRecording = new Map();
  /** @type {unknown[] | undefined} */
  let saved;
  let opened = 0;
  /** The answers that are waited for. @type {Promise<void> | undefined} */
  let asking;

  function show() {
    const all = saved ? ofRecording : ofRun;
    empty.hidden = all.size > 0;
    choice.offer([...all].map(([id, { title }]) => ({ id, title })));
    const elements = [...all].flatMap(([id, { view }]) => (choice.isShown(id) ? view.element : []));
    // Moved only if it has to be: what has the focus would lose it.
    if (elements.length !== body.children.length || elements.some((one, i) => body.children[i] !== one))
      body.replaceChildren(...elements);
  }

  /** @param {string} id */
  function add(id) {
    opened += 1;
    const title = `Lab ${opened} of the code`;
    ofRun.set(id, { title, view: createLabView(title), lab: undefined, isOver: false });
    const [oldest] = ofRun.keys();
    if (ofRun.size > MAX_LABS) ofRun.delete(oldest);
  }

  /** Asks for labs of the run, unless answers are still waited for. @param {(id: string) => boolean} isWanted */
  function ask(isWanted) {
    asking ??= askFor(isWanted).finally(() => {
      asking = undefined;
    });
    return asking;
  }

  /** @param {(id: string) => boolean} isWanted */
  async function askFor(isWanted) {
    const open = openLabs();
    for (const id of open.slice(-MAX_LABS)) if (!ofRun.has(id)) add(id);
    show();
    const asked = [...ofRun].map(async ([id, shown]) => {
      if (!open.includes(id)) end(shown);
      else if (isWanted(id) && !shown.isOver) await look(id, shown);
    });
    await Promise.all(asked);
  }

  /** @param {string} id @param {Shown} shown */
  async function look(id, shown) {
    try {
      const lab = labOf(await natsOf(id));
      if (!lab) return;
      shown.lab = lab;
      shown.view.show(lab, summaryOfLab(lab));
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) end(shown);
      else shown.view.say(error instanceof Refusal ? error.message : 'The server does not answer.');
    }
  }

  return {
    element,
    ask: () => ask(choice.isShown),

    /** Asks for all of them, as before they are saved. */
    async askAll() {
      await asking;
      await ask(() => true);
    },

    /** The labs of the run as they were seen last, to be saved. */
    get kept() {
      return [...ofRun.values()].flatMap(({ lab }) => lab ?? []);
    },

    /** @param {Pick<import('./panel.js').View, 'labs'>} view */
    draw({ labs }) {
      if (labs === saved) return;
      saved = labs;
      ofRecording = new Map((labs ?? []).slice(0, MAX_LABS).flatMap(recorded));
      show();
    },

    /** Another run has begun. */
    clear() {
      opened = 0;
      ofRun.clear();
      show();
    },
  };
}

/** The lab is there no longer. @param {Shown} shown */
function end(shown) {
  shown.isOver = true;
  shown.view.say(
    shown.lab
      ? `The lab has ended. So it was ${seconds(shown.lab.seconds)} after it was opened.`
      : 'The lab has ended before it was seen.',
  );
}

/** @param {unknown} report @param {number} index @returns {[string, Shown][]} */
function recorded(report, index) {
  const lab = labOf(report);
  if (!lab) return [];
  const title = `Lab ${index + 1} of the recording`;
  const view = createLabView(title);
  view.show(lab, `As it was when it was saved, ${seconds(lab.seconds)} after it was opened.`);
  return [[String(index), { title, view, lab, isOver: true }]];
}
