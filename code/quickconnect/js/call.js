// @ts-check
// One call: the peer connection to one other peer, from the start of its negotiation to its end. Knows nothing of sockets or rooms.
//
// May import: channels.js, emitter.js, liveness.js, media.js, negotiation.js.

import { createChannels } from './channels.js';
import { createEmitter } from './emitter.js';
import { createLiveness } from './liveness.js';
import { watchRemoteMedia } from './media.js';
import { createNegotiation } from './negotiation.js';

/** `ready` is repeated until the other side has sent it too: first after this time, in ms, then each time after twice as long, up to the longest. */
const FIRST_READY = 100;
const LONGEST_READY = 1_000;
/**
 * A hidden data channel that both sides declare with the same id. It keeps the first offer from being empty (without a media section there is
 * no ICE and no `call:started`), and carries the messages of `liveness.js` and `channels.js`. The id is high, to collide with none of the user's.
 */
const HIDDEN_CHANNEL = { label: 'rtc-quickconnect', id: 1022 };

/** Whether a track of ours waits for an offer. @param {RTCRtpTransceiver} transceiver */
const isUnsent = ({ direction, currentDirection }) =>
  direction.startsWith('send') && !currentDirection?.startsWith('send');

/**
 * @typedef {ReturnType<typeof createCall>} Call
 * @typedef {'ended' | 'failed' | 'refused'} Why the other side has ended the call, it is lost, or the signaling server takes no message as large as
 *   one of its own
 */

/**
 * Starts a call.
 * @param {object} options
 * @param {import('./index.js').Peer} options.peer
 * @param {boolean} options.isMaster the master makes the first offer
 * @param {RTCPeerConnection} options.pc a new one; the call closes it
 * @param {ReturnType<typeof import('./servers.js').createServers>} options.servers its ICE servers
 * @param {ReturnType<typeof import('./options.js').readOptions>} options.options
 * @param {ReadonlyMap<string, RTCDataChannelInit>} options.labels the data channels that our side declares
 * @param {ReturnType<typeof import('./media.js').createLocalMedia>} options.localMedia
 * @param {() => boolean} options.isReactive
 * @param {() => boolean} options.isSignalingUp
 * @param {(command: string, data?: object) => boolean} options.send to the other side, through the signaling server; whether it takes so much
 * @param {(event: string, ...args: any[]) => void} options.emit
 * @param {(error: unknown) => void} options.onerror the other side sent something unusable
 * @param {() => void} options.onstart the two are connected, for the first time
 * @param {(why: Why) => void} options.onend the call is not closed yet
 */
