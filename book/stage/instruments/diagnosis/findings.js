// @ts-check
// What can be wrong with a run, for the person who meets it: what is missing, the usual causes in order of likelihood, how to mend it, and
// where it is written. diagnosis.js finds which; this only says it.
//
// May import: ../addresses.js.

import { inChapter } from '../addresses.js';

const rfc = (/** @type {string} */ number, /** @type {string} */ section) => ({
  text: `RFC ${number}, section ${section}`,
  href: `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`,
});
const spec = (/** @type {string} */ anchor) => ({
  text: 'WebRTC recommendation',
  href: `https://www.w3.org/TR/webrtc/#${anchor}`,
});
const chapter = (/** @type {string} */ anchor, /** @type {string} */ text) => ({
  text: `This book: ${text}`,
  href: inChapter(anchor),
});
const descriptions = chapter('session-descriptions-offer-and-answer', 'offer and answer');
const candidates = chapter('ice-candidates', 'ICE candidates');
const stuck = chapter('descriptions-exchanged-and-still-not-connected', 'exchanged, and still not connected');

/** @typedef {{ title: string, causes: string[], fix: string, links: { text: string, href: string }[] }} Explanation */

/** The explanation of each finding, by its id. @type {Record<string, Explanation>} */
export const FINDINGS = {
  'server-away': {
    title: 'The signaling server is gone',
    causes: [
      'The server was stopped, or the machine it runs on sleeps.',
      'This device has left the network.',
      'A proxy in between closes sockets that are silent.',
    ],
    fix: 'Start the server again. Calls that are connected go on without it; nobody new can join until it is back.',
    links: [chapter('how-connections-are-made', 'what signaling is for')],
  },
  glare: {
    title: 'Both sides made an offer at once',
    causes: ['Both sides call createOffer() by themselves, for instance on negotiationneeded, and neither gives way.'],
    fix: 'Let one side be polite: it takes back its own offer when another arrives. The pattern is called perfect negotiation.',
    links: [
      {
        text: 'Perfect negotiation, in the recommendation',
        href: 'https://www.w3.org/TR/webrtc/#perfect-negotiation-example',
      },
    ],
  },
  'answer-twice': {
    title: 'An answer was delivered twice',
    causes: [
      'The signaling sends a message again after an outage.',
      'A listener for answers was added twice.',
      'Two tabs with the same id both answered.',
    ],
    fix: 'Set an answer only while signalingState is have-local-offer, and give offers a number that the answer repeats. The first answer still holds.',
    links: [spec('dom-peerconnection-setremotedescription'), descriptions],
  },
  'answer-unexpected': {
    title: 'An answer came to a side that had not offered',
    causes: [
      'The answer was handed to the wrong connection.',
      'The offer was taken back, or never set with setLocalDescription().',
    ],
    fix: 'Keep one connection for each peer, and look it up by the id of whoever answers.',
    links: [rfc('9429', '3.2'), descriptions],
  },
  'early-candidates': {
    title: 'Candidates came before the description',
    causes: [
      'The code hands over candidates as they arrive, and waits before it sets the description.',
      'Signaling does not keep its order.',
    ],
    fix: 'Keep candidates until setRemoteDescription() has succeeded, then add them. The other side’s candidates that were refused are lost; it connects only if this side’s arrive there.',
    links: [spec('dom-peerconnection-addicecandidate'), candidates],
  },
  'out-of-order': {
    title: 'Signaling does not keep its order',
    causes: [
      'The code handles each message by itself, and what takes longer is overtaken.',
      'Messages go through a database or a queue that hands them out in any order.',
      'They travel by several ways.',
    ],
    fix: 'Handle messages one after the other, in the order in which they were sent. If signaling can’t keep it, number them. Candidates wait until the description is set.',
    links: [rfc('8838', '9'), candidates],
  },
  'empty-offer': {
    title: 'The offer asks for nothing',
    causes: ['No data channel, track or transceiver was added before createOffer().'],
    fix: 'Call createDataChannel(), addTrack() or addTransceiver() first. Without an m= line ICE never begins.',
    links: [rfc('9429', '5.2.1'), chapter('one-side-make-an-offer', 'make an offer')],
  },
  'offer-not-set': {
    title: 'The offer never took effect',
    causes: ['setLocalDescription() is missing.', 'The code waits for something between the two calls.'],
    fix: 'Call setLocalDescription() with the offer, or without anything: then the browser makes the offer itself. Gathering begins there.',
    links: [rfc('9429', '3.5.1'), chapter('one-side-make-an-offer', 'make an offer')],
  },
  'no-offer': {
    title: 'The offer never arrived',
    causes: [
      'Signaling lost it, or took it elsewhere.',
      'Nobody made one: each side waits for the other.',
      'The code that should call setRemoteDescription() was not reached.',
    ],
    fix: 'Log what signaling sends and what it hands over; the two must agree. Then look at the line that sets the remote description.',
    links: [descriptions],
  },
  'no-answer': {
    title: 'No answer was set here',
    causes: [
      'The other side has not answered: its code failed, or it never got the offer.',
      'The answer arrived, and setRemoteDescription() was not called with it.',
      'Signaling lost the answer.',
    ],
    fix: 'Look whether the other side made an answer (its ladder shows createAnswer), then whether it came here, then whether it was set.',
    links: [rfc('9429', '3.2'), descriptions],
  },
  'relay-only': {
    title: 'Only a relay may be used, and there is none',
    causes: [
      'iceTransportPolicy is relay, and no TURN server is given.',
      'The TURN server does not answer, or refuses the credentials.',
      'The network lets no UDP through, and the server offers nothing over TCP.',
    ],
    fix: 'Give a TURN server in iceServers, or let iceTransportPolicy be all.',
    links: [spec('dom-rtcicetransportpolicy'), stuck],
  },
  'turn-credentials': {
    title: 'The TURN server refused the credentials',
    causes: ['The user name or the credential is wrong.', 'Credentials for a limited time have run out.'],
    fix: 'Ask the server that issues them for new ones. Error 701, in contrast, only says that one address of a server could not be reached.',
    links: [rfc('8489', '9.2.4')],
  },
  'no-local-candidates': {
    title: 'This side found no address of its own',
    causes: ['The device has no network.', 'A policy or an extension of the browser hides all addresses.'],
    fix: 'Look at the device’s network first, then try another browser profile.',
    links: [rfc('8445', '5.1.1'), candidates],
  },
  'wrong-password': {
    title: 'The two sides don’t agree on the ICE password',
    causes: [
      'The code changes the description on its way.',
      'A description of an earlier round was set: its password is outdated.',
    ],
    fix: 'Hand descriptions over exactly as they are, and the newest only. With another a=ice-pwd every connectivity check is refused.',
    links: [rfc('8445', '7.2.2'), stuck],
  },
  'no-candidates': {
    title: 'No candidate of the other side was handed over',
    causes: [
      'onicecandidate is missing, or does not send.',
      'Candidates are sent, and addIceCandidate() is never called.',
      'The other side found none.',
    ],
    fix: 'Send each candidate as it is found, and add each that arrives. One direction is enough to connect, none is not.',
    links: [rfc('8838', '9'), candidates],
  },
  'one-way-candidates': {
    title: 'Candidates were handed over in one direction only',
    causes: [
      'The other side does not send its candidates, or they are lost.',
      'This side does not call addIceCandidate().',
    ],
    fix: 'It is connected, because the checks of one side showed the other where it is. Behind two routers that may not work: hand over both.',
    links: [rfc('8445', '7.3.1.3'), candidates],
  },
  slow: {
    title: 'Signaling is slow',
    causes: [
      'The server, or the way to it, is loaded.',
      'The code waits before it hands on what arrives.',
      'A person is in between.',
    ],
    fix: 'Compare when a description is made with when it is set. Trickling candidates hides part of the delay.',
    links: [rfc('8838', '1')],
  },
  freeze: {
    title: 'The other side says nothing any more',
    causes: [
      'Its page hangs in a loop, or sleeps in the background of a phone.',
      'Its code has no listener for messages.',
      'Its process is gone, and the connection has not noticed yet.',
    ],
    fix: 'The connection lives as long as the browser answers, also when the page does not. Send a question of your own now and then, and end the call when nobody answers.',
    links: [rfc('7675', '5.1')],
  },
  'send-early': {
    title: 'Something was sent before the channel was open',
    causes: ['send() stands right behind createDataChannel().'],
    fix: 'Send from the open event on.',
    links: [spec('dom-rtcdatachannel-send'), chapter('both-sides-connect', 'connect')],
  },
  'too-large': {
    title: 'A message is larger than the other side takes',
    causes: ['A file, or a picture, is sent in one piece.'],
    fix: 'Send large things in pieces. How large one may be stands in a=max-message-size of the other side’s description, and in sctp.maxMessageSize.',
    links: [rfc('8841', '6'), spec('dom-rtcdatachannel-send')],
  },
  'queue-full': {
    title: 'The queue of the channel is full',
    causes: ['The code sends faster than the network carries.', 'The other side reads slowly, or not at all.'],
    fix: 'Stop when bufferedAmount grows, and go on at bufferedamountlow.',
    links: [spec('dom-datachannel-bufferedamount'), spec('dom-rtcdatachannel-send')],
  },
  'send-closed': {
    title: 'Something was sent on a channel that is closed',
    causes: ['The other side has left, or closed the channel.', 'The code goes on after its own close().'],
    fix: 'End what sends at the close event of the channel.',
    links: [spec('dom-rtcdatachannel-send')],
  },
  renegotiate: {
    title: 'Something was added, and not negotiated',
    causes: ['A channel or a track was added after the offer was made, and nobody made a new one.'],
    fix: 'Add it before createOffer(), or make a new offer on negotiationneeded.',
    links: [spec('event-negotiation'), descriptions],
  },
  loop: {
    title: 'The two sides negotiate without an end',
    causes: [
      'A listener to negotiationneeded changes something that needs another negotiation.',
      'Both sides answer an offer with an offer.',
    ],
    fix: 'Make offers only on negotiationneeded, and change nothing in there.',
    links: [spec('event-negotiation')],
  },
  'too-many': {
    title: 'Connections are never closed',
    causes: ['Each attempt makes a new RTCPeerConnection, and the old ones stay.'],
    fix: 'Call close() on what is over. Browsers refuse new connections after some hundreds.',
    links: [spec('dom-rtcpeerconnection-close')],
  },
  'closed-too-soon': {
    title: 'A connection was closed that might have recovered',
    causes: ['The code takes disconnected for the end.'],
    fix: 'disconnected may pass by itself within seconds. Wait for failed, or call restartIce().',
    links: [spec('dom-rtcpeerconnectionstate')],
  },
  'call-failed': {
    title: 'A call failed',
    causes: ['What it was given is not what this state allows, or is malformed.'],
    fix: 'Read the error at the line it names; the States panel shows the state at that moment.',
    links: [spec('rtcpeerconnection-interface')],
  },
  disconnected: {
    title: 'The connection is interrupted',
    causes: [
      'The other device left the network, or its process ended without a word.',
      'A network changed: Wi-Fi to mobile.',
    ],
    fix: 'It may come back by itself. When it fails, restartIce() looks for another way.',
    links: [spec('dom-rtcpeerconnectionstate')],
  },
  'checks-failed': {
    title: 'No pair of addresses worked',
    causes: [
      'A firewall or an access point keeps the two apart; guest networks often do.',
      'The two are in different networks, and no TURN server is given.',
    ],
    fix: 'Try both on one network without guest isolation. Across networks, give a TURN server.',
    links: [rfc('8445', '6.1.4'), stuck],
  },
  'local-names': {
    title: 'The other side’s hidden addresses did not resolve',
    causes: [
      'The two are in different networks: a .local name is known only in its own.',
      'The network keeps multicast apart, as guest networks and many offices do, so that nobody answers for the name.',
      'The system refused the browser access to the local network.',
    ],
    fix: 'Put both on one network without guest isolation, and allow the browser the local network if the system asks. A STUN or TURN server gives addresses that need no name; so does permission for the camera or microphone.',
    links: [
      {
        text: 'mDNS candidates, the draft',
        href: 'https://datatracker.ietf.org/doc/html/draft-ietf-mmusic-mdns-ice-candidates#section-3.2',
      },
      stuck,
    ],
  },
  stuck: {
    title: 'Not connected, and not sure why',
    causes: ['The network drops the checks without a word.', 'The other side stopped in the middle.'],
    fix: 'Next, look at the Candidates panel: are there some of both sides, and of which type? Then at the other side’s ladder.',
    links: [stuck],
  },
};
