// @ts-check
// The data channels of one call, by label. The master of the pair creates them, so that no label exists twice; the slave asks it to.
//
// May import: nothing.

/** Channels that the other side may open in one call. Further ones are closed at once. */
const MAX_CHANNELS = 64;

/**
 * Creates and watches the data channels of one call.
 * @param {object} options
 * @param {RTCPeerConnection} options.pc
 * @param {boolean} options.isMaster
 * @param {ReadonlyMap<string, RTCDataChannelInit>} options.labels what our side has declared, for all calls
 * @param {number} options.timeout how long a channel may take to open once data channels work, in ms
 * @param {(request: string) => void} options.ask tells the master, if it can be told
 * @param {() => void} options.onproof a channel is open, and proves the connection
 * @param {(channel: RTCDataChannel) => void} options.onopen
 * @param {(channel: RTCDataChannel, label: string) => void} options.onclose
 * @param {(error: unknown) => void} options.onerror a channel could not be made
 * @param {AbortSignal} options.signal the call is over
 */
export function createChannels({ pc, isMaster, labels, timeout, ask, onproof, onopen, onclose, onerror, signal }) {
  /** The newest channel of each label, in whatever state. @type {Map<string, RTCDataChannel>} */
  const newest = new Map();
  /** @type {Map<string, RTCDataChannel>} */
  const open = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let isUp = false;

  pc.addEventListener('datachannel', take, { signal });

  /** @param {RTCDataChannelEvent} event */
  function take({ channel }) {
    if (newest.size >= MAX_CHANNELS && !newest.has(channel.label)) channel.close();
    else watch(channel);
  }

  /** @param {RTCDataChannel} channel */
  function watch(channel) {
    const { label } = channel;
    newest.set(label, channel);
    function opened() {
      onproof();
      // A listener may have ended the call.
      if (signal.aborted || open.get(label) === channel) return;
      open.set(label, channel);
      onopen(channel);
    }
    if (channel.readyState === 'open') opened();
    channel.addEventListener('open', opened, { signal });
    channel.addEventListener('close', gone, { signal });
    function gone() {
      if (newest.get(label) === channel) newest.delete(label);
      if (open.get(label) === channel) closed(channel, label);
    }
  }

  /** @param {RTCDataChannel} channel @param {string} label */
  function closed(channel, label) {
    open.delete(label);
    onclose(channel, label);
  }

  /** @param {string} label @param {RTCDataChannelInit} config */
  function make(label, config) {
    if (newest.has(label)) return;
    // As in the original library: negotiated channels get their ids from the order in which both sides declare them.
    const id = [...labels.keys()].indexOf(label);
    try {
      watch(pc.createDataChannel(label, config.negotiated ? { id, ...config } : config));
    } catch (error) {
      onerror(error);
    }
  }

  /** @param {string} label @param {RTCDataChannelInit} config */
  function declare(label, config) {
    if (isMaster || config.negotiated) make(label, config);
    else if (!newest.has(label)) ask(JSON.stringify({ open: label, config }));
  }

  function checkLater() {
    clearTimeout(timer);
    timer = setTimeout(check, timeout);
  }

  /** Recreates channels that did not open. The slave also creates what the master has not: masters of other implementations can't be asked. */
  function check() {
    for (const [label, config] of labels) {
      if (open.has(label)) continue;
      newest.get(label)?.close();
      newest.delete(label);
      make(label, config);
    }
  }

  if (isMaster) labels.forEach((config, label) => make(label, config));
  else labels.forEach((config, label) => config.negotiated && make(label, config));

  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    for (const [label, channel] of [...open]) {
      channel.close();
      closed(channel, label);
    }
  });

  return {
    open,

    /** Data channels work from now on, and the master can be asked. */
    start() {
      isUp = true;
      labels.forEach((config, label) => declare(label, config));
      if (labels.size > 0) checkLater();
    },

    /** Our side has declared one more. @param {string} label */
    add(label) {
      declare(label, labels.get(label) ?? {});
      if (isUp) checkLater();
    },

    /** The slave asks for a channel. @param {string} request */
    receive(request) {
      try {
        const { open: label, config } = JSON.parse(request);
        if (typeof label !== 'string') throw new TypeError('a data channel has a label');
        const { ordered, maxRetransmits, maxPacketLifeTime, protocol } = config ?? {};
        if (isMaster && newest.size < MAX_CHANNELS)
          make(label, { ordered, maxRetransmits, maxPacketLifeTime, protocol });
      } catch (error) {
        onerror(error);
      }
    },
  };
}
