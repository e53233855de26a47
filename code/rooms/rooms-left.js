import quickconnect from 'rtc-quickconnect';

const room = `rooms-left-${Math.random()}`;
// Only ada asks: a cem who asks, and gets no answer, would hang up himself.
const ada = quickconnect(location.origin, { room, id: 'ada', heartbeat: 500 });
const ben = quickconnect(location.origin, { room, id: 'ben', heartbeat: 0 });
const cem = quickconnect(location.origin, { room, id: 'cem', heartbeat: 0 });

let since = 0;
const after = () => `after ${Math.round(performance.now() - since)} ms`;
ada.on('call:expired', (id) => console.log(id, 'is silent', after()));
ada.on('call:ended', (id) => {
  console.log(id, 'is gone', after());
  if (id === 'cem') ada.close();
});

await Promise.all(
  [ada, ben, cem].flatMap((qc) =>
    [ada, ben, cem]
      .filter((other) => other !== qc)
      .map((other) => new Promise((done) => qc.waitForCall(other.id, done))),
  ),
);
console.log('ada, ben and cem are connected');
await new Promise((done) => setTimeout(done, 1500));

console.log('ben leaves');
since = performance.now();
ben.close();
await new Promise((done) => setTimeout(done, 1000));

console.log('cem freezes, and says nothing any more');
since = performance.now();
// The one page that plays all three has one function for it.
RTCDataChannel.prototype.send = () => {};
