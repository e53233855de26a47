// @ts-check
// The words in which the goals of exercises are written: what happened in a run, asked of its events. Pure.
//
// May import: nothing.

/** @typedef {import('../book/stage/instruments/model/model.js').Model} Model */
/** @typedef {import('../book/stage/instruments/model/model.js').Call} Call */
/** @typedef {import('../book/stage/instruments/model/model.js').Channel} Channel */
/** @typedef {import('../book/stage/events.js').TapEvent} TapEvent */
/** @typedef {import('../book/stage/stats.js').Stats} Stats */

/**
 * What is known of a run.
 * @typedef {object} Run
 * @property {Model} model
 * @property {TapEvent[]} events those that the page has kept
 * @property {string[]} said what the program has logged, one entry each
 * @property {Stats[]} readings statistics of each connection, about once a second, the oldest first; none unless the module of goals exports
 *   `readsStats = true`
 * @property {number} elapsed ms since Run
 */

/**
 * One thing that is to be true of a run. It has either `met`, which stays true once it was, or `holds`, which is to be true when all others are met.
 * @typedef {object} Goal
 * @property {string} says a sentence, as it reads when it is true
 * @property {string} missed what to look at when it is not
 * @property {(run: Run) => boolean} [met]
 * @property {(run: Run) => boolean} [holds]
 */

/** How many connections have been connected, at any time. @param {Run} run */
export const connectedSides = ({ model }) =>
  model.connections.filter(({ states }) => states.connection.some(({ value }) => value === 'connected')).length;

/** How many connections have set an offer of their own. @param {Run} run */
export const offerers = ({ model }) =>
  model.connections.filter(({ descriptions }) =>
    descriptions.some(({ side, type }) => side === 'local' && type === 'offer'),
  ).length;

/** How many offers of their own the connections have set, all of them together. @param {Run} run */
export const offersSet = ({ model }) =>
  model.connections
    .flatMap(({ descriptions }) => descriptions)
    .filter(({ side, type }) => side === 'local' && type === 'offer').length;

/** The ends of data channels that have been open, at any time. @param {Run} run @returns {Channel[]} */
export const openChannels = ({ model }) =>
  model.connections.flatMap(({ channels }) =>
    channels.filter(({ states }) => states.some(({ value }) => value === 'open')),
  );

/** Messages that have arrived on data channels and begin with a text; all of them, if it is empty. @param {Run} run @param {string} [text] */
export const arrivals = ({ events }, text = '') =>
  events.filter(
    (event) =>
      event.type === 'message' &&
      event.side === 'in' &&
      event.on.startsWith('ch') &&
      !event.fault &&
      event.text.startsWith(text),
  );

/** Whether a message that begins with a text has arrived. @param {Run} run @param {string} text */
export const arrived = (run, text) => arrivals(run, text).length > 0;

/** Calls of connections and channels that have thrown or were rejected. @param {Run} run @returns {Call[]} */
export const failedCalls = ({ model }) =>
  model.connections.flatMap(({ calls, channels }) => [
    ...calls.filter(({ outcome }) => outcome === 'failed'),
    ...channels.flatMap(({ failures }) => failures),
  ]);

/**
 * The directions of the media sections in the last answer that took effect, from the answerer's view: what was agreed for each. Sections that are
 * rejected have none.
 * @param {Run} run
 * @returns {string[]} one for each section of audio or video
 */
export function agreedDirections({ model }) {
  const answers = model.connections.flatMap(({ descriptions }) => descriptions.filter(({ type }) => type === 'answer'));
  const last = answers.reduce((latest, one) => (latest && latest.at > one.at ? latest : one), answers[0]);
  const sections = (last?.sdp ?? '').split(/^m=/m).slice(1);
  return sections
    .filter((section) => /^(audio|video) [1-9]/.test(section))
    .map((section) => /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(section)?.[1] ?? 'sendrecv');
}

/**
 * How many pictures a connection has decoded, reading by reading.
 * @param {Run} run @param {string} on the connection
 * @returns {{ at: number, pictures: number }[]} `at` in ms, by the clock of the statistics
 */
const decodedBy = ({ readings }, on) =>
  readings
    .filter((reading) => reading.on === on)
    .flatMap(({ reports }) => {
      const videos = reports.filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'video');
      const pictures = videos.reduce((sum, { framesDecoded }) => sum + (Number(framesDecoded) || 0), 0);
      return videos.length > 0 ? [{ at: Number(videos[0].timestamp), pictures }] : [];
    });

/** How many pictures each connection has decoded so far, in the order in which they were made. @param {Run} run */
export const picturesDecoded = (run) => run.model.connections.map(({ id }) => decodedBy(run, id).at(-1)?.pictures ?? 0);

/**
 * In which codec each connection sends its video by its latest statistics, such as `video/VP9`, in the order in which they were made; empty, if it
 * has sent no picture.
 * @param {Run} run
 */
