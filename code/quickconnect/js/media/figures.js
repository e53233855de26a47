// @ts-check
// Figures of each track, from two answers of `getStats()`: what counters have grown by, and what is as it is now. Pure.
//
// May import: nothing.

/** Tracks and layers of one connection that are told of. */
const MAX_FIGURES = 128;
const MS = 1_000;

/** @typedef {import('./index.js').TrackQuality} TrackQuality */
/** @typedef {Pick<ReadonlyMap<string, any>, 'get' | 'values'>} Reports as `getStats()` answers */

/** @param {unknown} value */
const numberOf = (value) => (typeof value === 'number' ? value : undefined);
/** In ms, of what browsers have in seconds. @param {unknown} value */
const msOf = (value) => (typeof value === 'number' ? value * MS : undefined);

/**
 * @param {Reports} before
 * @param {Reports} now
 * @param {ReadonlyMap<string, number>} levels of what was received, by section
 * @returns {TrackQuality[]}
 */
export function figuresOf(before, now, levels) {
  const [{ timestamp: begin }] = [...before.values(), { timestamp: 0 }];
  /** @type {TrackQuality[]} */
  const figures = [];
  for (const report of now.values()) {
    if (figures.length >= MAX_FIGURES) break;
    const was = before.get(report.id);
    const seconds = (report.timestamp - (was?.timestamp ?? begin)) / MS;

    /** What a counter has grown by. Of a report that was not there before, it began at 0. @param {string} name */
    const growth = (name) => {
      const value = numberOf(report[name]);
      return value === undefined ? undefined : Math.max(0, value - (numberOf(was?.[name]) ?? 0));
    };
    /** @param {string} name */
    const rate = (name) => {
      const grown = growth(name);
      return grown === undefined || !(seconds > 0) ? undefined : grown / seconds;
    };

    if (report.type === 'outbound-rtp') {
      const remote = now.get(report.remoteId);
      figures.push({
        ...common('send'),
        bitrate: 8 * (rate('bytesSent') ?? 0),
        packets: growth('packetsSent') ?? 0,
        lost: numberOf(remote?.fractionLost),
        jitter: msOf(remote?.jitter),
        roundTrip: msOf(remote?.roundTripTime),
        framesPerSecond: rate('framesEncoded'),
        level: numberOf(now.get(report.mediaSourceId)?.audioLevel),
      });
    } else if (report.type === 'inbound-rtp') {
      const packets = growth('packetsReceived') ?? 0;
      const lost = growth('packetsLost');
      const emitted = growth('jitterBufferEmittedCount');
      const waited = msOf(growth('jitterBufferDelay'));
      const level = levels.get(report.mid);
      figures.push({
        ...common('receive'),
        bitrate: 8 * (rate('bytesReceived') ?? 0),
        packets,
        lost: lost === undefined || packets + lost === 0 ? undefined : lost / (packets + lost),
        jitter: msOf(report.jitter),
        delay: waited === undefined || !emitted ? undefined : waited / emitted,
        framesPerSecond: rate('framesDecoded'),
        freezes: growth('freezeCount'),
        frozen: msOf(growth('totalFreezesDuration')),
        level,
      });
    }

    /** @param {TrackQuality['direction']} direction */
    function common(direction) {
      const mimeType = now.get(report.codecId)?.mimeType;
      return {
        mid: String(report.mid ?? ''),
        kind: report.kind === 'audio' ? /** @type {const} */ ('audio') : /** @type {const} */ ('video'),
        direction,
        rid: report.rid === undefined ? undefined : String(report.rid),
        codec: typeof mimeType === 'string' ? mimeType.replace(/^.*\//, '') : undefined,
        roundTrip: undefined,
        delay: undefined,
        width: numberOf(report.frameWidth),
        height: numberOf(report.frameHeight),
        freezes: undefined,
        frozen: undefined,
        limitedBy: typeof report.qualityLimitationReason === 'string' ? report.qualityLimitationReason : undefined,
      };
    }
  }
  return figures;
}
