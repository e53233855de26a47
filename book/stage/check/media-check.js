// @ts-check
// Asks for camera and microphone, and gives them back at once.
//
// May import: outcome.js, within.js.

import { fails, untried, works } from './outcome.js';
import { orAborted } from './within.js';

/** What is asked for: both, and where one is missing the other. */
const REQUESTS = [{ audio: true, video: true }, { audio: true }, { video: true }];

/** What errors of the request mean (Media Capture and Streams, section 10.2). @type {Record<string, [says: string, advice: string]>} */
const ERRORS = {
  NotAllowedError: [
    'They were refused: by you, by a setting of the browser, or by the system.',
    'Allow them for this page beside its address, and for the browser in the privacy settings of the system.',
  ],
  NotReadableError: ['They are there, and can not be opened.', 'Close other programs that use them, and other tabs.'],
};

/** @typedef {import('./outcome.js').Outcome} Outcome */

/** @param {AbortSignal} signal @returns {Promise<Outcome>} */
export async function checkMedia(signal) {
  if (!navigator.mediaDevices?.getUserMedia)
    return fails(
      'The browser has no camera and no microphone for this page.',
      globalThis.isSecureContext
        ? 'Take another browser.'
        : 'Open an address that begins with https://, if the host has one.',
    );
  for (const request of REQUESTS) {
    try {
      const stream = await ask(request, signal);
      return stream ? saidOf(stream) : untried('The question of the browser was not answered.');
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (name === 'NotFoundError') continue;
      const [says, advice] = ERRORS[name] ?? ['The browser does not give them.', 'Try another browser.'];
      return fails(says, advice);
    }
  }
  return fails('There is no camera and no microphone.', 'Connect one, if you want it.');
}

/** @param {MediaStreamConstraints} request @param {AbortSignal} signal */
function ask(request, signal) {
  const asked = navigator.mediaDevices.getUserMedia(request);
  // Nothing of it is used, also when it comes after the page has stopped waiting.
  asked.then(
    (stream) => stream.getTracks().forEach((track) => track.stop()),
    () => {},
  );
  return orAborted(asked, signal);
}

/** @param {MediaStream} stream */
function saidOf(stream) {
  const [hasSound, hasPicture] = [stream.getAudioTracks().length > 0, stream.getVideoTracks().length > 0];
  if (hasSound && hasPicture) return works('This page was given both, and has switched them off again.');
  const [given, missing] = hasSound ? ['microphone', 'camera'] : ['camera', 'microphone'];
  return works(`This page was given the ${given}, and has switched it off again. There is no ${missing}.`);
}
