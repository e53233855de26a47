const room = 'studio';
const response = await fetch(`/sfu/${room}/key`, { method: 'POST' });
const { key, lifetimeSeconds } = await response.json();
const address = new URL(`/whip/${room}`, response.url).href;

console.log(`For ${lifetimeSeconds / 60} minutes, and this room only:`);
console.log('address:', address);
console.log('bearer token:', key);
console.log('To see whether the key fits, send something that is no offer:');
console.log(`curl -i ${address} \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/sdp" --data hello`);
