const names = () => performance.getEntriesByType('resource').map((entry) => entry.name);
const wasLoaded = names().some((one) => one.includes('test-network'));
const posted = [];
MessagePort.prototype.postMessage = (message) => posted.push(message);
const { openLine } = await import('test-network');

// What the demo breaks does not matter to the requests.
const unanswered = [];
const { href } = new URL('/line', document.baseURI);
for (const [holder, method] of [
  [Request.prototype, 'text'],
  [Map.prototype, 'get'],
  [Map.prototype, 'set'],
  [Map.prototype, 'delete'],
  [RegExp.prototype, 'exec'],
  [String.prototype, 'startsWith'],
  [String.prototype, 'slice'],
  [Promise.prototype, 'then'],
]) {
  const own = holder[method];
  holder[method] = () => {
    throw new Error('the demo has broken it');
  };
  const asked = fetch(new Request('/line'));
  holder[method] = own;
  const { ok, url } = await asked;
  if (!ok || url !== href) unanswered.push(method);
}

const ice = await fetch(new URL('/ice', document.baseURI), { method: 'POST' });
const { iceServers } = await ice.json();
const controller = new AbortController();
const late = fetch('/line', { signal: controller.signal }).catch(({ name }) => name);
controller.abort();
const aborted = await fetch('/line', { signal: AbortSignal.abort() }).catch(({ name }) => name);
const malformed = await fetch('/line', { method: 'GET', body: 'a' }).catch(({ name }) => name);
const nowhere = await fetch('/line/none');
console.log(
  'fetch',
  JSON.stringify([unanswered, Array.isArray(iceServers), await late, aborted, malformed, nowhere.status, wasLoaded]),
);
const line = await openLine();
console.log('seen', JSON.stringify([names(), ice.url, [...ice.headers], posted, Object.keys(line), window.name]));
