import quickconnect from '@creating-connections/quickconnect';

async function token() {
  const answer = await fetch('/token');
  if (!answer.ok) throw new Error('Log in, then load this page again.');
  return answer.text();
}

const qc = quickconnect('https://rooms.example.org', {
  room: 'team-7',
  id: 'anna',
  token,
});
qc.on('error', ({ message }) => console.error(message));
