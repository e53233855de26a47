// An own offer whose section has another name.
export default ({ locally }) =>
  locally((sdp) => sdp.replace('a=mid:0', 'a=mid:chat').replace('BUNDLE 0', 'BUNDLE chat'));
