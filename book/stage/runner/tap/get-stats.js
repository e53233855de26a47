// @ts-check
// Sends the page the statistics of the demo's connections when it asks for them, and what statistics don't tell of their media.

/** Does nothing in browsers without WebRTC. @param {() => Iterable<[id: string, pc: RTCPeerConnection]>} connections those that are not closed */
stage.tapStats = (connections) => {
  /** Reports of one connection, and fields of one report. */
  const MAX_REPORTS = 300;
  const MAX_FIELDS = 80;

  if (!globalThis.RTCPeerConnection || !globalThis.RTCStatsReport) return () => {};
  const { apply, media, recorder } = stage;
  const { then } = recorder;
  const { getStats } = RTCPeerConnection.prototype;
  const { forEach } = RTCStatsReport.prototype;
  const entriesOf = Object.entries;

  /** @param {(on: string, reports: object[], more: object) => void} tell once for each connection */
  return (tell) => {
    for (const [on, pc] of connections()) {
      then(
        apply(getStats, pc, []),
        (/** @type {RTCStatsReport} */ report) => {
          /** @type {Record<string, unknown>[]} */
          const reports = [];
          apply(forEach, report, [
            (/** @type {object} */ one) => {
              if (reports.length < MAX_REPORTS) reports[reports.length] = plainOf(one);
            },
          ]);
          media.of(pc, on, (/** @type {object} */ more) => tell(on, reports, more));
        },
        () => {},
      );
    }
  };

  /** @param {object} report */
  function plainOf(report) {
    /** @type {Record<string, unknown>} */
    const plain = {};
    let left = MAX_FIELDS;
    for (const [name, value] of entriesOf(report)) {
      if (/^(string|number|boolean)$/.test(typeof value) && (left -= 1) >= 0) plain[name] = value;
    }
    return plain;
  }
};
