// @ts-check
// The controls of replay, and the position in the recording.
//
// May import: ../../dom.js.

import { button, el } from '../../dom.js';

/** How long a replay may take, in s. */
const TIMES = [5, 10, 30, 60];
const USUAL_TIME = 10;

/**
 * Creates the controls.
 * @param {ReturnType<typeof import('../model/player.js').createPlayer>} player
 * @param {(() => void) | undefined} onfollow the reader wants to see what happens now; undefined where nothing does
 */
export function createPlayerBar(player, onfollow) {
  const position = el('span', { class: 'position', role: 'status' });
  const time = el(
    'select',
    { 'aria-label': 'How long a replay takes' },
    ...TIMES.map((s) => el('option', { value: String(s), ...(s === USUAL_TIME ? { selected: '' } : {}) }, `in ${s} s`)),
  );
  const play = button('Replay', () => (player.isPlaying ? player.pause() : player.play(Number(time.value) * 1_000)));
  const follow = onfollow && button('Follow', onfollow);
  const slider = el('input', { type: 'range', min: '0', 'aria-label': 'Step of the recording' });
  slider.addEventListener('input', () => player.seek(Number(slider.value)));

  /** @param {boolean} isOpened what is shown was opened from a file @param {number} lost events that are gone */
  function draw(isOpened, lost) {
    slider.max = String(player.length);
    slider.value = String(player.position);
    play.textContent = player.isPlaying ? 'Pause' : 'Replay';
    if (follow) follow.hidden = !isOpened && player.position === player.length;
    position.textContent = `${isOpened ? 'From a file: ' : ''}event ${player.position} of ${player.length}${lost > 0 ? `, without ${lost} that are gone` : ''}`;
  }

  return {
    buttons: [
      button('‹', () => player.step(-1), { 'aria-label': 'Step back', title: 'Step back' }),
      button('›', () => player.step(1), { 'aria-label': 'Step', title: 'Step' }),
      play,
      time,
      ...(follow ? [follow] : []),
    ],
    slider,
    position,
    draw,
    /** Says a sentence in place of the position. @param {string} sentence */
    say(sentence) {
      position.textContent = sentence;
    },
  };
}
