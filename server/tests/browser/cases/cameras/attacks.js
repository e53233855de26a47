// What a hostile demo with the reader's own devices tries. Each attempt says what it has got hold of; nothing, or an error, if it has failed. BOOK is the
// address of the book, TWIN the same server by its other name, SECRET what its frames prove themselves with.
const [book, twin, secret] = ['BOOK', 'TWIN', 'SECRET'];
const SECONDS = 3;

/** Without what the runner has put in front of the browser's own. */
const fresh = document.body.appendChild(document.createElement('iframe')).contentWindow;

const openSocket = (address, Socket = WebSocket) =>
  new Promise((done, fail) => {
    const socket = new Socket(address.replace('http', 'ws'));
    socket.onopen = () => done(`a socket to ${address}`);
    socket.onerror = fail;
    socket.onclose = fail;
  });

/** The same in a worker, which no tap sees. */
const inWorker = (text) =>
  new Promise((done, fail) => {
    const worker = new Worker(
      URL.createObjectURL(new Blob([`(async () => { ${text} })().then(postMessage, () => postMessage(''));`])),
    );
    worker.onmessage = ({ data }) => done(data);
    worker.onerror = fail;
  });

const attempts = {
  'the document of the page': () => parent.document.title,
  'the address of the page': () => top.location.href,
  'the edits of the page': () => parent.localStorage.length + 1,
  'another frame of the page': () =>
    [...Array(parent.frames.length).keys()]
      .map((i) => parent.frames[i])
      .filter((frame) => frame !== window)
      .map((frame) => frame.document.body)[0],
  'a page that opens': () => open(book),
  'the page elsewhere': () => {
    top.location = book;
    return '';
  },
  storage: () => localStorage,
  'storage of a session': () => sessionStorage,
  'a database': () => indexedDB,
  'a cache': () => caches,
  'a cookie': () => document.cookie || 'none, but readable',
  'a service worker': () => navigator.serviceWorker,
  'edits in the storage of a frame': () => Object.keys(fresh.localStorage).join(),
  'what an earlier run has stored': () => fresh.localStorage.getItem('stored'),
  'a cookie for all names of this machine': () => {
    fresh.document.cookie = 'stolen=1; domain=localhost; path=/';
    return fresh.document.cookie.includes('stolen') && 'a cookie';
  },
  'a service worker by a frame': () => fresh.navigator.serviceWorker.register('/code/quickconnect/js/index.js'),
  'the proof': () =>
    [window.name, document.documentElement.outerHTML, ...performance.getEntries().map(({ name }) => name)].find(
      (text) => text.includes(secret),
    ),
  'a socket': () => openSocket(`${book}/`),
  'a socket by the other name': () => openSocket(`${twin}/primus?proof=${secret}`, fresh.WebSocket),
  'a socket by the own name': () => openSocket(`${location.origin}/primus?proof=${secret}`, fresh.WebSocket),
  'a socket of attendees': () => openSocket(`${book}/workshop/attend`, fresh.WebSocket),
  'a page': () => fresh.fetch(`${book}/`, { mode: 'no-cors' }).then(() => 'a response'),
  'a page by the own name': () => fresh.fetch('/').then(() => 'a response'),
  'a line': () => fetch('/line', { method: 'POST' }).then(({ ok }) => ok && 'a line'),
  'a line by a frame': () => fresh.fetch(`${book}/line`, { method: 'POST', mode: 'no-cors' }).then(() => 'a line'),
  'the media room': () =>
    fetch('/whip/room/me', { method: 'POST', body: 'v=0' }).then(({ status }) => status !== 403 && 'a session'),
  'a module of the stage': () => import('/stage/proof.js').then(() => 'a module'),
  'a module of the book': () => import(`${book}/stage/root.js`).then(() => 'a module'),
  'a socket in a worker': () =>
    inWorker(
      `return new Promise((done, fail) => Object.assign(new WebSocket('${book.replace('http', 'ws')}/primus?proof=${secret}'), { onopen: () => done('a socket'), onerror: fail }));`,
    ),
  'a page in a worker': () => inWorker(`return fetch('${book}/', { mode: 'no-cors' }).then(() => 'a response');`),
  'a page of the book in a frame': () =>
    new Promise((done) => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      frame.onload = () => {
        // Where a policy refuses it, there is an error page, or nothing.
        try {
          done(frame.contentDocument?.querySelector('meta[name=guidebook-proof]')?.content);
        } catch {
          done('');
        }
      };
      frame.src = `${book}/`;
    }),
};

for (const [what, attempt] of Object.entries(attempts)) {
  const late = new Promise((done) => setTimeout(done, SECONDS * 1_000, ''));
  const got = await Promise.race([(async () => attempt())().catch(() => ''), late]);
  console.log(got ? `REACHED ${what}: ${got}` : `out of reach: ${what}`);
}
try {
  fresh.localStorage.setItem('stored', 'by a run');
} catch {
  // It has no storage at all.
}
console.log('all tried', Object.keys(attempts).length);
