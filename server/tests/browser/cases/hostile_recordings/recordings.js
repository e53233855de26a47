// Recordings that are made to be slow: much of one kind of thing. Gives `recordings`, each a function of how many events it shall have, `open`, which
// opens one in the instruments of a demo and tells what that took, and `look`, which draws one panel.
// `chooseAll` shows all connections of a panel that shows one of many.
const list = (count, make) => Array.from({ length: count }, (_, k) => make(k));
const sdp = (k) =>
  `v=0\r\no=- ${k} 2 IN IP4 127.0.0.1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=ice-pwd:${k}\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n`;
const call = (k, on, name, more) => ({ type: k % 2 ? 'done' : 'call', on, name, call: 1 + (k >> 1), at: k, ...more });
const recordings = {
  honest: (count) =>
    list(count, (k) => ({
      type: 'state',
      on: `pc${1 + (k % 4)}`,
      name: 'ice',
      value: k % 2 ? 'checking' : 'connected',
      at: k,
    })),
  connections: (count) => list(count, (k) => ({ type: 'new', on: `pc${k}`, at: k })),
  channels: (count) =>
    list(count, (k) =>
      k === 0
        ? { type: 'new', on: 'pc1', at: 0 }
        : { type: 'new', on: `ch${k}`, of: 'pc1', text: `channel ${k}`, at: k },
    ),
  sockets: (count) => list(count, (k) => ({ type: 'new', on: `ws${k}`, text: 'ws://127.0.0.1/', at: k })),
  states: (count) =>
    list(count, (k) => ({
      type: 'state',
      on: 'pc1',
      name: 'signaling',
      value: k % 2 ? 'stable' : 'have-local-offer',
      line: 1,
      at: k,
    })),
  candidates: (count) =>
    list(count, (k) => ({
      type: 'candidate',
      on: `pc${k % 50}`,
      text: `candidate:${k} 1 udp 2122260223 192.0.2.1 ${k} typ host`,
      at: k,
    })),
  descriptions: (count) =>
    list(count, (k) =>
      call(k, `pc${k % 100}`, k & 2 ? 'setRemoteDescription' : 'setLocalDescription', {
        value: k & 2 ? 'answer' : 'offer',
        text: sdp(k >> 3),
      }),
    ),
  failures: (count) =>
    list(count, (k) => ({
      type: k % 2 ? 'failed' : 'call',
      on: 'pc1',
      name: 'addTrack',
      value: 'constructor',
      text: 'x'.repeat(100),
      line: 1,
      at: k,
    })),
  lines: () =>
    list(4, (k) =>
      call(k, 'pc1', 'setLocalDescription', {
        value: 'offer',
        text: list(39_000 >> 2, (n) => `a=${(n * 2 + (k >> 1)).toString(36)}`)
          .join('\n')
          .slice(0, 39_000),
      }),
    ),
  sections: () =>
    list(4, (k) => call(k, 'pc1', 'setLocalDescription', { value: 'offer', text: 'm=\n'.repeat(13_000) })),
};

const panels = ['Ladder', 'States', 'Candidates', 'SDP'];
const fileOf = (events, sides = []) =>
  new File(
    [JSON.stringify({ kind: 'creating-connections recording', version: 2, demo: 'x', events, sides })],
    'hostile.json',
  );

/** How long the page could not do anything else while `act` went on, in ms. */
async function longestPause(act) {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  });
  await act();
  await new Promise((resolve) => setTimeout(resolve));
  clearInterval(timer);
  return Math.max(longest, performance.now() - last);
}

/** Opens a file, with the ladder in sight, and waits until it is shown. */
async function open(region, file) {
  const input = region.querySelector('input[type=file]');
  const files = new DataTransfer();
  files.items.add(file);
  input.files = files.files;
  const said = region.querySelector('.said');
  said.textContent = '';
  const isSaid = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      resolve();
    });
    observer.observe(said, { childList: true });
  });
  input.dispatchEvent(new Event('change'));
  await isSaid;
}

/** Shows a panel, laid out, and tells how long that took, in ms. */
function look(region, name) {
  const tab = [...region.querySelectorAll('.instruments [role=tab]')].find(({ textContent }) => textContent === name);
  const panel = document.getElementById(tab.getAttribute('aria-controls'));
  for (const details of panel.querySelectorAll('details')) details.open = true;
  const began = performance.now();
  tab.click();
  document.body.getBoundingClientRect();
  return { took: performance.now() - began, elements: panel.querySelectorAll('*').length, panel };
}

function chooseAll(panel) {
  const select = panel.querySelector('select:has(> option[value=""])');
  if (select?.options[0].textContent !== 'all connections') return;
  select.value = '';
  select.dispatchEvent(new Event('change'));
}
