// @ts-check
// The result of all checks: in a sentence or two, and as a text to send to somebody. Pure.
//
// May import: nothing.

/**
 * A row of the page. `word` is its state in words.
 * @typedef {{ section: string, name: string, state: string, word: string, says: string, advice: string, more: string }} Finding
 */

/** @param {Finding[]} findings */
export function summaryOf(findings) {
  const namesOf = (/** @type {string} */ wanted) =>
    findings.filter(({ state }) => state === wanted).map(({ name }) => name);
  const [failed, untried] = [namesOf('fails'), namesOf('untried')];
  const sentences = [];
  if (failed.length > 0) sentences.push(`Does not work: ${failed.join(', ')}.`);
  else sentences.push(untried.length > 0 ? 'All that was tried works.' : 'Everything works.');
  if (untried.length > 0) sentences.push(`Not tried: ${untried.join(', ')}.`);
  const states = Object.fromEntries(findings.map(({ section, state }) => [section, state]));
  return [...sentences, ...consequencesOf(states, failed.length)].join(' ');
}

/** @param {Record<string, string>} states by section @param {number} failed how many */
function consequencesOf(states, failed) {
  const [udp, tcp] = [states['a-relay-over-udp'], states['a-relay-over-tcp']];
  const sentences = [];
  if (failed === 1 && states['a-secure-context'] === 'fails')
    sentences.push('That keeps only camera and microphone from this page.');
  if (states.websocket === 'fails') sentences.push('Without a WebSocket, peers do not find each other.');
  if (udp === 'fails' && tcp === 'works')
    sentences.push('Calls that need a relay go over TCP, which delays all that follows a lost packet.');
  else if ([udp, tcp].includes('fails') && ![udp, tcp].includes('works'))
    sentences.push("Peers that can't reach each other directly will not be connected.");
  return sentences;
}

/**
 * The text that is copied.
 * @param {{ page: string, time: Date, browser: string }} about what was checked, when, and by which browser
 * @param {Finding[]} findings
 */
export function textOf({ page, time, browser }, findings) {
  const lines = findings.map(({ name, word, says, advice, more }) =>
    [`${name}: ${word}.`, says, advice, more && `(${more})`].filter(Boolean).join(' '),
  );
  return [`Checked at ${page}`, time.toISOString(), browser, '', ...lines, ''].join('\n');
}