export const codecsSent = ({ model, readings }) =>
  model.connections.map(({ id }) => {
    const reports = readings.filter(({ on }) => on === id).at(-1)?.reports ?? [];
    const sent = reports.find(
      ({ type, kind, framesEncoded }) => type === 'outbound-rtp' && kind === 'video' && Number(framesEncoded) > 0,
    );
    const codec = sent && reports.find((report) => report.type === 'codec' && report.id === sent.codecId);
    return String(codec?.mimeType ?? '');
  });

/**
 * Whether some connection has decoded pictures for a time at a rate.
 * @param {Run} run @param {{ seconds: number, rate: number }} least for so long, and so many a second
 */
export const picturesMove = (run, { seconds, rate }) =>
  run.model.connections.some(({ id }) => {
    const counts = decodedBy(run, id);
    return counts.some((from) =>
      counts.some(
        (to) => to.at - from.at >= seconds * 1_000 && (to.pictures - from.pictures) * 1_000 >= rate * (to.at - from.at),
      ),
    );
  });

/**
 * Whether some connection has decoded pictures, then none for a time, and then more.
 * @param {Run} run @param {number} seconds for so long, at least
 */
export const stoodStill = (run, seconds) =>
  run.model.connections.some(({ id }) => {
    const counts = decodedBy(run, id);
    const last = counts.at(-1)?.pictures ?? 0;
    return counts.some(
      (from) =>
        from.pictures > 0 &&
        from.pictures < last &&
        counts.some((to) => to.pictures === from.pictures && to.at - from.at >= seconds * 1_000),
    );
  });

/** How many pictures some connection has decoded since a time, by the clock of the statistics. @param {Run} run @param {number} since in ms */
export const picturesDecodedAfter = (run, since) =>
  Math.max(
    0,
    ...run.model.connections.map(({ id }) => {
      const counts = decodedBy(run, id).filter(({ at }) => at >= since);
      return counts.length > 0 ? counts[counts.length - 1].pictures - counts[0].pictures : 0;
    }),
  );

/**
 * How many packets of video a connection has sent, reading by reading. A stream that is gone from the statistics sends nothing more.
 * @param {Run} run @param {string} on the connection
 * @returns {{ at: number, packets: number }[]} `at` in ms, by the clock of the statistics
 */
function sentBy({ readings }, on) {
  let packets = 0;
  return readings
    .filter(({ on: of, reports }) => of === on && reports.length > 0)
    .map(({ reports }) => {
      const streams = reports.filter(({ type, kind }) => type === 'outbound-rtp' && kind === 'video');
      const sent = streams.reduce((sum, { packetsSent }) => sum + (Number(packetsSent) || 0), 0);
      packets = Math.max(packets, sent);
      // Reports about the other side are older than the reading.
      return { at: Math.max(...reports.map(({ timestamp }) => Number(timestamp) || 0)), packets };
    });
}

/**
 * When a connection that had sent video last ended a time without a packet of it, as far as is known.
 * @param {Run} run @param {number} least how long that time is at least, in ms
 * @returns {number | undefined} in ms, by the clock of the statistics; nothing if there was no such time
 */
export function quietUntil(run, least) {
  const ends = run.model.connections.flatMap(({ id }) => {
    const counts = sentBy(run, id);
    return counts.filter((to) =>
      counts.some((from) => from.packets > 0 && from.packets === to.packets && to.at - from.at >= least),
    );
  });
  return ends.length > 0 ? Math.max(...ends.map(({ at }) => at)) : undefined;
}

/**
 * What a connection sends as one stream of video, reading by reading.
 * @param {Run} run @param {string} on the connection
 * @returns {{ at: number, pictures: number, bytes: number, lines: number }[]} `at` in ms, by the clock of the statistics
 */
const videoSentBy = ({ readings }, on) =>
  readings
    .filter((reading) => reading.on === on)
    .flatMap(({ reports }) =>
      reports.filter(({ type, kind }) => type === 'outbound-rtp' && kind === 'video').slice(0, 1),
    )
    .map(({ timestamp, framesEncoded, bytesSent, frameHeight }) => ({
      at: Number(timestamp),
      pictures: Number(framesEncoded) || 0,
      bytes: Number(bytesSent) || 0,
      lines: Number(frameHeight) || 0,
    }));

/**
 * Whether some connection has sent pictures of a height for a time, at a rate, within some kbit/s.
 * @param {Run} run @param {{ seconds: number, lines: number, rate: number, kbits: number }} bounds for so long, with so many lines at least, so many
 *   a second at least, and so many kbit/s at most
 */
