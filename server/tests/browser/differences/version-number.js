// The number of the description in the first `o=` line.
export default async function ({ offered }) {
  return /^o=\S+ \S+ (\d+)/m.exec((await offered()).sdp)[1];
}
