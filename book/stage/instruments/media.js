// @ts-check
// What the instruments know of audio and video: the panel, statistics over time, and the diagnosis. It is a file of its own, which is loaded when a run has
// any: most runs of the book have none.
//
// May import: addresses.js, diagnosis/, model/, panels/, ../dom.js.

import { loadStyle } from '../dom.js';
import { MEDIA_STYLE } from './addresses.js';
import { mediaFindings } from './diagnosis/media-diagnosis.js';
import { MEDIA_FINDINGS } from './diagnosis/media-findings.js';
import { chainsOf } from './model/chains.js';
import { createMediaHistory } from './model/media-history.js';
import { createMediaPanel } from './panels/media.js';

/** @typedef {import('./model/model.js').Model} Model */
/** @typedef {import('./model/media-history.js').MediaHistory} MediaHistory */
/** @typedef {Awaited<ReturnType<typeof createMedia>>} Media */

/** What is known without statistics. */
const NOTHING = createMediaHistory();

/** Creates what one demo has of it, once the style of the panel is there. @param {import('./panels/panel.js').Lines} lines */
export async function createMedia(lines) {
  await loadStyle(MEDIA_STYLE);
  const history = createMediaHistory();

  return {
    panel: createMediaPanel(lines),
    add: history.add,
    clear: history.clear,
    explanations: MEDIA_FINDINGS,
    /** @param {Model} model @param {number} now ms since Run */
    find: (model, now) => mediaFindings(model, history, now),

    /**
     * What the panel shows.
     * @param {Model} model
     * @param {import('./panels/panel.js').Media['state']} state
     * @returns {import('./panels/panel.js').Media}
     */
    viewOf(model, state) {
      const known = state === 'recorded' ? NOTHING : history;
      const open = model.connections.filter(({ closedAt }) => closedAt === undefined);
      return {
        chains: chainsOf(known, model),
        transceivers: open.flatMap(({ id, title }) =>
          known.transceiversOf(id).map((one) => ({ of: title, ...one, codecs: codecsAt(known, id, one.mid) })),
        ),
        state,
      };
    },
  };
}

/** The codecs of a section, that in which is sent before that in which is received. @param {MediaHistory} history @param {string} on @param {string} mid */
function codecsAt(history, on, mid) {
  const streams = history.flows().flatMap(({ stream, isGone }) => (isGone ? [] : stream));
  const codecs = streams.filter((stream) => stream.on === on && stream.mid === mid).map(({ codec }) => codec);
  return [...new Set(codecs.filter(Boolean))].join(', ');
}
