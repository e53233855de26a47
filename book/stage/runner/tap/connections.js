// @ts-check
// Records the demo's peer connections and data channels: calls and their outcome, states, candidates, messages. The demo still gets the
// browser's own objects and errors, in the same order.

/**
 * Wraps the classes of WebRTC.
 * @param {() => boolean} hasSocket whether the demo has opened one: without, both sides of a connection are on this page
 * @returns {{ missing: string[], isConnected: () => boolean, alive: () => [id: string, pc: RTCPeerConnection][] }} what this browser lacks, so that nothing is observed; whether a channel was ever open; the connections that are not closed
 */
stage.tapConnections = (hasSocket) => {
  /** The classes that are observed. Extensions and settings remove some or all of them. */
  const NEEDED = [
    'RTCPeerConnection',
    'RTCSessionDescription',
    'RTCIceCandidate',
    'RTCDataChannel',
    'RTCDataChannelEvent',
    'RTCPeerConnectionIceEvent',
  ];
  /** Characters of a channel's message that are recorded. */
  const MAX_MESSAGE_TEXT = 200;
  /** Open connections that are known at the same time. Chromium allows fewer; of more, the oldest are forgotten. */
  const MAX_OPEN = 1_000;

  const missing = NEEDED.filter((name) => typeof (/** @type {any} */ (globalThis)[name]) !== 'function');
  if (missing.length > 0) return { missing, isConnected: () => false, alive: () => [] };

  const { apply, attempt, construct, contents, faults, line, lines, media, recorder, standIn } = stage;
  const { record, then, getter, plain, now, observer, watch, here, halt, nextCall } = recorder;
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
  /**
   * Those that are not closed. A channel keeps its connection (https://www.w3.org/TR/webrtc/#garbage-collection), but Firefox closes one of which
   * the code has kept only the channels. @type {Map<string, RTCPeerConnection>}
   */
  const alive = new Map();
  let connections = 0;
  let channels = 0;
  let isConnected = false;

  // Where possible, recording comes after the browser's own call, so that it does not delay what the browser does in other threads.
  /** @type {any} */
  const tapped = standIn(NativeConnection, {
    construct(/** @type {Function} */ target, /** @type {any[]} */ args, /** @type {Function} */ newTarget) {
      const at = now();
      const fault = faults.has('relay-only') ? 'relay-only' : undefined;
      // Inherits the rest of the configuration, so that only the browser reads it, and once.
      const given = fault ? [objectWith(args[0] ?? null, { iceTransportPolicy: { value: 'relay' } })] : args;
      const pc = construct(target, given, newTarget === tapped ? target : newTarget);
      const on = `pc${(connections += 1)}`;
      ids.set(pc, on);
      keep(on, pc);
      watch(pc, ofConnection);
      if (args[0]) watch(pc, ofServers);
      const text = args[0] || fault ? brief(args[0], fault && 'relay') : '';
      record({ type: 'new', on, name: 'RTCPeerConnection', text, fault, trace: here() }, at);
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
      const found = candidateOf(event);
      const given = line.give(pc, event, found);
      if (given === null) return halt(event);
      const fault = given && line.FAULT;
      record({ type: 'candidate', on: ids.get(pc), fault, later: () => candidateIn(given ?? found) });
    }),
    observer('negotiationneeded', (/** @type {object} */ pc) =>
      record({ type: 'event', on: ids.get(pc), name: 'negotiationneeded' }),
    ),
    observer('track', (/** @type {object} */ pc, /** @type {Event} */ event) => {
      record({ type: 'event', on: ids.get(pc), name: 'track' });
      media.received(event, ids.get(pc));
    }),
    observer('datachannel', (/** @type {object} */ pc, /** @type {Event} */ event) =>
      watchChannel(channelOf(event), /** @type {string} */ (ids.get(pc)), 'remote', undefined),
    ),
  ];

  /** Only STUN and TURN servers cause this event; most demos use none. */
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

  /** The arguments of calls, as far as they can be read without running code of the demo. @type {Record<string, (args: any[]) => any>} */
  const given = {
    setLocalDescription: (args) => descriptionIn(args[0]),
    setRemoteDescription: (args) => descriptionIn(args[0]),
    addIceCandidate: ([candidate]) =>
      candidate instanceof NativeCandidate && !faults.isAny()
        ? { later: () => candidateIn(candidate) }
        : candidateIn(candidate),
  };
  const nothing = {};
  /** The results of calls. @type {Record<string, (result: any, pc: RTCPeerConnection, fields: any) => any>} */
  const gives = {
    createOffer: (description) => descriptionIn(description),
    createAnswer: (description) => descriptionIn(description),
    // Without an argument, the method creates the description. It is read from the connection only if needed, because that is slow.
    setLocalDescription: (_, pc, fields) => (fields.text ? fields : descriptionIn(localDescriptionOf(pc))),
  };

  // Rejections are DOMExceptions without a stack, so the line of the call is noted. The returned promise adopts the browser's, so that an
  // unhandled rejection is still reported.
  for (const name of [
    'createOffer',
    'createAnswer',
    'setLocalDescription',
    'setRemoteDescription',
    'addIceCandidate',
  ]) {
    const isArrival = name === 'setRemoteDescription' || name === 'addIceCandidate';
    const readIn = name === 'addIceCandidate' ? candidateIn : descriptionIn;
    tapMethod(connection, name, (method, pc, args, on) => {
      const fields = given[name]?.(args) ?? nothing;
      /** @type {Error | undefined} */
      let trace;
      /** @param {string} [fault] @param {object} [changed] @param {(result: any) => any} [reshape] what the code gets of the result */
      const make = (fault, changed, reshape) => {
        const at = now();
        const call = nextCall();
        const instead = changed && (args.length > 1 ? [changed, args[1], args[2]] : [changed]);
        const result = apply(method, pc, instead ?? args);
        trace ??= here();
        const { value, text, mid, index, fragment, later } = changed ? readIn(changed) : fields;
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
        return new Promise((resolve) => resolve(reshape ? then(result, reshape) : result));
      };
      /** @param {string} [fault] @param {RTCSessionDescriptionInit} [changed] */
      const deliver = (fault, changed) => {
        const way = line.wayOf(pc, on, !hasSocket());
        if (!way) return make(fault, changed);
        trace ??= here();
        return line.pass(way, { name, pc, args: changed ? [changed] : args, fault, deliver: make });
      };
      if (!isArrival || !faults.isAny()) return deliver();
      // A fault may deliver it later, when the demo's stack is gone.
      trace = here();
      return faults.arrive({ name, pc, id: on, fields, deliver, isPair: !hasSocket() });
    });
  }

  for (const name of ['restartIce', 'addTrack', 'removeTrack', 'addTransceiver']) {
    tapMethod(connection, name, (method, pc, args, on) =>
      tell(
        { type: 'call', on, name },
        () => apply(method, pc, args),
        (_, trace) => media.sent(args[0], on, trace),
      ),
    );
  }
  tapMethod(connection, 'close', (method, pc, args, on) => {
    line.close(pc);
    alive.delete(on);
    return tell({ type: 'call', on, name: 'close' }, () => apply(method, pc, args));
  });
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
   * Records a synchronous call.
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

  // --- Reading arguments and results

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

  /** A configuration as text, without its credentials, if it is plain data. @param {unknown} configuration @param {string} [policy] */
  function brief(configuration, policy = textOr(plain(configuration, 'iceTransportPolicy'))) {
    const servers = plain(configuration, 'iceServers');
    const urls = Array.isArray(servers) ? servers.map((server) => plain(server, 'urls')) : [];
    return stringify({ iceTransportPolicy: policy, iceServers: urls });
  }

  /** @param {string} on @param {RTCPeerConnection} pc */
  function keep(on, pc) {
    alive.set(on, pc);
    if (alive.size > MAX_OPEN) alive.delete(/** @type {string} */ (alive.keys().next().value));
  }

  return { missing, isConnected: () => isConnected, alive: () => [...alive] };
};
