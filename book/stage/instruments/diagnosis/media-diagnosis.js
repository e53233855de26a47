// @ts-check
// What is found of audio and video: that nothing was agreed, where it stands still on its way, and why it is not shown. Pure.
//
// May import: direction-rules.js, element-rules.js, flow-rules.js, ../model/.

import { chainsOf } from '../model/chains.js';
import { nothingAgreed } from './direction-rules.js';
import { elementFindings } from './element-rules.js';
import { flowFindings } from './flow-rules.js';

/**
 * Diagnoses the media of a run.
 * @param {import('../model/model.js').Model} model
 * @param {import('../model/media-history.js').MediaHistory} history what statistics say of it; nothing is known in a recording
 * @param {number} now ms since Run
 * @returns {(import('./diagnosis.js').Finding | undefined)[]}
 */
export const mediaFindings = (model, history, now) => [
  ...model.connections.map((connection) => nothingAgreed(connection, now)),
  ...(model.isMediaWhole
    ? [...flowFindings(chainsOf(history, model), model.connections, history, now), ...elementFindings(model, now)]
    : []),
];
