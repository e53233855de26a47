// @ts-check
// rtc-quickconnect: join a room, and be connected to everybody in it. `index.d.ts` documents what it offers. The parts:
//   quickconnect.js   puts the other parts together
//   api.js            what a quickconnect offers, in terms of the parts below
//   announcer.js      what we tell the room of ourselves
//   signaling.js      the socket to the signaling server (greeting.js, backoff.js, wait.js)
//   protocol.js       the signaling messages
//   room.js           the calls with the members (membership.js, pace.js)
//   call.js           one call: negotiation.js (descriptions.js, trickle.js, sdp-role.js), channels.js, media.js, liveness.js,
//                     servers.js
//   large.js          messages that are too large for one piece
//   options.js, emitter.js, id.js
//
// May import: large.js, quickconnect.js.

import { receiveLarge, sendLarge } from './large.js';
import { quickconnect } from './quickconnect.js';

export { quickconnect as default, receiveLarge, sendLarge };
