import { openLab } from 'test-network';

// Endpoint-independent, address-dependent, or address-and-port-dependent.
const lab = await openLab({
  a: {
    mapping: 'address-and-port-dependent',
    filtering: 'address-and-port-dependent',
  },
  b: {
    mapping: 'endpoint-independent',
    filtering: 'address-and-port-dependent',
  },
});

const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
const channel = a.createDataChannel('chat');
channel.onopen = () => channel.send('through both NATs');
b.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => console.log('b received:', data);
};

const offer = await a.createOffer();
await a.setLocalDescription(offer);
await b.setRemoteDescription(offer);
const answer = await b.createAnswer();
await b.setLocalDescription(answer);
await a.setRemoteDescription(answer);
await lab.join(a, b);
console.log('both have the candidates of the other');