export function createCall({
  peer,
  pc,
  servers,
  isMaster,
  options,
  labels,
  localMedia,
  isReactive,
  isSignalingUp,
  send: sendAny,
  emit,
  onerror,
  onstart,
  onend,
}) {
  const { id } = peer;
  const hidden = pc.createDataChannel(HIDDEN_CHANNEL.label, { negotiated: true, id: HIDDEN_CHANNEL.id });
  const monitor = createEmitter();
  const over = new AbortController();
  const { signal } = over;
  /**
   * What was added before the call started: it belongs to the call, even if the browser asks to negotiate it only afterwards.
   * @type {RTCRtpTransceiver[]}
   */
  let early = [];
  let isActive = false;
  let isFailing = false;
  let hasHeard = false;
  let peerIsReady = false;

  localMedia.sendTo(pc);

  /** @param {string} command @param {object} [data] */
  function send(command, data) {
    // Asynchronous steps of the negotiation may finish after the call has ended.
    if (!signal.aborted && !sendAny(command, data) && !isActive) fail('refused');
  }

  const negotiation = createNegotiation({
    pc,
    isMaster,
    send,
    onerror,
    onrestart: servers.renew,
    mayNegotiate: () => !isActive || isFailing || isReactive() || early.some(isUnsent),
    sdpfilter: options.sdpfilter,
    filterCandidate: options.filterCandidate,
  });
  const liveness = createLiveness({
    channel: hidden,
    interval: options.heartbeat,
    ping: () => send('ping'),
    isSignalingUp,
    onheard() {
      // The connection may have lost its way, and found another, without a change of its state.
      if (isFailing && pc.connectionState === 'connected') recover();
    },
    onmessage: (request) => channels.receive(request),
    onsilent() {
      emit('call:expired', id, pc);
      onend('failed');
    },
    signal,
  });
  const channels = createChannels({
    pc,
    isMaster,
    labels,
    timeout: options.channelTimeout,
    ask: liveness.say,
    // A channel may open before `connectionState` says `connected`.
    onproof: start,
    onopen(channel) {
      emit('channel:opened', id, channel, peer.data, pc);
      // A listener may have ended the call, or closed the channel.
      if (channels.open.get(channel.label) === channel)
        emit(`channel:opened:${channel.label}`, id, channel, peer.data, pc);
    },
    onclose(channel, label) {
      emit('channel:closed', id, channel, label);
      emit(`channel:closed:${label}`, id, channel, label);
    },
    onerror,
    signal,
  });
  const handlers = {
    ontrack: (/** @type {MediaStreamTrack} */ track, /** @type {MediaStream | undefined} */ stream) =>
      emit('track:detected', id, track, stream, peer.data),
    onadded: (/** @type {MediaStream} */ stream) => emit('stream:added', id, stream, peer.data),
    onremoved: (/** @type {MediaStream} */ stream) => emit('stream:removed', id, stream),
  };
  const media = watchRemoteMedia(pc, handlers, signal);

  let readyWait = FIRST_READY;
  /** @type {ReturnType<typeof setTimeout>} */
  let readyTimer;
  // First bounds how long the call may take to start, later how long it may be interrupted.
  let failTimer = setTimeout(fail, options.failTimeout);

  pc.addEventListener('connectionstatechange', follow, { signal });
  hidden.addEventListener('open', channels.start, { signal });
  hidden.addEventListener('close', hungUp, { signal });

  function follow() {
    const state = pc.connectionState;
    if (state === 'connected') {
      if (isFailing) recover();
      start();
    } else if (state === 'failed' && (!isActive || isBeyondRepair())) fail();
    else if (isActive && (state === 'disconnected' || state === 'failed')) restore();
  }

  /**
   * Whether an ICE restart can't help, because the DTLS association is lost. Firefox 153 loses it when ICE restarts while an earlier restart is
   * still in progress.
   */
  const isBeyondRepair = () => pc.sctp?.transport.state === 'failed';

  /** The other side has closed its peer connection. */
  function hungUp() {
    if (isFailing || isBeyondRepair()) fail();
    else onend('ended');
  }

  /** @param {string} state also the name of the event that follows @param {...any} args */
  function tell(state, ...args) {
    monitor.emit(state);
    // Listeners may end the call: that is why `aborted` is checked here, and after each event below.
    if (!signal.aborted) emit(`call:${state === 'connected' ? 'started' : state}`, id, pc, ...args);
  }

  function start() {
    if (isActive || signal.aborted) return;
    isActive = true;
    early = pc.getTransceivers();
    clearTimeout(failTimer);
    onstart();
    liveness.start();
    tell('connected', peer.data);
    if (!signal.aborted) media.start();
  }

  /** The connection is interrupted, perhaps for a moment only: restarts ICE, which may find another path. */
  function restore() {
    if (!isFailing) {
      isFailing = true;
      failTimer = setTimeout(fail, options.disconnectTimeout);
      tell('failing');
    }
    restart();
  }

  function restart() {
    servers.renew();
    pc.restartIce();
  }

  function recover() {
    clearTimeout(failTimer);
    isFailing = false;
    tell('recovered');
  }

  /** @param {Why} [why] */
  function fail(why = 'failed') {
    tell('failed');
    onend(why);
  }

  function sayReady() {
    readyTimer = setTimeout(sayReady, readyWait);
    readyWait = Math.min(2 * readyWait, LONGEST_READY);
    send('ready');
  }

  function ready() {
    if (peerIsReady) return;
    peerIsReady = true;
    clearTimeout(readyTimer);
    // Sent once more, because an original client ignores what arrives before our announce.
    send('ready');
  }

  sayReady();

  return {
    pc,
    monitor: { on: monitor.on, off: monitor.off },
    get active() {
      return isActive;
    },
    channels: channels.open,
    streams: media.streams,
    /** Whether anything has arrived from the other side in this call. */
    get hasHeard() {
      return hasHeard;
    },
    isAlive: liveness.isAlive,
    addChannel: channels.add,
    sendMedia: () => localMedia.sendTo(pc),
    renegotiate: negotiation.release,

    /** A directed message from the other side. @param {string} command @param {any} data */
    receive(command, data) {
      if (signal.aborted) return;
      hasHeard = true;
      liveness.touch();
      if (command === 'ready') ready();
      else negotiation.receive(command, data);
    },

    /** The socket of one side has reconnected: repeats what may have been lost meanwhile. */
    resume() {
      if (signal.aborted) return;
      negotiation.resume();
      if (isFailing) restart();
    },

    /**
     * The other side has another socket. If the server has started anew, its relay has lost what it had: a call through that is restored now, and
     * not only once ICE has noticed.
     */
    async check() {
      if (!isActive || isFailing || !(await liveness.isSilent())) return;
      if (isActive && !isFailing) restore();
    },

    close() {
      if (signal.aborted) return;
      clearTimeout(readyTimer);
      clearTimeout(failTimer);
      isActive = false;
      over.abort();
      pc.close();
      monitor.emit('closed');
    },
  };
}
