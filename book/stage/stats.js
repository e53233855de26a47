// @ts-check
// Validates the statistics of a connection that an iframe sends.
//
// May import: nothing.

const MAX_REPORTS = 300;
const MAX_FIELDS = 80;
const MAX_TEXT = 500;

/** One object of `getStats`. @typedef {Record<string, string | number | boolean>} Report */
/** @typedef {{ on: string, at: number, reports: Report[] }} Stats `at` is the time of the page, in ms */

/** Validates the answer of an iframe. @param {any} data @returns {Stats | undefined} */
export function statsOf(data) {
  if (typeof data?.on !== 'string' || !/^pc\d{1,6}$/.test(data.on) || !Array.isArray(data.reports)) return undefined;
  return { on: data.on, at: performance.now(), reports: Array.from(data.reports.slice(0, MAX_REPORTS), reportOf) };
}

/** @param {unknown} report @returns {Report} */
function reportOf(report) {
  if (typeof report !== 'object' || !report) return {};
  const fields = Object.entries(report)
    .slice(0, MAX_FIELDS)
    .filter(([, value]) => /^(string|number|boolean)$/.test(typeof value));
  return Object.fromEntries(
    fields.map(([name, value]) => [
      name.slice(0, MAX_TEXT),
      typeof value === 'string' ? value.slice(0, MAX_TEXT) : value,
    ]),
  );
}
