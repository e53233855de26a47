import quickconnect from '@creating-connections/quickconnect';

/** Where the signaling server is. */
const SERVER = 'http://127.0.0.1:8000';
/** What is kept of what others send. */
const MAX_LINES = 200;

const status = document.querySelector('[role=status]');
const log = document.querySelector('[role=log]');
const form = document.querySelector('form');

function show(text) {
  const line = document.createElement('li');
  line.textContent = text;
  log.append(line);
  if (log.children.length > MAX_LINES) log.firstElementChild.remove();
}

const qc = quickconnect(SERVER, { room: 'team-room' });
qc.createDataChannel('chat');
qc.on('channel:opened:chat', (id, channel) => {
  status.textContent = `${id} is here.`;
  channel.onmessage = ({ data }) => show(`${id}: ${data}`);
});
qc.on('channel:closed:chat', (id) => {
  status.textContent = `${id} has left.`;
});
qc.on('error', ({ message }) => {
  status.textContent = message;
});

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const text = form.elements.text.value;
  for (const call of qc.calls.values()) call.channels.get('chat')?.send(text);
  show(`You: ${text}`);
  form.reset();
});
