// An own offer with another fingerprint.
export default ({ locally }) => locally((sdp) => sdp.replace(/(a=fingerprint:sha-256 ..:..:)..:../, '$100:00'));
