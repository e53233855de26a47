// @ts-check
// Parses and explains ICE candidates (RFC 8839, section 5.1). Pure.
//
// May import: nothing.

/**
 * @typedef {object} Parts
 * @property {string} foundation candidates with the same one have the same base, type and server
 * @property {string} component 1 is the connection itself; 2 would be RTCP
 * @property {string} protocol
 * @property {number} priority
 * @property {string} address
 * @property {string} port
 * @property {string} type host, srflx, prflx or relay
 * @property {string} relatedAddress behind a srflx, prflx or relay candidate
 * @property {string} relatedPort
 * @property {string} tcpType
 */

/** Parses a candidate. @param {string} text @returns {Parts | undefined} */
export function parseCandidate(text) {
  const fields = text.replace(/^a=/, '').split(/\s+/);
  const [first, component, protocol, priority, address, port, typ, type] = fields;
  if (!first?.startsWith('candidate:') || typ !== 'typ' || !type) return undefined;
  const after = (/** @type {string} */ name) => fields[fields.indexOf(name, 8) + 1] ?? '';
  const has = (/** @type {string} */ name) => (fields.includes(name, 8) ? after(name) : '');
  return {
    foundation: first.slice('candidate:'.length),
    component,
    protocol: protocol.toLowerCase(),
    priority: Number(priority),
    address,
    port,
    type,
    relatedAddress: has('raddr'),
    relatedPort: has('rport'),
    tcpType: has('tcptype'),
  };
}

/** Abbreviates a candidate for a label. @param {string} text */
export function briefCandidate(text) {
  const parts = parseCandidate(text);
  if (!parts) return text.slice(0, 40);
  const address = parts.address.endsWith('.local') ? `${parts.address.slice(0, 8)}….local` : parts.address;
  return `${parts.type} ${parts.protocol} ${address}:${parts.port}`;
}

/**
 * The three numbers in a priority (RFC 8445, section 5.1.2.1): 2^24 × type preference + 2^8 × local preference + (256 − component).
 * @param {number} priority
 */
export function priorityParts(priority) {
  return {
    type: Math.floor(priority / 2 ** 24) % 256,
    local: Math.floor(priority / 256) % 65_536,
    component: 256 - (priority % 256),
  };
}

/** A map and not an object, in which a type such as `constructor` would find an inherited property. */
const TYPES = new Map([
  ['host', 'An address of the machine itself.'],
  ['srflx', 'The address at which a STUN server saw this machine: what a router in between makes of it.'],
  ['prflx', 'An address that only showed itself in a check: the other side was reached from there.'],
  ['relay', 'An address at a TURN server, which passes everything on.'],
  ['endOfCandidates', 'No candidate: so old versions of Edge said that no more will come.'],
]);

/** Explains where a candidate can be reached from. @param {Parts} parts */
export function explainCandidate({ type, address, protocol, tcpType, relatedAddress }) {
  const notes = [TYPES.get(type) ?? 'A type that the standard does not know.'];
  if (address.endsWith('.local'))
    notes.push(
      'The name ending in .local is made up: only the local network can resolve it, so that a page does not learn the address.',
    );
  if (protocol !== 'udp' && protocol !== 'tcp') notes.push(`Its protocol, ${protocol}, is not one that browsers use.`);
  if (protocol === 'tcp')
    notes.push(tcpType === 'active' ? 'Over TCP, and it only calls: port 9 stands for none.' : 'Over TCP.');
  if (relatedAddress && relatedAddress !== '0.0.0.0') notes.push(`It leads to ${relatedAddress}.`);
  return notes.join(' ');
}
