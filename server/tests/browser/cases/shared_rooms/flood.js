// Two pages of a room in one, each as its session: to one of them more happens than it may send, and more than it may keep.
// Gives what the other has of it in the end: whether the beginning is there, whether all is in order, the last size, and how many are here or lost.
const at = (name) => new URL(name, document.querySelector('script[src*="stage/stage.js"]').src).href;
const [{ createSession }, { createRecording }, { eventsOf }, ...signaling] = await Promise.all(
  ['instruments/timeline/session.js', 'recording.js', 'events.js', '../code/quickconnect/js/signaling.js', '../code/quickconnect/js/protocol.js'].map((name) => import(at(name))));

const begin = () => {
  const recording = createRecording();
  recording.start();
  recording.timed(performance.now(), 0);
  let change = () => {};
  const session = createSession(recording, Object.assign({}, ...signaling), () => change());
  session.enter('flood');
  /** Until the other side, as it is known here, is as it should be. */
  const sees = (isSo) => new Promise((resolve) => {
    change = () => {
      const [side] = session.sides();
      if (side && isSo(side)) resolve(side);
    };
    change();
  });
  return { recording, sees };
};
const [here, there] = [begin(), begin()];

there.recording.add(eventsOf([{ type: 'new', on: 'pc1' }, { type: 'new', on: 'ch1', of: 'pc1', side: 'local', text: 'chat' }]), 0);
let size = 0;
const flood = (count) => there.recording.add(eventsOf(Array.from({ length: count }, () => ({ type: 'message', on: 'ch1', side: 'out', at: size, size: (size += 1) }))), 0);

flood(4_000);
await here.sees(({ events }) => events.length > 500);
for (let i = 0; i < 5; i += 1) flood(4_000);
const { events, lost } = await here.sees(({ events }) => events.at(-1).size === size);
const [connection, channel, ...messages] = events;
const isInOrder = messages.every((message, i) => i === 0 || message.size > messages[i - 1].size);
return [`${connection.type} ${connection.on}, ${channel.type} ${channel.on}`, isInOrder, size, events.length, events.length + lost];
