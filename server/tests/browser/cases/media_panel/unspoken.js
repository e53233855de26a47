// A picture is offered and arrives, though no word says so; and which parts of the runner were loaded.
const parts = () =>
  performance
    .getEntriesByType('resource')
    .flatMap(({ name }) => /\/parts\/(.*)\.js/.exec(name)?.[1] ?? [])
    .join();
const word = (...pieces) => pieces.join('');
console.log('at first:', parts() || 'nothing');
const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
a[word('addTrans', 'ceiver')](word('vi', 'deo'));
await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
while (!parts()) await new Promise((done) => setTimeout(done, 20));
console.log('then:', parts());
