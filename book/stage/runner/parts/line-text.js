// @ts-check
// What “A bad line” makes of descriptions and candidates: all candidates are replaced by one, a port of the line. Pure.
//
// May import: nothing.

/** A session-level attribute of descriptions that were given away over a line; browsers ignore it (RFC 8866, section 5.13). */
const MARK = 'a=x-line';
/** The highest of a host candidate (RFC 8445, section 5.1.2.1). */
const PRIORITY = 2_130_706_431;

/** @typedef {{ address: string, port: number }} End a port of the line */

/**
 * A candidate that stands for an end of the line.
 * @param {End} end
 * @param {string} replaced the candidate in whose place it stands. Chromium repeats the ICE user name in it.
 */
function candidate({ address, port }, replaced) {
  const [ufrag] = / ufrag \S+/.exec(replaced) ?? [''];
  return `candidate:1 1 udp ${PRIORITY} ${address} ${port} typ host${ufrag}`;
}

/** Replaces the candidates of each media section by one. A section without any stays without. @param {string} sdp @param {End} end */
const withEnd = (sdp, end) =>
  sdp
    .split(/(?=^m=)/m)
    .map((section) => (hasCandidate(section) ? sectionWithEnd(section, end) : section))
    .join('');

/** @param {string} section */
const hasCandidate = (section) => section.startsWith('m=') && /^a=candidate:/m.test(section);

/** @param {string} section @param {End} end */
function sectionWithEnd(section, end) {
  const { address, port } = end;
  const connection = `IN IP${address.includes(':') ? 6 : 4} ${address}`;
  let isThere = false;
  return section
    .replaceAll(/^a=(candidate:.*)(\r?\n|$)/gm, (_, replaced, lineEnd) => {
      if (isThere) return '';
      isThere = true;
      return `a=${candidate(end, replaced)}${lineEnd}`;
    })
    .replace(/^(m=\S+) [1-9]\d*/, `$1 ${port}`)
    .replace(/^c=.*/m, `c=${connection}`)
    .replace(/^a=rtcp:.*/m, `a=rtcp:${port} ${connection}`);
}

/** @param {string} sdp */
const marked = (sdp) =>
  isMarked(sdp) ? sdp : /^m=/m.test(sdp) ? sdp.replace(/^m=/m, `${MARK}\r\nm=`) : `${sdp}${MARK}\r\n`;

/** @param {string} sdp */
const isMarked = (sdp) => /^a=x-line\r?$/m.test(sdp);

/** @param {string} sdp */
const unmarked = (sdp) => sdp.replace(/^a=x-line\r?\n/m, '');

/** The ICE credentials of a description: those of its first section, which all others are bundled with. @param {string} sdp */
function credentials(sdp) {
  const [, ufrag] = /^a=ice-ufrag:(\S+)/m.exec(sdp) ?? [];
  const [, password] = /^a=ice-pwd:(\S+)/m.exec(sdp) ?? [];
  return ufrag && password ? { ufrag, password } : undefined;
}

export const lineText = {
  candidate,
  /** A description as the other side gets it. @param {string} sdp @param {End | undefined} end unknown if no candidate was found yet */
  given: (sdp, end) => marked(end ? withEnd(sdp, end) : sdp),
  /** A description of the other side, as the browser gets it. @param {string} sdp @param {End} end */
  got: (sdp, end) => withEnd(sdp, end),
  isMarked,
  unmarked,
  credentials,
  /** Whether Firefox has made it: Firefox ignores loopback addresses. @param {string} sdp */
  isOfFirefox: (sdp) => /^o=mozilla/m.test(sdp),
};
