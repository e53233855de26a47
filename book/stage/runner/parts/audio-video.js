// @ts-check
// The part of the runner for audio and video: records tracks (tracks.js) and the elements that show them (elements.js), and notes where requests for devices
// and changes of what is sent were made.
//
// May import: elements.js, tracks.js.

import { createElements } from './elements.js';
import { createTracks } from './tracks.js';

/** @param {any} stage what the runner shares (../runner.html) */
export function install(stage) {
  const tracks = createTracks(stage);
  stage.noteCalls([
    ['MediaDevices', ['getUserMedia', 'getDisplayMedia']],
    // Where there are tracks, elements.js does.
    ['HTMLMediaElement', tracks ? [] : ['play']],
    ['BaseAudioContext', ['decodeAudioData']],
    ['RTCRtpSender', ['replaceTrack', 'setParameters']],
  ]);
  return createElements(stage, tracks);
}
