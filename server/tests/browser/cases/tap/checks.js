// What code can see of the browser's own classes. Each check holds where nothing observes, and must hold where the stage does.
const checks = {
  'a connection is an instance of its class': () => new RTCPeerConnection() instanceof RTCPeerConnection,
  'the constructor of a connection is the class': () => new RTCPeerConnection().constructor === RTCPeerConnection,
  'the prototype leads back to the class': () => RTCPeerConnection.prototype.constructor === RTCPeerConnection,
  'the class has its name and length': () =>
    RTCPeerConnection.name === 'RTCPeerConnection' && RTCPeerConnection.length === 0,
  'the class can not be called': () => fails(() => RTCPeerConnection(), TypeError),
  'static methods are there': () => typeof RTCPeerConnection.generateCertificate === 'function',
  'a bad configuration is refused at once': () =>
    fails(() => new RTCPeerConnection({ iceServers: [{ urls: 'x' }] }), DOMException, 'SyntaxError'),
  'a subclass works': () => {
    class Own extends RTCPeerConnection {
      own() {
        return this.signalingState;
      }
    }
    const pc = new Own();
    return (
      pc instanceof Own &&
      pc.constructor === Own &&
      pc.own() === 'stable' &&
      String(pc) === '[object RTCPeerConnection]'
    );
  },
  'a connection has no property of its own': () => Reflect.ownKeys(new RTCPeerConnection()).length === 0,
  'methods keep name, length and attributes': () => {
    const { createOffer, addIceCandidate } = RTCPeerConnection.prototype;
    const property = Object.getOwnPropertyDescriptor(RTCPeerConnection.prototype, 'createOffer');
    return (
      createOffer.name === 'createOffer' &&
      addIceCandidate.length === 0 &&
      property.writable &&
      property.enumerable &&
      property.configurable
    );
  },
  'functions show as the browser’s own': () => {
    const own = [
      RTCPeerConnection.prototype.createOffer,
      RTCDataChannel.prototype.send,
      WebSocket.prototype.send,
      WebSocket.prototype.close,
      RTCPeerConnection,
      WebSocket,
      console.log,
      Function.prototype.toString,
    ];
    return own.every(
      (one) =>
        !one.name.startsWith('bound') &&
        Function.prototype.toString.call(one).replaceAll(/\s+/g, ' ') === `function ${one.name}() { [native code] }` &&
        `${one}` === one.toString(),
    );
  },
  'what is observed of media shows as the browser’s own': () => {
    const [srcObject, enabled] = [
      [HTMLMediaElement.prototype, 'srcObject'],
      [MediaStreamTrack.prototype, 'enabled'],
    ].map(([prototype, name]) => Object.getOwnPropertyDescriptor(prototype, name));
    const own = [HTMLMediaElement.prototype.play, srcObject.set, enabled.set];
    return (
      own.every((one) => Function.prototype.toString.call(one).replaceAll(/\s+/g, ' ').endsWith('{ [native code] }')) &&
      srcObject.set.name === 'set srcObject' &&
      srcObject.enumerable &&
      srcObject.configurable
    );
  },
  'a media element has no property of its own, and plays by a promise': () => {
    const video = document.createElement('video');
    video.srcObject = new MediaStream();
    const played = video.play();
    played.catch(() => {});
    return Reflect.ownKeys(video).length === 0 && played instanceof Promise;
  },
  'what is no stream is refused as a source': () =>
    fails(() => {
      document.createElement('video').srcObject = 1;
    }, TypeError),
  'what is no function has no text of one': () =>
    fails(() => Function.prototype.toString.call({}), TypeError) &&
    Function.prototype.toString.call(() => 1) === '() => 1',
  'a method of a stranger is refused': () => fails(() => RTCDataChannel.prototype.send.call({}, 'x'), TypeError),
  'an asynchronous method of a stranger rejects': async () =>
    rejects(RTCPeerConnection.prototype.createOffer.call({}), TypeError),
  'methods return promises of their own': () => new RTCPeerConnection().createOffer() instanceof Promise,
  'a refused call rejects with the error of the browser': () =>
    rejects(new RTCPeerConnection().createAnswer(), DOMException, 'InvalidStateError'),
  'an offer is a description': async () => {
    const offer = await new RTCPeerConnection().createOffer();
    return offer.type === 'offer' && typeof offer.sdp === 'string';
  },
  'callbacks in place of promises work': () =>
    new Promise((done) =>
      new RTCPeerConnection().createOffer(
        (offer) => done(offer.type === 'offer'),
        () => done(false),
      ),
    ),
  'a getter of a candidate runs once': async () => {
    let count = 0;
    const candidate = {
      sdpMid: '0',
      get candidate() {
        return `x${(count += 1)}`;
      },
    };
    await new RTCPeerConnection().addIceCandidate(candidate).catch(() => {});
    return count === 1;
  },
  'a channel is an instance of its class': () => {
    const channel = new RTCPeerConnection().createDataChannel('x');
    return (
      channel instanceof RTCDataChannel &&
      channel.constructor === RTCDataChannel &&
      Reflect.ownKeys(channel).length === 0
    );
  },
  'to send too early throws at once': () =>
    fails(() => new RTCPeerConnection().createDataChannel('x').send('early'), DOMException, 'InvalidStateError'),
  'listeners are called in the order in which they were added': () =>
    new Promise((done) => {
      const pc = new RTCPeerConnection();
      const heard = [];
      pc.onnegotiationneeded = () => heard.push(1);
      pc.addEventListener('negotiationneeded', () => done(heard.join() === '1'));
      pc.createDataChannel('x');
    }),
  'a socket is an instance of its class': () => {
    const socket = new WebSocket(location.origin.replace('http', 'ws'));
    const isOne =
      socket instanceof WebSocket &&
      socket.constructor === WebSocket &&
      socket.readyState === WebSocket.CONNECTING &&
      Reflect.ownKeys(socket).length === 0;
    socket.close();
    return isOne;
  },
  'a socket with a bad address is refused at once': () =>
    fails(() => new WebSocket('wss://'), DOMException, 'SyntaxError'),
  'a socket refuses to send before it is open': () =>
    fails(() => new WebSocket(location.origin.replace('http', 'ws')).send('early'), DOMException, 'InvalidStateError'),
  'a socket shows its address as it was given': () => {
    const given = `${location.origin.replace('http', 'ws')}/primus?x=1`;
    const socket = new WebSocket(given);
    socket.close();
    return socket.url === given;
  },
  'an address becomes text once': () => {
    let count = 0;
    new WebSocket({ toString: () => `${location.origin.replace('http', 'ws')}/?x=${(count += 1)}` }).close();
    return count === 1;
  },
  'the getter of an address is the browser’s own': () => {
    const { get, set, enumerable, configurable } = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'url');
    return (
      get.name === 'get url' &&
      set === undefined &&
      enumerable &&
      configurable &&
      /^function (get )?url\(\) \{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(get))
    );
  },
  'the getter of an address refuses a stranger': () =>
    fails(() => Object.getOwnPropertyDescriptor(WebSocket.prototype, 'url').get.call({}), TypeError),
  'a refused address is told as it was given': () => {
    try {
      new WebSocket(`${location.origin.replace('http', 'ws')}/#x`).close();
      return true;
    } catch (error) {
      return error.name === 'SyntaxError' && !error.message.includes('proof');
    }
  },
  'the name the runner used is empty': () => globalThis.stage === undefined,
};

function fails(act, type, name) {
  try {
    act();
    return false;
  } catch (error) {
    return error instanceof type && (!name || error.name === name);
  }
}

const rejects = (promise, type, name) =>
  promise.then(
    () => false,
    (error) => error instanceof type && (!name || error.name === name),
  );

const failed = [];
for (const [name, check] of Object.entries(checks)) {
  if ((await check()) !== true) failed.push(name);
}
console.log(`${Object.keys(checks).length} checks, failed: ${failed.join('; ') || 'none'}`);
