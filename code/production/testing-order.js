async function meet() {
  const order = [];
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
  b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

  const heard = Object.entries({ A: a, B: b }).map(([name, pc]) => {
    pc.onconnectionstatechange = () => {
      if (pc.connectionState === 'connected') order.push(`${name} connected`);
    };
    const channel = pc.createDataChannel('chat', { negotiated: true, id: 0 });
    channel.onopen = () => {
      order.push(`${name} open`);
      channel.send(`hello from ${name}`);
    };
    return new Promise((done) => {
      channel.onmessage = ({ data }) => done(data);
    });
  });

  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  const texts = await Promise.all(heard);
  a.close();
  b.close();
  return { order: order.join(', '), texts: texts.join(' and ') };
}

let good = 0;
const orders = new Map();
for (let run = 1; run <= 20; run += 1) {
  const { order, texts } = await meet();
  if (texts === 'hello from B and hello from A') good += 1;
  orders.set(order, 1 + (orders.get(order) ?? 0));
}
console.log(`both have heard the other in ${good} of 20 runs`);
for (const [order, runs] of orders) console.log(`in ${runs}: ${order}`);
