// An own offer with an ICE password that is too short.
export default ({ locally }) => locally((sdp) => sdp.replace(/a=ice-pwd:.*/, 'a=ice-pwd:short'));
