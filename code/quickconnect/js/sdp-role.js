// @ts-check
// Which side of DTLS a description says that its maker is. Pure.
//
// May import: nothing.

/**
 * Names our role in an offer, once an answer has settled it. Browsers leave it open in every offer, as they should
 * (https://www.rfc-editor.org/rfc/rfc8842#section-5.5), whereupon Firefox 153 answers `active` even if it is the passive side, and Chromium
 * refuses that answer. Who answers has to take an offer that names it (https://www.rfc-editor.org/rfc/rfc8842#section-5.3).
 * @param {string} sdp of our offer
 * @param {RTCSessionDescriptionInit | null} local our last description that is in effect
 * @param {RTCSessionDescriptionInit | null} remote the other side's
 * @returns {string} the same SDP if no answer is in effect
 */
export function withSettledRole(sdp, local, remote) {
  const [answer, isOurs] = local?.type === 'answer' ? [local, true] : [remote, false];
  const [, role] = /^a=setup:(active|passive)/m.exec(answer?.sdp ?? '') ?? [];
  if (!role) return sdp;
  const isActive = (role === 'active') === isOurs;
  return sdp.replaceAll('a=setup:actpass', `a=setup:${isActive ? 'active' : 'passive'}`);
}
