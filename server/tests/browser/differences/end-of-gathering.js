// What comes after the last candidate.
export default async function ({ gathered }) {
  const isEmpty = (one) => one !== null && one.candidate === '';
  const ends = (await gathered()).filter((one) => one === null || isEmpty(one));
  return ends.map((one) => (one === null ? 'null' : 'an empty one')).join(', then ');
}
