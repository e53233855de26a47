// A quickconnect and its connections, as far as `rtc-quickconnect/media` uses them, for tests without a browser.

import { createEmitter } from '../js/emitter.js';

/** A track. @param {string} kind */
export const trackOf = (kind) => ({ kind, id: `${kind} ${Math.random()}`, enabled: true });

let streams = 0;
/** A stream. @param {...object} tracks */
export function streamOf(...tracks) {
  streams += 1;
  return { id: `stream ${streams}`, getTracks: () => tracks, tracks };
}

/** A sender whose parameters are checked as a browser does: only those that were read last may be given back. */
export class Sender {
  encodings = [{ active: true }];
  /** How often parameters were set. */
  changes = 0;
  #read;
  constructor(track) {
    this.track = track;
  }
  getParameters() {
    this.#read = { encodings: this.encodings.map((encoding) => ({ ...encoding })) };
    return this.#read;
  }
  async setParameters(parameters) {
    if (parameters !== this.#read) throw new DOMException('read them first', 'InvalidStateError');
    this.#read = undefined;
    await undefined;
    this.changes += 1;
    this.encodings = parameters.encodings;
  }
  async replaceTrack(track) {
    await undefined;
    this.track = track;
  }
}

/** A connection. What is received has a transceiver each. */
export class Connection extends EventTarget {
  signalingState = 'stable';
  senders = [];
  transceivers = [];
  /** What `getStats()` answers, one after another; the last one again and again. @type {object[][]} */
  answers = [[]];
  /** How often it was asked. */
  asked = 0;

  getSenders = () => [...this.senders];
  getTransceivers = () => [...this.transceivers];
  addTransceiver(track, { sendEncodings }) {
    const sender = new Sender(track);
    sender.encodings = sendEncodings.map((encoding) => ({ active: true, ...encoding }));
    this.senders.push(sender);
  }
  async getStats() {
    this.asked += 1;
    const reports = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    return new Map(reports.map((report) => [report.id, report]));
  }
  close() {
    this.signalingState = 'closed';
  }
  /** One that receives a track. @param {object} track */
  receives(track) {
    const source = { audioLevel: undefined, timestamp: 0 };
    const mid = String(this.transceivers.length);
    this.transceivers.push({
      mid,
      currentDirection: 'recvonly',
      receiver: { track, getSynchronizationSources: () => [source] },
    });
    return { mid, source };
  }
}

/** A quickconnect. Its library sends what it has in each call that begins, as the real one does. */
export function createQuickConnect() {
  const emitter = createEmitter();
  const local = [];
  const listening = new Set();
  const qc = {
    calls: new Map(),
    peers: new Map(),
    profiled: [],
    on(name, listener) {
      listening.add(name);
      emitter.on(name, listener);
    },
    off(name, listener) {
      listening.delete(name);
      emitter.off(name, listener);
    },
    profile: (data) => qc.profiled.push(data),
    getLocalStreams: () => [...local],
    addStream(stream) {
      local.push(stream);
      for (const { pc } of qc.calls.values()) send(pc);
    },
    replaceTrack(track, id) {
      for (const { tracks } of local) {
        const at = tracks.findIndex((one) => one.id === id);
        if (at < 0) continue;
        const [old] = tracks.splice(at, 1, track);
        for (const { pc } of qc.calls.values())
          for (const sender of pc.senders) if (sender.track === old) sender.replaceTrack(track);
      }
    },
  };

  function send(pc) {
    for (const { tracks } of local)
      for (const track of tracks)
        if (!pc.senders.some((sender) => sender.track === track)) pc.senders.push(new Sender(track));
    pc.dispatchEvent(new Event('negotiationneeded'));
  }

  return {
    qc,
    /** The events that somebody listens to. */
    listening,
    emit: emitter.emit,

    /** A call with somebody begins, but has not started. @param {string} id */
    calls(id) {
      const pc = new Connection();
      emitter.emit('peer:connect', id, pc, {});
      send(pc);
      qc.peers.set(id, { id, data: {} });
      qc.calls.set(id, { pc, active: false, streams: [] });
      emitter.emit('peer:couple', id, pc, {}, {});
      return pc;
    },
    /** It has started. @param {string} id */
    starts(id) {
      const call = qc.calls.get(id);
      call.active = true;
      emitter.emit('call:started', id, call.pc, {});
    },
    /** @param {string} id */
    ends(id) {
      const { pc } = qc.calls.get(id);
      pc.close();
      qc.calls.delete(id);
      emitter.emit('call:ended', id);
    },
    /** A peer announces itself again. @param {string} id @param {object} data */
    announces(id, data) {
      qc.peers.get(id).data = data;
      emitter.emit('peer:update', data, id);
    },
  };
}

/** Waits for what must happen. @param {() => unknown} condition */
export async function until(condition) {
  while (!condition()) await new Promise((done) => setTimeout(done, 1));
}
