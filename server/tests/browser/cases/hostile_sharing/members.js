// Members of the room beside the demo's that are no pages of the book. `member(id, how)` joins as one of them, and gives what it has heard.

/**
 * @param {string} id
 * @param {object} how
 * @param {boolean} [how.answers] it answers questions for the time
 * @param {object[]} [how.events] it shares these with each page that it hears of
 * @param {number} [how.asks] questions for the time that it asks each page at once; of each answer, a tenth as many more
 * @param {string[]} [how.says] frames that it sends to everybody
 */
function member(id, { answers = false, events = [], asks = 0, says = [] }) {
  return new Promise((resolve) => {
    const socket = new WebSocket(location.origin.replace('http', 'ws'));
    const me = { id, heard: [], answered: 0, batches: 0, announce };
    const pages = new Set();
    function announce() {
      socket.send(`/announce|${id}|${JSON.stringify({ id, room: 'instruments:quickconnect-intro' })}`);
    }
    const say = (to, message) => socket.send(`/to|${to}|/instruments|${id}|${JSON.stringify(message)}`);
    // Not by a timer: browsers slow down those of tabs that are out of sight.
    function ask(page, count) {
      for (let i = 0; i < count; i += 1) say(page, { ask: performance.now() });
    }
    function meet(page) {
      if (pages.has(page) || !page.startsWith('i')) return;
      pages.add(page);
      // Who says nothing is met when it announces itself once more.
      announce();
      for (const frame of says) socket.send(frame);
      if (events.length > 0)
        say(page, { batch: { run: 1, from: 0, to: events.length, begin: performance.now(), uncertainty: 1, events } });
      ask(page, asks);
    }
    socket.onmessage = ({ data }) => {
      if (data.startsWith('primus')) return data.startsWith('primus::hello') && announce();
      if (data.startsWith('/roominfo')) return resolve(me);
      me.heard.push(data);
      const [, sender, text] = /^\/to\|[^|]*\|\/instruments\|([^|]*)\|(.*)$/s.exec(data) ?? [];
      if (data.startsWith('/announce|')) meet(data.split('|')[1]);
      if (!text) return;
      meet(sender);
      const message = JSON.parse(text);
      if ('ask' in message && answers) say(sender, { answer: message.ask, now: performance.now() });
      if ('answer' in message) {
        me.answered += 1;
        ask(sender, asks / 10);
      }
      if ('batch' in message) me.batches += 1;
    };
  });
}
