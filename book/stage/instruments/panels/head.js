// @ts-check
// What stands above all panels: the run in one sentence, and in one line the controls of its recording and of files.
//
// May import: file-menu.js, player-bar.js, ../model/, ../../dom.js, ../../visible.js.

import { el } from '../../dom.js';
import { visibleLine } from '../../visible.js';
import { summaryOf } from '../model/summary.js';
import { createFileMenu } from './file-menu.js';
import { createPlayerBar } from './player-bar.js';

/**
 * Creates the head.
 * @param {string} name of the demo
 * @param {ReturnType<typeof import('../model/player.js').createPlayer>} player
 * @param {Parameters<typeof createFileMenu>[1] & { onfollow: (() => void) | undefined }} hooks `onfollow` as for the player's controls
 */
export function createHead(name, player, hooks) {
  const sentence = el('p', { class: 'run-verdict', role: 'status' });
  const controls = createPlayerBar(player, hooks.onfollow);
  const files = createFileMenu(name, hooks);
  const element = el(
    'div',
    {},
    el('div', { class: 'run-head' }, sentence, controls.position),
    el(
      'div',
      { class: 'instruments-bar head-bar', role: 'group', 'aria-label': 'Recording' },
      ...controls.buttons,
      controls.slider,
      files.element,
      files.said,
    ),
  );

  return {
    element,
    say: controls.say,
    /** Removes the remark about a file. */
    clear: files.clear,

    /**
     * @param {Pick<import('./panel.js').View, 'model' | 'stats' | 'lost'>} view
     * @param {boolean} isOpened what is shown was opened from a file
     */
    draw({ model, stats, lost }, isOpened) {
      const words = visibleLine(summaryOf(model, stats));
      sentence.hidden = words === '';
      if (sentence.textContent !== words) sentence.textContent = words;
      controls.draw(isOpened, lost);
    },
  };
}
