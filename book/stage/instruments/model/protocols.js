// @ts-check
// What the protocols of packets are called, by the names that the server has for them. Pure.
//
// May import: nothing.

export const PROTOCOLS = new Map([
  ['stun', 'STUN'],
  ['channel-data', 'ChannelData'],
  ['dtls', 'DTLS'],
  ['rtp', 'RTP'],
  ['rtcp', 'RTCP'],
]);
