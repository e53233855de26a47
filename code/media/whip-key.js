const room = 'studio';
const response = await fetch(`/sfu/${room}/key`, { method: 'POST' });
const { key, lifetimeSeconds } = await response.json();
const address = new URL(`/whip/${room}`, response.url).href;

console.log(`For ${lifetimeSeconds / 60} minutes, and this room only:`);
console.log('address:', address);
console.log('bearer token:', key);

// Something that is no offer shows whether a key fits.
for (const shown of [key, `${key.slice(0, -4)}AAAA`]) {
  const authorization = `Bearer ${shown}`;
  const headers = { 'content-type': 'application/sdp', authorization };
  const request = { method: 'POST', headers, body: 'hello' };
  const { status } = await fetch(address, request);
  console.log(`…${shown.slice(-4)}: ${status}`);
}
console.log(`curl -i ${address} \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/sdp" --data hello`);
