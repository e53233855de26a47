// An offer with a line of a letter that SDP doesn't have.
export default ({ remotely }) => remotely((sdp) => `${sdp}q=chess\r\n`);
