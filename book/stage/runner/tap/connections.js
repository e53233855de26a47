// @ts-check
// The demo's peer connections and data channels, observed: calls and their outcome, states, candidates, messages. The code gets what the
// browser would give it: the same objects, the same errors, the same order.

/**
 * @param {() => boolean} hasSocket whether the demo has opened one: without, both sides of a connection are on this page
 * @returns {{ missing: string[], isConnected: () => boolean, alive: () => [id: string, pc: RTCPeerConnection][] }} what this browser lacks, so that nothing is observed; whether a channel was ever open; the connections that are not closed
 */
stage.tapConnections = (hasSocket) => {
  /** What there must be to look at: extensions take away some or all of it. */
  const NEEDED = [
    'RTCPeerConnection',
    'RTCSessionDescription',
    'RTCIceCandidate',
    'RTCDataChannel',
    'RTCDataChannelEvent',
    'RTCPeerConnectionIceEvent',
  ];
  /** Of a message that a channel carries, so much is kept. */
  const MAX_MESSAGE_TEXT = 200;
  /** Browsers refuse further connections while so many are open: of more, some are over and can be forgotten. */
  const MAX_OPEN = 1_000;

  const missing = NEEDED.filter((name) => typeof (/** @type {any} */ (globalThis)[name]) !== 'function');
  if (missing.length > 0) return { missing, isConnected: () => false, alive: () => [] };

  const { apply, attempt, construct, contents, faults, lines, recorder, standIn } = stage;
  const { record, then, getter, plain, now, observer, watch, here, halt } = recorder;
  const NativeConnection = RTCPeerConnection;
  const NativeDescription = RTCSessionDescription;
  const NativeCandidate = RTCIceCandidate;
  const connection = NativeConnection.prototype;
  const channelPrototype = RTCDataChannel.prototype;
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
  const errorOf = getter(globalThis.RTCErrorEvent?.prototype ?? {}, 'error'); // not in every browser
  const candidateOf = getter(RTCPeerConnectionIceEvent.prototype, 'candidate');
  const [textOf, midOf, indexOf, fragmentOf] = ['candidate', 'sdpMid', 'sdpMLineIndex', 'usernameFragment'].map(
    (name) => getter(NativeCandidate.prototype, name),
  );
  const isWhole = Number.isInteger;

  /** @type {WeakMap<object, string>} */
  const ids = new WeakMap();
  /** Weak, so that they end as they would without us. @type {Map<string, WeakRef<RTCPeerConnection>>} */
  const alive = new Map();
  const Reference = WeakRef;
  let connections = 0;
  let channels = 0;
  let calls = 0;
  let isConnected = false;

  // What the tap does comes after the browser's own part, if it can: while that is at work elsewhere, nobody waits for the tap.
  /** @type {any} */
  const tapped = standIn(NativeConnection, {
    construct(/** @type {Function} */ target, /** @type {any[]} */ args, /** @type {Function} */ newTarget) {
      const at = now();
      const fault = faults.has('relay-only') ? 'relay-only' : undefined;
      // The rest of the configuration shines through, and is read once, by the browser.
      const given = fault ? [objectWith(args[0] ?? null, { iceTransportPolicy: { value: 'relay' } })] : args;
      const pc = construct(target, given, newTarget === tapped ? target : newTarget);
      const on = `pc${(connections += 1)}`;
      ids.set(pc, on);
      watch(pc, ofConnection);
      if (args[0]) watch(pc, ofServers);
      const text = args[0] || fault ? brief(args[0], fault && 'relay') : '';
      record({ type: 'new', on, name: 'RTCPeerConnection', text, fault, trace: here(), later: () => keep(on, pc) }, at);
      return pc;
    },
  });
  connection.constructor = tapped;
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) {
    if (/** @type {any} */ (globalThis)[name] === NativeConnection) /** @type {any} */ (globalThis)[name] = tapped;
  }

  const ofConnection = [
    ...[
      ['signaling', 'signalingstatechange', 'signalingState'],
      ['gathering', 'icegatheringstatechange', 'iceGatheringState'],
      ['ice', 'iceconnectionstatechange', 'iceConnectionState'],
      ['connection', 'connectionstatechange', 'connectionState'],
    ].map(([name, event, property]) => {
      const read = getter(connection, property);
      return observer(event, (/** @type {object} */ pc) =>
        record({ type: 'state', on: ids.get(pc), name, value: read(pc) }),
      );
    }),
    observer('icecandidate', (/** @type {object} */ pc, /** @type {Event} */ event) => {
      const candidate = candidateOf(event);
      record({ type: 'candidate', on: ids.get(pc), later: () => candidateIn(candidate) });
    }),
    observer('negotiationneeded', (/** @type {object} */ pc) =>
      record({ type: 'event', on: ids.get(pc), name: 'negotiationneeded' }),
    ),
    observer('track', (/** @type {object} */ pc) => record({ type: 'event', on: ids.get(pc), name: 'track' })),
    observer('datachannel', (/** @type {object} */ pc, /** @type {Event} */ event) =>
      watchChannel(channelOf(event), /** @type {string} */ (ids.get(pc)), 'remote', undefined),
    ),
  ];

  /** Only servers fail in this way, and most demos have none. */
  const ofServers = [
    observer('icecandidateerror', (/** @type {object} */ pc, /** @type {any} */ event) =>
      record({
        type: 'candidate-error',
        on: ids.get(pc),
        value: String(event.errorCode),
        text: `${event.url} ${event.errorText}`,
      }),
    ),
  ];

  const ofChannel = [
    ...[
      ['open', 'open'],
      ['closing', 'closing'],
      ['close', 'closed'],
    ].map(([event, value]) =>
      observer(event, (/** @type {object} */ channel) => {
        isConnected ||= value === 'open';
        record({ type: 'state', on: ids.get(channel), name: 'channel', value });
      }),
    ),
    observer('message', (/** @type {object} */ channel, /** @type {Event} */ event) => {
      const fault = faults.has('freeze') ? 'freeze' : undefined;
      const { text, size } = contents(dataOf(event), MAX_MESSAGE_TEXT);
      record({ type: 'message', on: ids.get(channel), side: 'in', fault, text, size });
      if (fault) halt(event);
    }),
    observer('error', (/** @type {object} */ channel, /** @type {Event} */ event) =>
      record({ type: 'error', on: ids.get(channel), text: String(errorOf(event)?.message ?? '') }),
    ),
  ];

  /** @param {RTCDataChannel} channel @param {string} of its connection @param {string} side @param {Error | undefined} trace */
  function watchChannel(channel, of, side, trace) {
    const on = `ch${(channels += 1)}`;
    ids.set(channel, on);
    watch(channel, ofChannel);
    record({
      type: 'new',
      on,
      of,
      name: 'RTCDataChannel',
      side,
      trace,
      later: () => ({ value: isNegotiated(channel) ? 'negotiated' : '', text: labelOf(channel) }),
    });
  }

  // --- Calls

  /** What a call is given, as far as it can be told without running code of the demo. @type {Record<string, (args: any[]) => any>} */
  const given = {
    setLocalDescription: (args) => descriptionIn(args[0]),
    setRemoteDescription: (args) => descriptionIn(args[0]),
    addIceCandidate: ([candidate]) =>
      candidate instanceof NativeCandidate && !faults.isAny()
        ? { later: () => candidateIn(candidate) }
        : candidateIn(candidate),
  };
  const nothing = {};
  /** What a call gives. @type {Record<string, (result: any, pc: RTCPeerConnection, fields: any) => any>} */
  const gives = {
    createOffer: (description) => descriptionIn(description),
    createAnswer: (description) => descriptionIn(description),
    // Called without a description, it makes one. To ask a connection for it takes long.
    setLocalDescription: (_, pc, fields) => (fields.text ? fields : descriptionIn(localDescriptionOf(pc))),
  };

  // What is refused comes as a DOMException without a stack, so the line of the call is noted. The promise that is passed on follows the
  // browser's own, so that it fails unhandled where that one would have.
  for (const name of [
    'createOffer',
    'createAnswer',
    'setLocalDescription',
    'setRemoteDescription',
    'addIceCandidate',
  ]) {
    const isArrival = name === 'setRemoteDescription' || name === 'addIceCandidate';
    tapMethod(connection, name, (method, pc, args, on) => {
      const fields = given[name]?.(args) ?? nothing;
      /** @type {Error | undefined} */
      let trace;
      /** @param {string} [fault] @param {RTCSessionDescriptionInit} [changed] */
      const deliver = (fault, changed) => {
        const at = now();
        const call = (calls += 1);
        const result = apply(method, pc, changed ? [changed] : args);
        trace ??= here();
        const { value, text, mid, index, fragment, later } = changed ? descriptionIn(changed) : fields;
        record({ type: 'call', on, name, call, trace, fault, value, text, mid, index, fragment, later }, at);
        then(
          result,
          (/** @type {any} */ made) => {
            const { value, text } = gives[name]?.(made, pc, fields) ?? nothing;
            record({ type: 'done', on, name, call, value, text });
          },
          (/** @type {unknown} */ error) => {
            record({ type: 'failed', on, name, call, ...errorIn(error) });
            lines.note(error, trace);
          },
        );
        return new Promise((resolve) => resolve(result));
      };
      if (!isArrival || !faults.isAny()) return deliver();
      // It may be delivered later, from elsewhere.
      trace = here();
      return faults.arrive({ name, pc, id: on, fields, deliver, isPair: !hasSocket() });
    });
  }

  for (const name of ['close', 'restartIce', 'addTrack', 'removeTrack', 'addTransceiver']) {
    tapMethod(connection, name, (method, pc, args, on) =>
      tell({ type: 'call', on, name }, () => apply(method, pc, args)),
    );
  }
  tapMethod(connection, 'setConfiguration', (method, pc, args, on) =>
    tell(
      { type: 'call', on, name: 'setConfiguration', text: brief(args[0]) },
      () => apply(method, pc, args),
      () => watch(pc, ofServers),
    ),
  );
  tapMethod(connection, 'createDataChannel', (method, pc, args, on) =>
    tell(
      { type: 'call', on, name: 'createDataChannel' },
      () => apply(method, pc, args),
      (/** @type {RTCDataChannel} */ channel, /** @type {Error} */ trace) => watchChannel(channel, on, 'local', trace),
    ),
  );
  tapMethod(channelPrototype, 'send', (method, channel, args, on) => {
    const { text, size } = contents(args[0], MAX_MESSAGE_TEXT);
    return tell({ type: 'message', on, side: 'out', text, size }, () => apply(method, channel, args));
  });
  tapMethod(channelPrototype, 'close', (method, channel, args, on) =>
    tell({ type: 'call', on, name: 'close' }, () => apply(method, channel, args)),
  );

  /**
   * Records a call that is over when it returns, or throws.
   * @param {Record<string, any>} fields
   * @param {() => unknown} act
   * @param {(result: any, trace: Error) => void} [see]
   */
  function tell(fields, act, see) {
    const at = now();
    /** @type {Error | undefined} */
    let trace;
    const told = () => {
      trace = here();
      fields.trace = trace;
      record(fields, at);
    };
    const result = attempt(act, (/** @type {unknown} */ error) => {
      told();
      record({ type: 'failed', on: fields.on, name: fields.name ?? 'send', trace, ...errorIn(error) });
      lines.note(error, trace);
    });
    told();
    see?.(result, /** @type {any} */ (trace));
    return result;
  }

  /**
   * @param {any} prototype @param {string} name
   * @param {(method: Function, self: any, args: any[], on: string) => unknown} act
   */
  function tapMethod(prototype, name, act) {
    prototype[name] = standIn(prototype[name], {
      apply(/** @type {Function} */ method, /** @type {any} */ self, /** @type {any[]} */ args) {
        const on = ids.get(self);
        return on ? act(method, self, args, on) : apply(method, self, args);
      },
    });
  }

  // --- Looking at what the demo gives and gets

  /** @param {unknown} description */
  function descriptionIn(description) {
    const isNative = description instanceof NativeDescription;
    return isNative
      ? { value: typeOf(description), text: sdpOf(description) }
      : { value: textOr(plain(description, 'type')), text: textOr(plain(description, 'sdp')) };
  }

  /** @param {unknown} candidate none stands for the end of them */
  function candidateIn(candidate) {
    const isNative = candidate instanceof NativeCandidate;
    const index = isNative ? indexOf(candidate) : plain(candidate, 'sdpMLineIndex');
    return {
      text: String((isNative ? textOf(candidate) : plain(candidate, 'candidate')) ?? ''),
      mid: textOr(isNative ? midOf(candidate) : plain(candidate, 'sdpMid')),
      index: isWhole(index) ? index : undefined,
      fragment: textOr(isNative ? fragmentOf(candidate) : plain(candidate, 'usernameFragment')),
    };
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
    return stringify({ iceTransportPolicy: policy, iceServers: urls });
  }

  /** @param {string} on @param {RTCPeerConnection} pc */
  function keep(on, pc) {
    if (alive.size >= MAX_OPEN) living();
    alive.set(on, new Reference(pc));
    return nothing;
  }

  /** Those that are not closed; forgets the others. */
  function living() {
    /** @type {[string, RTCPeerConnection][]} */
    const found = [];
    for (const [id, reference] of alive) {
      const pc = reference.deref();
      if (!pc || signalingStateOf(pc) === 'closed') alive.delete(id);
      else found[found.length] = [id, pc];
    }
    return found;
  }

  return { missing, isConnected: () => isConnected, alive: living };
};
