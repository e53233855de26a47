// @ts-check
// What stands above all panels: the run in one sentence, and in one line the controls of its recording, of the size of the ladder, and of
// files.
//
// May import: file-menu.js, player-bar.js, ../model/, ../../dom.js, ../../visible.js.

import { button, el } from '../../dom.js';
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
  const zoom = el(
    'span',
    { class: 'chips', role: 'group', 'aria-label': 'Size of the ladder' },
    button('−', () => hooks.ladder.zoomBy(0.8), { 'aria-label': 'Smaller', title: 'Smaller' }),
    button('+', () => hooks.ladder.zoomBy(1.25), { 'aria-label': 'Larger', title: 'Larger' }),
  );
  const element = el(
    'div',
    {},
    sentence,
    el(
      'div',
      { class: 'instruments-bar head-bar', role: 'group', 'aria-label': 'Recording' },
      ...controls.buttons,
      zoom,
      ...controls.place,
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
     * @param {{ isOpened: boolean, isLadder: boolean }} how what is shown was opened from a file; the ladder is in sight
     */
    draw({ model, stats, lost }, { isOpened, isLadder }) {
      const words = visibleLine(summaryOf(model, stats));
      sentence.hidden = words === '';
      if (sentence.textContent !== words) sentence.textContent = words;
      zoom.hidden = !isLadder;
      controls.draw(isOpened, lost);
    },
  };
}
