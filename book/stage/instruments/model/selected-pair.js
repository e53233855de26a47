// @ts-check
// Which candidate pairs carry what a connection sends. Pure.
//
// May import: nothing.

/** @typedef {import('../../stats.js').Report} Report */

/**
 * The pairs that are selected, one for each transport. Chromium names them in its transports, and Firefox marks them.
 * @param {Report[]} reports of one connection
 */
export function selectedPairs(reports) {
  const pairs = reports.filter(({ type }) => type === 'candidate-pair');
  const named = new Set(
    reports.filter(({ type }) => type === 'transport').map(({ selectedCandidatePairId: id }) => id),
  );
  return pairs.filter(({ id, selected }) => named.has(id) || selected === true);
}

/**
 * The pairs that are in use. `nominated` says less than which is selected: Chromium has two nominated pairs for a while, and uses one of them.
 * @param {Report[]} reports of one connection
 * @returns {Report[]} those that are nominated, if none is known to be selected
 */
export function pairsInUse(reports) {
  const selected = selectedPairs(reports);
  return selected.length > 0
    ? selected
    : reports.filter(({ type, nominated }) => type === 'candidate-pair' && nominated === true);
}
