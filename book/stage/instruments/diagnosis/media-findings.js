// @ts-check
// What can be wrong with audio and video, in words, as in findings.js: why a picture is black, or a call silent.
//
// May import: ../addresses.js.

import { inMedia } from '../addresses.js';

const at = (/** @type {string} */ text, /** @type {string} */ href) => ({ text, href });
const spec = (/** @type {string} */ anchor) => at('WebRTC recommendation', `https://www.w3.org/TR/webrtc/#${anchor}`);
const html = (/** @type {string} */ anchor) =>
  at('HTML standard', `https://html.spec.whatwg.org/multipage/media.html#${anchor}`);
const wish = at('This book: wish and agreement', inMedia('tracks', 'wish-and-agreement'));
const canvas = at('This book: a canvas is a camera', inMedia('without-a-camera', 'a-canvas-is-a-camera'));
const label = at('This book: a stream is a label', inMedia('tracks', 'a-stream-is-a-label'));

/** The explanation of each finding of media, by its id. @type {Record<string, import('./findings.js').Explanation>} */
export const MEDIA_FINDINGS = {
  'both-receive': {
    title: 'Both sides only receive',
    causes: ['Both have a transceiver with the direction recvonly, and neither has given it a track.'],
    fix: 'One side must send: call addTrack(), or set the direction to sendrecv, and negotiate again.',
    links: [wish, spec('dom-rtcrtptransceiver-direction')],
  },
  'answer-inactive': {
    title: 'The answer refuses the media',
    causes: [
      'The answering side sets the direction to inactive before it answers.',
      'It rewrites the description, and writes a=inactive into it.',
    ],
    fix: 'ontrack is called all the same, so look at currentDirection. Set the direction to recvonly or sendrecv before the answer is made, or negotiate again.',
    links: [wish, spec('dom-rtcrtptransceiver-currentdirection')],
  },
  'track-disabled': {
    title: 'The track is switched off',
    causes: ['enabled was set to false before the call, and nobody has set it to true since.'],
    fix: 'Set enabled of the track to true. The other side is not told of it: its pictures go on, and are black.',
    links: [
      at('This book: what is still sent', inMedia('mute', 'what-is-still-sent')),
      at('Media capture', 'https://www.w3.org/TR/mediacapture-streams/#dom-mediastreamtrack-enabled'),
    ],
  },
  'no-pictures': {
    title: 'The source gives no picture',
    causes: [
      'Nothing paints the canvas, or it was painted only before captureStream().',
      'What paints it waits for requestAnimationFrame() in a page that is out of sight.',
      'The camera is covered by the system, or taken by another program.',
    ],
    fix: 'Show the track in a <video> of your own page first. Paint the canvas again and again, by a timer or a worker.',
    links: [
      canvas,
      at('This book: what ticks in the background', inMedia('without-a-camera', 'what-ticks-in-the-background')),
    ],
  },
  'no-sound': {
    title: 'The source gives no sound',
    causes: [
      'The audio context is suspended: it was made before anybody has clicked, or the browser has no sound device.',
      'Nothing is connected to the destination, or nothing was started.',
    ],
    fix: 'Look at the state of the context, and call resume() in a click.',
    links: [
      at('This book: a voice', inMedia('without-a-camera', 'a-voice')),
      at('Web Audio', 'https://www.w3.org/TR/webaudio/#mediastreamaudiodestinationnode'),
    ],
  },
  'still-picture': {
    title: 'The source gives at most about one picture a second',
    causes: [
      'The canvas was painted once: a browser may repeat the last picture about once a second.',
      'What paints it is slowed down, because the page is in the background.',
      'It is meant to be so, as with slides, or a screen on which little happens.',
    ],
    fix: 'Paint the canvas again for each picture. In the background, a worker’s clock goes on.',
    links: [
      canvas,
      at('This book: what ticks in the background', inMedia('without-a-camera', 'what-ticks-in-the-background')),
    ],
  },
  'wrong-payload': {
    title: 'Packets arrive that belong to nothing agreed',
    causes: [
      'A server passes packets on with the payload type of the sender: each connection has its own numbers.',
      'The description was rewritten, and its numbers or its mid are others than those in the packets.',
    ],
    fix: 'Compare a=rtpmap in the two descriptions. What forwards packets has to write the number that the receiver has agreed to.',
    links: [at('RFC 3264, section 6.1', 'https://www.rfc-editor.org/rfc/rfc3264#section-6.1')],
  },
  'not-decoded': {
    title: 'Packets arrive, and no picture is decoded',
    causes: [
      'The picture is encrypted end to end, and the key is wrong or missing.',
      'A transform has changed bytes that the decoder needs.',
      'The first whole picture was lost, and the other side does not make another: what lies between does not pass its requests on.',
      'So many packets are lost that no picture is whole, or this machine is too slow.',
    ],
    fix: 'Compare the keys and transforms of both sides. See whether the sender makes whole pictures when it is asked (keyFramesEncoded).',
    links: [at('RFC 4585, section 6.3.1', 'https://www.rfc-editor.org/rfc/rfc4585#section-6.3.1')],
  },
  'stream-replaced': {
    title: 'A later stream has taken the place of the first',
    causes: [
      'ontrack is called once for each track, and each time the code sets a new MediaStream with only that track.',
    ],
    fix: 'Use event.streams[0], which is the same for all tracks of a stream; or keep one MediaStream, and add each track to it.',
    links: [label, spec('dom-rtctrackevent-streams')],
  },
  'no-source-object': {
    title: 'What arrives was given to no element',
    causes: [
      'ontrack is not listened to, or does not set srcObject.',
      'The track has no stream: event.streams is empty, so streams[0] is undefined.',
    ],
    fix: 'Set srcObject in ontrack: to event.streams[0], or, without a stream, to new MediaStream([event.track]).',
    links: [label, html('dom-media-srcobject')],
  },
  'autoplay-refused': {
    title: 'The browser refused to play',
    causes: [
      'The element is not muted, and nobody has clicked in the page yet.',
      'The page is in a frame without allow="autoplay".',
    ],
    fix: 'Set muted, and let a button of the page unmute; or call play() in a click. Handle the promise that play() gives.',
    links: [html('dom-media-play')],
  },
  'not-played': {
    title: 'Nobody has started the element',
    causes: ['srcObject is set, and neither play() is called nor autoplay is set.'],
    fix: 'Call play() after srcObject is set, or give the element autoplay, muted and playsinline.',
    links: [html('dom-media-play')],
  },
  'no-size': {
    title: 'The picture plays where nobody sees it',
    causes: [
      'The element, or one around it, has no width or height, or display: none.',
      'It is hidden or transparent.',
    ],
    fix: 'Give the element a size: as attributes, so that the page does not jump when the picture comes.',
    links: [html('dom-video-videowidth')],
  },
  'play-interrupted': {
    title: 'A call of play() was interrupted',
    causes: [
      'srcObject was set again before the first one played, as when ontrack is called for audio and for video.',
      'pause() was called, or the element was taken out of the page, before it played.',
    ],
    fix: 'It does no harm here. Set srcObject only if it is another stream than before, and handle the promise of play().',
    links: [html('dom-media-play')],
  },
};
