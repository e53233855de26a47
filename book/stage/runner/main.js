// @ts-check
// Runs the code in the iframe's name as a module, with the other files of the demo that it imports, and tells the page what it logs and where
// it fails. The port to the page stays in a closure, out of reach of the demo's code. Layout:
//   entries.js       what is logged, on its way to the page
//   console-tap.js   the demo's console (describe.js, platform.js: values as text; values.js keeps them for parts/unfold.js)
//   failures.js      errors that nobody handles (lines.js: in which line)
//   refusals.js      what a sandbox refuses without a word (made-files.js: what is behind addresses of blobs)
//   listeners.js     listeners that outlive `document.write`
//   height.js        the height of the demo's own content
//   picture.js       where its pictures are
//   given.js         what the page gives to the run
//   load-parts.js    loads parts that few runs need: modules, in parts/
//   no-storage.js    what a browser would keep, out of reach in frames that have an origin
//   add-proof.js     what proves to the server that this iframe is the book's, and a member's of a pair, for sockets
//   devices/         stand-ins for cameras and microphones: modules, loaded by runs that ask for them
//   tap/             what the demo does with connections, channels and sockets

(() => {
  /** How long the code waits for the iframe's size, in ms. */
  const SIZED_WITHIN = 250;
  /** What code has in it that could look at the size, itself or by what it imports. */
  const MEASURES = /width|height|size|clientrect|canvas|graph|media|video|svg/i;

  const {
    createEntries,
    faults,
    given,
    line,
    lines,
    listeners,
    media,
    mediaSigns,
    parts,
    proof,
    recorder,
    tapConnections,
    tapConsole,
    tapFailures,
    tapHeight,
    tapPicture,
    tapRefusals,
    tapRequests,
    tapSockets,
    tapStats,
    values,
  } = stage;
  const { then } = recorder;
  const NativePromise = Promise;
  const dataOf = recorder.getter(MessageEvent.prototype, 'data');

  const { port1: port, port2: remotePort } = new MessageChannel();
  /**
   * Bound now, because the demo may replace `MessagePort.prototype.postMessage`, and would get hold of this port.
   * @type {MessagePort['postMessage']}
   */
  const post = port.postMessage.bind(port);
  const entries = createEntries(post);
  /** The page was told that the server is gone, and has not sent the next proof yet. */
  let isUnproven = false;
  /** How stand-in devices are; empty without any. */
  let devices = '';
  /** Changes it, once they are there. @type {((state: string) => void) | undefined} */
  let setDevices;

  // After the load event: if the code navigates the iframe, the page then sees a second load event.
  addEventListener('load', run, { once: true });

  function run() {
    // The demo's code has reloaded the iframe.
    if (!given) return;
    window.name = '';
    const { files, faults: broken, proof: secret, ticket = '', devices: chosen = '' } = given;
    parts.start((/** @type {string} */ words) => entries.print('warn', words, undefined));
    faults.set(broken);
    proof.set(secret);
    proof.setTicket(ticket);
    devices = chosen;
    port.onmessage = (/** @type {MessageEvent} */ message) => {
      // The browser's own getter, which the demo may have replaced.
      const data = dataOf(message);
      if (data.type === 'faults') faults.set(data.faults);
      else if (data.type === 'proof') {
        proof.set(data.proof);
        isUnproven = false;
      } else if (data.type === 'ticket') proof.setTicket(data.ticket);
      else if (data.type === 'devices') {
        devices = data.state;
        setDevices?.(devices);
      } else if (data.type === 'line') line.opened(data);
      else if (data.type === 'answer') answered(data);
      else if (data.type === 'stats')
        readStats((/** @type {string} */ on, /** @type {object[]} */ reports, /** @type {object} */ more) =>
          post({ type: 'stats', on, reports, ...more }),
        );
      else if (data.type === 'unfold') {
        const answer = (/** @type {object} [found] */ found) =>
          post({ type: 'values', asked: data.asked, elapsed: entries.elapsed(), ...found });
        unfolding.use((/** @type {any} */ part) => answer(part.open(data)), answer);
      } else {
        post({ type: 'pong', asked: data.asked, elapsed: entries.elapsed() });
        listeners.restore();
      }
    };
    line.start((/** @type {object} */ message) => post({ type: 'line', ...message }));
    parent.postMessage('', '*', [remotePort]);
    post({ type: 'started' });
    const codeUrl = addressOf(files);
    const script = document.createElement('script');
    script.type = 'module';
    script.src = codeUrl;
    /** Resolved when it has loaded with all that it imports. */
    const loaded = new Promise((resolve) => {
      script.onload = () => {
        // Evaluated, except for what follows a top-level `await`.
        post({ type: 'evaluated' });
        resolve(undefined);
      };
      script.onerror = () => {
        importFailed();
        post({ type: 'import-failed' });
      };
    });
    const { ready } = parts;
    if (ready || devices) then(NativePromise.all([ready, devices && putDevices()]), begin);
    else begin();

    function begin() {
      const go = () => start(script, codeUrl, loaded);
      if (parts.speakOf(MEASURES)) onceSized(go);
      else go();
    }
  }

  /**
   * The page tells the iframe its size when it is next drawn, which a busy page does after the iframe has loaded. Code that measures itself, or makes a canvas as
   * wide as its window, would begin with 0; other code need not wait. A page that is out of sight isn't drawn, and nothing waits for it.
   * @param {() => void} begin
   */
  function onceSized(begin) {
    if (innerWidth > 0 || document.hidden) return begin();
    const waiting = new AbortController();
    const go = () => {
      waiting.abort();
      clearTimeout(timer);
      begin();
    };
    const timer = setTimeout(go, SIZED_WITHIN);
    addEventListener('resize', go, { signal: waiting.signal });
  }

  /**
   * Makes an address for each file. A module at such an address can't import by a relative one, so names of files are replaced by their addresses: a file can
   * import those behind it.
   * @param {{ name: string, code: string }[]} files
   * @returns {string} the address of the first
   */
  function addressOf(files) {
    const addresses = new Map();
    let url = '';
    for (let i = files.length - 1; i >= 0; i -= 1) {
      const { name, code } = files[i];
      url = URL.createObjectURL(new Blob([lines.linked(code, addresses)], { type: 'text/javascript' }));
      lines.setCode(i, name, url, code);
      addresses.set(`./${name}`, url);
    }
    return url;
  }

  /**
   * Starts the demo's code.
   * @param {HTMLScriptElement} script @param {string} codeUrl @param {Promise<unknown>} loaded
   */
  function start(script, codeUrl, loaded) {
    entries.start();
    recorder.start((/** @type {object[]} */ events, /** @type {number} */ dropped) =>
      post({ type: 'tap', events, dropped }),
    );
    mediaSigns.start(() => post({ type: 'media' }));
    tellWhatIsMissing();
    document.head.append(script);
    // The same module, not another run of it: WebKit tells of errors after a top-level `await` only who imports it.
    if (lines.isJavaScriptCore)
      then(import(codeUrl), undefined, (/** @type {unknown} */ error) => then(loaded, () => evaluationFailed(error)));
    look();
  }

  // The first peer connection of a process waits about 30 ms until the browser has started its network threads. This starts them while the
  // code loads. It comes before the taps, which would record it as the demo's.
  if (globalThis.RTCPeerConnection) warmUp();
  const unfolding = parts.create('unfold', 'Values can not be unfolded.', values);
  const { missing, isConnected, alive } = tapConnections(() => hasSocket());
  tapConsole({ print: entries.print, clear: entries.clear, isFlooded: entries.isFlooded });
  tapRefusals(entries.print);
  const { evaluationFailed, importFailed } = tapFailures(
    (/** @type {string} */ text, /** @type {number | undefined} */ line, /** @type {unknown} */ error) =>
      entries.print('error', text, line, [error], true),
  );
  const hasSocket = tapSockets(isConnected, lost);
  const answered = tapRequests((/** @type {object} */ request) => post({ type: 'request', ...request }));
  const readStats = tapStats(alive);
  const look = tapHeight((/** @type {number} */ height) => post({ type: 'height', height }));
  const lookForPicture = tapPicture((/** @type {object} */ box) => post({ type: 'picture', box }));
  listeners.onrewritten(look);
  listeners.onrewritten(lookForPicture);
  listeners.onrewritten(media.look);
  // No listener for `pagehide`, `unload` or `visibilitychange`: Chromium would wait for it before it ends the process of a removed iframe,
  // which never happens in one that hangs. That the iframe was navigated is detected by its silence instead.

  /** Puts stand-in devices in their place, before the demo's code begins. */
  async function putDevices() {
    try {
      const { install } = await import(new URL('runner/devices/devices.js', document.baseURI).href);
      const say = (/** @type {string} */ words) => entries.print('info', words, undefined);
      setDevices = await install({ state: devices, say, noting });
      setDevices?.(devices);
    } catch {
      entries.print('warn', 'The stand-in devices did not load: the code has what the browser gives it.', undefined);
    }
  }

  /**
   * Remembers where a request was made. If the demo does not handle its rejection, that is still reported: the promise is another one.
   * @template T
   * @param {Promise<T>} promise
   * @returns {Promise<T>}
   */
  function noting(promise) {
    const trace = recorder.here();
    then(promise, undefined, (/** @type {unknown} */ error) => lines.note(error, trace));
    return new NativePromise((resolve) => resolve(promise));
  }

  /** A socket to the server has closed. @param {boolean} wasOpen */
  function lost(wasOpen) {
    if (isUnproven) return;
    isUnproven = true;
    post({ type: 'lost', wasOpen });
  }

  // A `var` can't be deleted, so the demo finds the name, but undefined.
  stage = undefined;

  function warmUp() {
    try {
      new RTCPeerConnection().close();
    } catch {
      // The browser's limit of connections is reached. The demo gets the error when it creates its own.
    }
  }

  /** Warns of APIs that this browser lacks and that demos need; other code runs all the same. */
  function tellWhatIsMissing() {
    const say = (/** @type {string} */ text) => entries.print('warn', text, undefined);
    if (missing.includes('RTCPeerConnection')) {
      say(
        'This browser has no WebRTC: RTCPeerConnection is not there. It is switched off in the settings (in Firefox: media.peerconnection.enabled in about:config), by an extension, or was left out of this build. Code that needs it fails; other code runs.',
      );
    } else if (missing.length > 0) {
      say(`This browser lacks ${missing.join(', ')}: the instruments see nothing of connections. The code runs.`);
    }
    if (!globalThis.WebSocket)
      say(
        'This browser has no WebSocket, or it is switched off: code that needs a signaling server fails; other code runs.',
      );
  }
})();
