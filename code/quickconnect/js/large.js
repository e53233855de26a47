// @ts-check
// Messages of any size over a data channel: in chunks, and no faster than the channel takes them.
//
// A message is one text, `{"type":"text" or "binary","size":BYTES}`, and then its bytes in binary messages.
//
// May import: nothing.

/** Bytes of one chunk: a larger one may hold up other channels (https://www.rfc-editor.org/rfc/rfc8831#section-6.6). */
const CHUNK = 16_384;
/** `bufferedAmount`, in bytes, above which sending pauses, and below which it goes on. */
const HIGH_WATER = 1_048_576;
const LOW_WATER = 262_144;
/** The largest message that is received, in bytes, unless the caller names another limit. */
const MAX_SIZE = 67_108_864;

/** When the message before is sent: they go one after the other. @type {WeakMap<RTCDataChannel, Promise<void>>} */
const queues = new WeakMap();

/** @type {typeof import('./index.js').sendLarge} */
export function sendLarge(channel, message) {
  const before = queues.get(channel) ?? Promise.resolve();
  const sent = before.catch(() => {}).then(() => sendAll(channel, message));
  queues.set(channel, sent);
  return sent;
}

/** @param {RTCDataChannel} channel @param {import('./index.js').LargeMessage} message */
async function sendAll(channel, message) {
  // Blobs are read in pieces, so that a large file need not fit into memory.
  const blob = message instanceof Blob ? message : new Blob([/** @type {BlobPart} */ (message)]);
  channel.bufferedAmountLowThreshold = LOW_WATER;
  await room(channel);
  channel.send(JSON.stringify({ type: typeof message === 'string' ? 'text' : 'binary', size: blob.size }));
  for (let at = 0; at < blob.size; at += HIGH_WATER) {
    const part = await blob.slice(at, at + HIGH_WATER).arrayBuffer();
    for (let begin = 0; begin < part.byteLength; begin += CHUNK) {
      await room(channel);
      channel.send(part.slice(begin, begin + CHUNK));
    }
  }
}

/** Waits until the channel takes more. @param {RTCDataChannel} channel @returns {Promise<void>} */
function room(channel) {
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    const check = () => {
      const isOpen = channel.readyState === 'open';
      if (isOpen && channel.bufferedAmount >= HIGH_WATER) return;
      stop.abort();
      if (isOpen) resolve();
      else
        reject(
          new Error(`the data channel "${channel.label}" is ${channel.readyState}: the message was not sent whole`),
        );
    };
    channel.addEventListener('bufferedamountlow', check, stop);
    channel.addEventListener('closing', check, stop);
    channel.addEventListener('close', check, stop);
    check();
  });
}

/** @type {typeof import('./index.js').receiveLarge} */
export function receiveLarge(channel, onmessage, { maxSize = MAX_SIZE, onerror = console.error } = {}) {
  /** @type {{ type: string, size: number } | undefined} */
  let header;
  /** Buffer of the message. It grows with what arrives instead of being allocated at once, because the announced size is only a claim. */
  let bytes = new Uint8Array();
  let received = 0;
  channel.binaryType = 'arraybuffer';

  /** @param {MessageEvent} event */
  function take({ data }) {
    try {
      if (typeof data === 'string') begin(data);
      else add(data);
    } catch (error) {
      forget();
      onerror(/** @type {Error} */ (error));
    }
    if (header && received === header.size) finish(header.type);
  }

  function forget() {
    header = undefined;
    bytes = new Uint8Array();
    received = 0;
  }

  /** @param {string} text */
  function begin(text) {
    const { type, size } = JSON.parse(text) ?? {};
    if ((type !== 'text' && type !== 'binary') || !Number.isSafeInteger(size) || size < 0) {
      throw new Error('what arrived is not from sendLarge');
    }
    if (size > maxSize) throw new Error(`the message has ${size} bytes, and ${maxSize} are allowed`);
    forget();
    header = { type, size };
  }

  /** @param {ArrayBuffer} chunk */
  function add(chunk) {
    // Without a header, this is the rest of a message that was refused.
    if (!header) return;
    const end = received + chunk.byteLength;
    if (end > header.size) throw new Error(`the message is longer than the ${header.size} bytes that were announced`);
    if (end > bytes.length) {
      const larger = new Uint8Array(Math.min(header.size, Math.max(end, 2 * bytes.length)));
      larger.set(bytes);
      bytes = larger;
    }
    bytes.set(new Uint8Array(chunk), received);
    received = end;
  }

  /** @param {string} type */
  function finish(type) {
    const whole = bytes;
    forget();
    onmessage(type === 'text' ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(whole) : whole.buffer);
  }

  channel.addEventListener('message', take);
  return () => channel.removeEventListener('message', take);
}
