// @ts-check
// The interface of a panel: a title, a function that draws what is shown of a run, and one that highlights what came from a line of the code.
// Layout:
//   ladder.js, states.js, candidates.js, sdp.js, statistics.js, break-it.js   the panels
//   packets.js      packets of lines (packet-table.js: those of one)
//   media-place.js   where the panel of audio and video goes: media.js (track-row.js: one track of it), which is loaded when a run has any
//   lab-place.js    where the panel of NAT labs goes: nats.js (lab-view.js: one lab), which is loaded when a run has one
//   bad-line.js     a part of `break-it.js`: what happens to packets
//   ladder-chips.js which rows of the ladder are shown
//   connection-choice.js   of which connection
//   tabs.js         which of them is open
//   table.js        a table of what a panel draws, for whoever can't see the drawing
//   head.js         what stands above all of them
//   player-bar.js   the controls that lead through a recording
//   file-menu.js    saving and opening
//   card.js         the diagnosis below a demo
//
// May import: ../addresses.js, ../../dom.js.

import { el } from '../../dom.js';
import { inGuide } from '../addresses.js';

/**
 * What is shown of a run: all that happened up to one step of it.
 * @typedef {object} View
 * @property {import('../timeline/merge.js').MergedEvent[]} events of all sides, on one timeline
 * @property {import('../timeline/exchange.js').Side[]} sides others that share the run
 * @property {import('../model/model.js').Model} model made of this side's events: the others share no more than the ladder needs
 * @property {number} lost events that are gone
 * @property {number} now ms since Run
 * @property {import('../../peer-names.js').NameOf} nameOf what peers are called; of a recording nothing but their ids is known
 * @property {Map<string, import('../../stats.js').Report[]>} stats the newest of each connection; none of an earlier step
 * @property {Media | undefined} media undefined until it is loaded, which it is once a run has audio or video
 * @property {unknown[] | undefined} labs of a recording; undefined if a run is shown
 */

/**
 * What is known of audio and video.
 * @typedef {object} Media
 * @property {import('../model/chains.js').Chain[]} chains
 * @property {({ of: string, codecs: string } & import('../../stats.js').Transceiver)[]} transceivers `of` is the title of the connection
 * @property {'runs' | 'ended' | 'recorded'} state whether there are numbers, and whether they go on
 */

/**
 * @typedef {object} Panel
 * @property {string} title
 * @property {string} about what to look at, for whoever sees it for the first time
 * @property {HTMLElement} element
 * @property {(view: View) => void} [draw]
 * @property {(line: number | undefined) => void} [light] highlights what came from a line of the code
 * @property {boolean} [needsStats] statistics are asked for while it is open
 * @property {() => void} [ask] called once a second while it is open, in place of that
 */

/**
 * Links between what a panel shows and the lines of the code.
 * @typedef {object} Lines
 * @property {(line: number) => void} onrow something is chosen that came from a line of the code
 * @property {(line: number) => void} [online] the reader asks for a line of the code; a recording has none
 */

/** A panel's element below its introduction, which opens, so that it takes one line of the place beside the code. @param {Panel} panel */
export function introduced({ title, about, element }) {
  const more = el('a', { href: inGuide(title.toLowerCase().replace(' ', '-')) }, `More about “${title}”`);
  const note = el('details', { class: 'note' }, el('summary', {}, 'What this shows'), el('p', {}, `${about} `, more));
  return el('div', {}, note, element);
}
