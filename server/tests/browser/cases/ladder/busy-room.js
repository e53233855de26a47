// A room of five, as the instruments of one of them see it: mounted on the page, and fed by hand.
// Gives `recording`, `feed(count)`, which says that so many things happened, and `place`, where the panels are. After `share()`, the four others
// have their instruments open too, and a quarter as much happens to each of them.
const at = (name) => new URL(name, document.querySelector('script[src*="stage/stage.js"]').src).href;
const [{ mount }, { createRecording }, { eventsOf }] = await Promise.all(
  ['instruments/mount.js', 'recording.js', 'events.js'].map((name) => import(at(name))),
);
await new Promise((onload) =>
  document.head.append(
    Object.assign(document.createElement('link'), {
      rel: 'stylesheet',
      href: at('instruments/instruments.css'),
      onload,
    }),
  ),
);
const panels = document.createElement('div');
const place = document.createElement('section');
place.className = 'demo instruments';
place.append(panels);
document.querySelector('main').prepend(place);
const recording = createRecording();
const nothing = () => {};
recording.start();
recording.timed(performance.now(), 0);
const instruments = mount(recording, {
  name: 'busy',
  canMeet: true,
  panels,
  card: document.createElement('div'),
  online: nothing,
  light: nothing,
  oncursor: nothing,
  setFaults: nothing,
  askStats: nothing,
  openLabs: () => [],
  nameOf: () => '',
});
instruments.show();

let count = 0;
const peers = [1, 2, 3, 4];
const kinds = [
  (n) => ({ type: 'state', on: `pc${n}`, name: 'ice', value: `checking for the ${count}th time` }),
  (n) => ({
    type: 'candidate',
    on: `pc${n}`,
    text: `candidate:${count} 1 udp 2122260223 192.168.1.${n} ${50_000 + (count % 9_000)} typ host generation 0`,
  }),
  (n) => ({
    type: 'message',
    on: `ch${n}`,
    side: count % 2 ? 'in' : 'out',
    text: `a message that is longer than any box of the ladder, number ${count}`,
    size: 70,
  }),
  (n) => ({
    type: 'message',
    on: 'ws1',
    side: 'in',
    text: `/to|me|/candidate|peer-${n}|{"candidate":"candidate:${count} 1 udp 1 a-name-that-is-long.local 9 typ host"}`,
  }),
  (n) => ({ type: 'call', on: `pc${n}`, name: 'restartIce', line: 1 + (count % 20) }),
];
const beginning = () =>
  eventsOf([
    { type: 'new', on: 'ws1', text: 'ws://localhost/' },
    ...peers.flatMap((n) => [
      { type: 'new', on: `pc${n}` },
      { type: 'new', on: `ch${n}`, of: `pc${n}`, side: 'local', text: 'chat' },
    ]),
  ]);
recording.add(beginning(), 0);

/** @type {ReturnType<typeof createRecording>[]} */
const others = [];

async function share() {
  const [{ createSession }, ...signaling] = await Promise.all(
    [
      'instruments/timeline/session.js',
      '../code/quickconnect/js/signaling.js',
      '../code/quickconnect/js/protocol.js',
    ].map((name) => import(at(name))),
  );
  for (const _ of peers) {
    const other = createRecording();
    other.start();
    other.timed(performance.now(), 0);
    other.add(beginning(), 0);
    createSession(other, Object.assign({}, ...signaling), nothing).enter('busy');
    others.push(other);
  }
  instruments.enter('busy');
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!place.querySelector('.sharing')?.textContent.includes('4 other sides')) return;
      clearInterval(timer);
      resolve();
    }, 50);
  });
}

function feed(howMany) {
  recording.add(eventsOf(happening(howMany)), 0);
  for (const other of others) other.add(eventsOf(happening(howMany / others.length)), 0);
}

function happening(howMany) {
  const events = [];
  for (let i = 0; i < howMany; i += 1) {
    count += 1;
    events.push({ at: count, ...kinds[count % kinds.length](peers[count % peers.length]) });
  }
  return events;
}
