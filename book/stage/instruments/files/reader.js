// @ts-check
// Reads a file that somebody else may have made, in a worker of its own: to parse 20 MB made for that takes seconds, in which the page goes on. May
// import what checks recordings.

import { recordingOf } from './files.js';

self.onmessage = async ({ data: file }) => {
  try {
    self.postMessage({ kept: recordingOf(await file.text(), file.name) });
  } catch (error) {
    self.postMessage({ refused: error instanceof Error ? error.message : String(error) });
  }
};
