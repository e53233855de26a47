// @ts-check
// The demo's peer connections and data channels, observed: calls and their outcome, states, candidates, messages. The code gets what the
// browser would give it: the same objects, the same errors, the same order.

/**
 * @param {() => boolean} hasSocket whether the demo has opened one: without, both sides of a connection are on this page
 * @returns {{ isConnected: () => boolean, alive: () => [id: string, pc: RTCPeerConnection][] }} whether a channel was ever open; the connections that are not closed
 */
stage.tapConnections = (hasSocket) => {
  /** Of a message that a channel carries, so much is kept. */
  const MAX_MESSAGE_TEXT = 200;

  const { apply, attempt, construct, contents, faults, lines, recorder } = stage;
  const { record, getter, plain, watch, here, halt } = recorder;
  const NativeConnection = RTCPeerConnection;
  const connection = NativeConnection.prototype;
  const channelPrototype = RTCDataChannel.prototype;
  const { then } = Promise.prototype;
  const stringify = JSON.stringify;
  const objectWith = Object.create;

  const typeOf = getter(RTCSessionDescription.prototype, 'type');
  const sdpOf = getter(RTCSessionDescription.prototype, 'sdp');
  const localDescriptionOf = getter(connection, 'localDescription');
  const signalingStateOf = getter(connection, 'signalingState');
  const labelOf = getter(channelPrototype, 'label');
  const isNegotiated = getter(channelPrototype, 'negotiated');
  const dataOf = getter(MessageEvent.prototype, 'data');
  const channelOf = getter(RTCDataChannelEvent.prototype, 'channel');
  const errorOf = getter(globalThis.RTCErrorEvent?.prototype ?? {}, 'error') // not in every browser;
  const candidateOf = getter(RTCPeerConnectionIceEvent.prototype, 'candidate');
  const candidateFields = ['candidate', 'sdpMid', 'sdpMLineIndex', 'usernameFragment'];
  const candidateGetters = candidateFields.map((name) => getter(RTCIceCandidate.prototype, name));

  /** @type {WeakMap<object, string>} */
  const ids = new WeakMap();
  /** Weak, so that they end as they would without us. @type {Map<string, WeakRef<RTCPeerConnection>>} */
  const alive = new Map();
  const Reference = WeakRef;
  let connections = 0;
  let channels = 0;
  let calls = 0;
  let isConnected = false;

  /** @type {any} */
  const tapped = new Proxy(NativeConnection, {
    construct(target, args, newTarget) {
      const trace = here();
      const fault = faults.has('relay-only') ? 'relay-only' : undefined;
      // The rest of the configuration shines through, and is read once, by the browser.
      const given = fault ? [objectWith(args[0] ?? null, { iceTransportPolicy: { value: 'relay' } })] : args;
      const pc = construct(target, given, newTarget === tapped ? target : newTarget);
      const on = `pc${(connections += 1)}`;
      ids.set(pc, on);
      alive.set(on, new Reference(pc));
      record({ type: 'new', on, name: 'RTCPeerConnection', text: brief(args[0], fault && 'relay'), fault, trace });
      watchConnection(pc, on);
      return pc;
    },
  });
  connection.constructor = tapped;
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) {
    if (/** @type {any} */ (globalThis)[name] === NativeConnection) /** @type {any} */ (globalThis)[name] = tapped;
  }

  /** @param {RTCPeerConnection} pc @param {string} on */
  function watchConnection(pc, on) {
    for (const [name, event, property] of [
      ['signaling', 'signalingstatechange', 'signalingState'],
      ['gathering', 'icegatheringstatechange', 'iceGatheringState'],
      ['ice', 'iceconnectionstatechange', 'iceConnectionState'],
      ['connection', 'connectionstatechange', 'connectionState'],
    ]) {
      const read = getter(connection, property);
      watch(pc, event, () => record({ type: 'state', on, name, value: read(pc) }));
    }
    watch(pc, 'icecandidate', (/** @type {any} */ event) => record({ type: 'candidate', on, ...candidateIn(candidateOf(event)) }));
    watch(pc, 'icecandidateerror', (/** @type {any} */ event) => record({ type: 'candidate-error', on, value: String(event.errorCode), text: `${event.url} ${event.errorText}` }));
    watch(pc, 'negotiationneeded', () => record({ type: 'event', on, name: 'negotiationneeded' }));
    watch(pc, 'track', () => record({ type: 'event', on, name: 'track' }));
    watch(pc, 'datachannel', (/** @type {any} */ event) => watchChannel(channelOf(event), on, 'remote', undefined));
  }

  /** @param {RTCDataChannel} channel @param {string} of its connection @param {string} side @param {Error | undefined} trace */
  function watchChannel(channel, of, side, trace) {
    const on = `ch${(channels += 1)}`;
    ids.set(channel, on);
    record({ type: 'new', on, of, name: 'RTCDataChannel', side, value: isNegotiated(channel) ? 'negotiated' : '', text: labelOf(channel), trace });
    for (const [event, value] of [['open', 'open'], ['closing', 'closing'], ['close', 'closed']]) {
      watch(channel, event, () => {
        isConnected ||= value === 'open';
        record({ type: 'state', on, name: 'channel', value });
      });
    }
    watch(channel, 'message', (/** @type {any} */ event) => {
      const fault = faults.has('freeze') ? 'freeze' : undefined;
      record({ type: 'message', on, side: 'in', fault, ...contents(dataOf(event), MAX_MESSAGE_TEXT) });
      if (fault) halt(event);
    });
    watch(channel, 'error', (/** @type {any} */ event) => record({ type: 'error', on, text: String(errorOf(event)?.message ?? '') }));
  }

  // --- Calls

  /** What a call is given, as far as it can be told without running code of the demo. @type {Record<string, (args: any[]) => object>} */
  const given = {
    setLocalDescription: (args) => descriptionIn(args[0]),
    setRemoteDescription: (args) => descriptionIn(args[0]),
    addIceCandidate: (args) => candidateIn(args[0]),
  };
  /** What a call gives. @type {Record<string, (result: any, pc: RTCPeerConnection) => object>} */
  const gives = {
    createOffer: (description) => descriptionIn(description),
    createAnswer: (description) => descriptionIn(description),
    // Called without a description, it makes one.
    setLocalDescription: (_, pc) => descriptionIn(localDescriptionOf(pc)),
  };

  // What is refused comes as a DOMException without a stack, so the line of the call is noted. The promise that is passed on follows the
  // browser's own, so that it fails unhandled where that one would have.
  for (const name of ['createOffer', 'createAnswer', 'setLocalDescription', 'setRemoteDescription', 'addIceCandidate']) {
    tapMethod(connection, name, (method, pc, args, on) => {
      const trace = here();
      const fields = given[name]?.(args) ?? {};
      /** @param {string} [fault] @param {RTCSessionDescriptionInit} [changed] */
      const deliver = (fault, changed) => {
        const call = (calls += 1);
        record({ type: 'call', on, name, call, trace, fault, ...(changed ? descriptionIn(changed) : fields) });
        const result = apply(method, pc, changed ? [changed] : args);
        apply(then, result, [
          (/** @type {any} */ value) => record({ type: 'done', on, name, call, ...gives[name]?.(value, pc) }),
          (/** @type {unknown} */ error) => {
            record({ type: 'failed', on, name, call, ...errorIn(error) });
            lines.note(error, trace);
          },
        ]);
        return new Promise((resolve) => resolve(result));
      };
      const isArrival = name === 'setRemoteDescription' || name === 'addIceCandidate';
      return (isArrival && faults.arrive({ name, pc, id: on, fields, deliver, isPair: !hasSocket() })) || deliver();
    });
  }

  for (const name of ['close', 'restartIce', 'addTrack', 'removeTrack', 'addTransceiver', 'setConfiguration', 'createDataChannel']) {
    tapMethod(connection, name, (method, pc, args, on) =>
      tell({ type: 'call', on, name, text: name === 'setConfiguration' ? brief(args[0]) : undefined }, (trace) => {
        const result = apply(method, pc, args);
        if (name === 'createDataChannel') watchChannel(result, on, 'local', trace);
        return result;
      }));
  }
  tapMethod(channelPrototype, 'send', (method, channel, args, on) =>
    tell({ type: 'message', on, side: 'out', ...contents(args[0], MAX_MESSAGE_TEXT) }, () => apply(method, channel, args)));
  tapMethod(channelPrototype, 'close', (method, channel, args, on) =>
    tell({ type: 'call', on, name: 'close' }, () => apply(method, channel, args)));

  /** Records a call that is over when it returns, or throws. @param {Record<string, any>} fields @param {(trace: Error) => unknown} act */
  function tell(fields, act) {
    const trace = here();
    record({ ...fields, trace });
    return attempt(() => act(trace), (/** @type {unknown} */ error) => {
      record({ type: 'failed', on: fields.on, name: fields.name ?? 'send', ...errorIn(error) });
      lines.note(error, trace);
    });
  }

  /**
   * @param {any} prototype @param {string} name
   * @param {(method: Function, self: any, args: any[], on: string) => unknown} act
   */
  function tapMethod(prototype, name, act) {
    prototype[name] = new Proxy(prototype[name], {
      apply(method, self, args) {
        const on = ids.get(self);
        return on ? act(method, self, args, on) : apply(method, self, args);
      },
    });
  }

  // --- Looking at what the demo gives and gets

  /** @param {unknown} description */
  function descriptionIn(description) {
    if (description instanceof RTCSessionDescription) return { value: typeOf(description), text: sdpOf(description) };
    return { value: textOr(plain(description, 'type')), text: textOr(plain(description, 'sdp')) };
  }

  /** @param {unknown} candidate none stands for the end of them */
  function candidateIn(candidate) {
    const isNative = candidate instanceof RTCIceCandidate;
    const [text = '', mid, index, fragment] = candidateFields.map((name, i) => (isNative ? candidateGetters[i](candidate) : plain(candidate, name)));
    return { text: String(text), mid: textOr(mid), index: Number.isInteger(index) ? index : undefined, fragment: textOr(fragment) };
  }

  /** @param {any} error */
  function errorIn(error) {
    const isNative = error instanceof DOMException || error instanceof TypeError;
    return isNative ? { value: error.name, text: error.message } : {};
  }

  /** @param {unknown} value */
  const textOr = (value) => (typeof value === 'string' ? value : undefined);

  /** A configuration as text, without what is secret in it, if it is plain data. @param {unknown} configuration @param {string} [policy] */
  function brief(configuration, policy = textOr(plain(configuration, 'iceTransportPolicy'))) {
    const servers = plain(configuration, 'iceServers');
    const urls = Array.isArray(servers) ? servers.map((server) => plain(server, 'urls')) : [];
    return configuration === undefined && !policy ? '' : stringify({ iceTransportPolicy: policy, iceServers: urls });
  }

  return {
    isConnected: () => isConnected,
    alive() {
      /** @type {[string, RTCPeerConnection][]} */
      const found = [];
      for (const [id, reference] of alive) {
        const pc = reference.deref();
        if (!pc || signalingStateOf(pc) === 'closed') alive.delete(id);
        else found[found.length] = [id, pc];
      }
      return found;
    },
  };
};