export const picturesSent = (run, { seconds, lines, rate, kbits }) =>
  run.model.connections.some(({ id }) => {
    const counts = videoSentBy(run, id);
    return counts.some((from, first) => {
      const isSmall = (/** @type {{ lines: number }} */ one) => one.lines < lines;
      const end = counts.findIndex((one, i) => i >= first && isSmall(one));
      return counts.slice(first, end < 0 ? undefined : Math.max(first, end)).some((to) => {
        const ms = to.at - from.at;
        const isEnough = (to.pictures - from.pictures) * 1_000 >= rate * ms;
        return ms >= seconds * 1_000 && isEnough && 8 * (to.bytes - from.bytes) <= kbits * ms;
      });
    });
  });

/**
 * The streams of video that a connection has decoded, each reading by reading, the one with the fewest lines first.
 * @param {Run} run @param {string} on the connection
 * @returns {{ at: number, pictures: number }[][]} `at` in ms, by the clock of the statistics
 */
function streamsDecodedBy({ readings }, on) {
  /** @type {Map<string, { lines: number, counts: { at: number, pictures: number }[] }>} */
  const streams = new Map();
  const reports = readings.filter((reading) => reading.on === on).flatMap((reading) => reading.reports);
  for (const { type, kind, trackIdentifier, mid, ssrc, framesDecoded, frameHeight, timestamp } of reports) {
    if (type !== 'inbound-rtp' || kind !== 'video') continue;
    const name = String(trackIdentifier ?? mid ?? ssrc);
    const stream = streams.get(name) ?? { lines: 0, counts: [] };
    stream.lines = Math.max(stream.lines, Number(frameHeight) || 0);
    stream.counts.push({ at: Number(timestamp), pictures: Number(framesDecoded) || 0 });
    streams.set(name, stream);
  }
  return [...streams.values()]
    .filter(({ counts }) => counts.some(({ pictures }) => pictures > 0))
    .sort((one, other) => one.lines - other.lines)
    .map(({ counts }) => counts);
}

/** How many streams of video some connection has decoded pictures of. @param {Run} run */
export const streamsDecoded = (run) =>
  Math.max(0, ...run.model.connections.map(({ id }) => streamsDecodedBy(run, id).length));

/**
 * How many streams of video all connections together have decoded some pictures of.
 * @param {Run} run @param {number} pictures so many of each, at least
 */
export const videosDecoded = (run, pictures) =>
  run.model.connections
    .flatMap(({ id }) => streamsDecodedBy(run, id))
    .filter((counts) => counts[counts.length - 1].pictures >= pictures).length;

/**
 * How many streams of video all connections together have encoded pictures for, at any time: each has an encoder of its own.
 * @param {Run} run
 */
export function videosEncoded({ readings }) {
  const streams = readings.flatMap(({ on, reports }) =>
    reports
      .filter(
        ({ type, kind, framesEncoded }) => type === 'outbound-rtp' && kind === 'video' && Number(framesEncoded) > 0,
      )
      .map(({ id, ssrc }) => `${on} ${ssrc ?? id}`),
  );
  return new Set(streams).size;
}

/**
 * Whether some connection that had pictures of two streams has had none of the smaller one for a time, while those of the larger one went on.
 * @param {Run} run @param {{ seconds: number, rate: number }} least for so long, and so many pictures of the larger one a second
 */
export const onlyLargeDecoded = (run, { seconds, rate }) =>
  run.model.connections.some(({ id }) => {
    const [small, large] = streamsDecodedBy(run, id);
    if (!large) return false;
    const goesOn = (/** @type {number} */ begin, /** @type {number} */ end) => {
      const within = large.filter(({ at }) => at >= begin && at <= end);
      const pictures = within.length > 0 ? within[within.length - 1].pictures - within[0].pictures : 0;
      return pictures * 1_000 >= rate * (end - begin);
    };
    return small.some((from) =>
      small.some(
        (to) =>
          from.pictures > 0 &&
          from.pictures === to.pictures &&
          to.at - from.at >= seconds * 1_000 &&
          goesOn(from.at, to.at),
      ),
    );
  });

/**
 * The longest round trip that statistics have told of, in ms: by connectivity checks, and by the reports on what was sent. 0 if there is none.
 * @param {Run} run
 */
export const longestRoundTrip = ({ readings }) =>
  readings
    .flatMap(({ reports }) => reports)
    .flatMap(({ type, currentRoundTripTime, roundTripTime }) => {
      if (type === 'candidate-pair') return [Number(currentRoundTripTime)];
      return type === 'remote-inbound-rtp' ? [Number(roundTripTime)] : [];
    })
    .reduce((longest, seconds) => Math.max(longest, 1_000 * (seconds || 0)), 0);

/** Whether the program has logged an entry with a text in it. @param {Run} run @param {string} text */
export const said = (run, text) => run.said.some((entry) => entry.includes(text));

/** Faults of *Break it* that an exercise switches on. @typedef {import('../book/stage/exercise/broken.js').Broken} Broken */
