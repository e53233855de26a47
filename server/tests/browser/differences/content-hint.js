// Whether a track takes a hint about what it shows.
export default async function () {
  return 'contentHint' in MediaStreamTrack.prototype ? 'is known' : 'is not';
}
