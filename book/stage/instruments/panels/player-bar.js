// @ts-check
// The controls of replay, and the position in the recording.
//
// May import: ../../dom.js.

import { button, el } from '../../dom.js';

/**
 * Creates the bar.
 * @param {ReturnType<typeof import('../model/player.js').createPlayer>} player
 * @param {(() => void) | undefined} onfollow the reader wants to see what happens now; undefined where nothing does
 */
export function createPlayerBar(player, onfollow) {
  const position = el('span', { class: 'position', role: 'status' });
  const play = button('Replay at a tenth', () => (player.isPlaying ? player.pause() : player.play()));
  const slider = el('input', { type: 'range', min: '0', 'aria-label': 'Step of the recording' });
  slider.addEventListener('input', () => player.seek(Number(slider.value)));
  const element = el(
    'div',
    { class: 'instruments-bar', role: 'group', 'aria-label': 'Recording' },
    button('Step back', () => player.step(-1)),
    button('Step', () => player.step(1)),
    play,
    ...(onfollow ? [button('Follow', onfollow)] : []),
    slider,
    position,
  );

  /** @param {boolean} isOpened what is shown was opened from a file @param {number} lost events that are gone */
  function draw(isOpened, lost) {
    slider.max = String(player.length);
    slider.value = String(player.position);
    play.textContent = player.isPlaying ? 'Pause' : 'Replay at a tenth';
    position.textContent = `${isOpened ? 'From a file: ' : ''}event ${player.position} of ${player.length}${lost > 0 ? `, without ${lost} that are gone` : ''}`;
  }

  return {
    element,
    draw,
    /** Says a sentence in place of the position. @param {string} sentence */
    say(sentence) {
      position.textContent = sentence;
    },
  };
}
