// A description of which only the text was sent.
export default async function ({ offered, peer, outcome }) {
  return outcome(peer().setRemoteDescription({ sdp: (await offered()).sdp }));
}
