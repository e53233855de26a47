// @ts-check
// A worker that parses a recording: 20 MB of hostile input take seconds, in which the page must stay responsive.
//
// May import: files.js.

import { recordingOf } from './files.js';

self.onmessage = async ({ data: file }) => {
  try {
    self.postMessage({ kept: recordingOf(await file.text(), file.name) });
  } catch (error) {
    self.postMessage({ refused: error instanceof Error ? error.message : String(error) });
  }
};
