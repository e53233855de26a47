// @ts-check
// A description with few candidates, so that it fits into a message of the workshop's socket. Pure.
//
// May import: nothing.

/** Characters of a description; the server takes 3,500. */
const MAX_DESCRIPTION = 3_000;
/** Candidates that are sent. A browser names one or two for each network. */
const MAX_CANDIDATES = 8;

/** @param {string} sdp */
export function forMessage(sdp) {
  let candidates = 0;
  let left = MAX_DESCRIPTION;
  const lines = sdp.split(/\r?\n/).filter(Boolean);
  left -= lines.filter((line) => !isCandidate(line)).reduce((sum, line) => sum + line.length + 2, 0);
  const kept = lines.filter((line) => {
    if (!isCandidate(line)) return true;
    // Those of TCP are never both ends of a way between two browsers.
    if (!/^a=candidate:\S+ \d+ udp /i.test(line) || candidates >= MAX_CANDIDATES || left < line.length + 2)
      return false;
    candidates += 1;
    left -= line.length + 2;
    return true;
  });
  return `${kept.join('\r\n')}\r\n`;
}

/** @param {string} line */
const isCandidate = (line) => line.startsWith('a=candidate:');
