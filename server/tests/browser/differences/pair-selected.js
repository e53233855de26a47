// How statistics mark the pair in use, besides naming it in the transport.
export default async function ({ connected }) {
  const { a } = await connected();
  const pairs = [...(await a.getStats()).values()].filter(({ type }) => type === 'candidate-pair');
  return pairs.some(({ selected }) => selected === true) ? 'marked' : 'not marked';
}
