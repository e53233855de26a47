// An offer whose last line has no end, as after `trim()`.
export default ({ remotely }) => remotely((sdp) => sdp.trimEnd());
