// @ts-check
// Which device meets some constraints best, and with which settings: SelectSettings of Media Capture
// (https://www.w3.org/TR/mediacapture-streams/#dfn-selectsettings), without `advanced`. Sides of a picture are chosen one by one, which real cameras
// don't always allow. Pure.
//
// May import: nothing.

/** @typedef {{ min: number, max: number }} Range */
/** What a device can do: for each setting its range, or its values. @typedef {Record<string, Range | (string | boolean)[]>} Capabilities */
/** @typedef {Record<string, number | string | boolean>} Settings */
/** What of a device is asked here. @typedef {{ capabilities: Capabilities, usual: Settings }} Able */
/** What is asked of one setting. @typedef {{ exact?: any, ideal?: any, min?: number, max?: number }} Wish */

/**
 * @typedef {object} Fit
 * @property {Settings} settings
 * @property {number} distance how far they are from what is wished; 0 if they are just that
 * @property {string[]} failed the constraints that can't be met
 */

/**
 * How well a device meets constraints.
 * @param {Able} device
 * @param {Record<string, any>} constraints names that are no setting of the device are ignored, as browsers do
 * @returns {Fit}
 */
export function fit({ capabilities, usual }, constraints) {
  /** @type {Fit} */
  const result = { settings: { ...usual }, distance: 0, failed: [] };
  const usually = { ...usual };
  for (const [name, able] of Object.entries(capabilities)) {
    const wish = wishOf(constraints[name]);
    const found = Array.isArray(able)
      ? fitValue(able, usual[name], wish)
      : fitNumber(able, Number(usually[name]), wish);
    if (!found) {
      result.failed.push(name);
      continue;
    }
    result.settings[name] = found.value;
    result.distance += found.distance;
    // Who asks for a width alone gets the height that goes with it.
    if (name === 'width' && constraints.width !== undefined)
      usually.height = Math.round((Number(found.value) * Number(usual.height)) / Number(usual.width));
  }
  return result;
}

/**
 * The device that meets constraints best; of equals, the first.
 * @template {Able} D
 * @param {D[]} devices at least one
 * @param {Record<string, any>} constraints
 * @returns {{ device: D, settings: Settings } | { failed: string }} a constraint that no device meets; empty if each fails with another one
 */
export function choose(devices, constraints) {
  const fits = devices.map((device) => ({ device, ...fit(device, constraints) }));
  const possible = fits.filter(({ failed }) => failed.length === 0);
  if (possible.length === 0) {
    const [first] = fits;
    return { failed: first.failed.find((name) => fits.every(({ failed }) => failed.includes(name))) ?? '' };
  }
  const { device, settings } = possible.reduce((best, one) => (one.distance < best.distance ? one : best));
  return { device, settings };
}

/** A value without a word is an ideal one. @param {unknown} asked @returns {Wish} */
function wishOf(asked) {
  if (asked === undefined || asked === null) return {};
  return typeof asked === 'object' && !Array.isArray(asked) ? asked : { ideal: asked };
}

/** @param {Range} range @param {number} usual @param {Wish} wish */
function fitNumber({ min, max }, usual, { exact, ideal, min: least, max: most }) {
  const low = Math.max(min, exact ?? min, least ?? min);
  const high = Math.min(max, exact ?? max, most ?? max);
  // Also if one of them is no number.
  if (!(low <= high)) return undefined;
  const value = Math.min(high, Math.max(low, ideal ?? usual));
  const distance =
    ideal === undefined || ideal === value ? 0 : Math.abs(value - ideal) / Math.max(value, Math.abs(ideal));
  return { value, distance };
}

/** @param {(string | boolean)[]} values @param {string | number | boolean} usual @param {Wish} wish */
function fitValue(values, usual, { exact, ideal }) {
  const [required, wished] = [exact, ideal].map((asked) => (asked === undefined ? [] : [asked].flat()));
  const allowed = exact === undefined ? values : values.filter((value) => required.includes(value));
  if (allowed.length === 0) return undefined;
  const met = allowed.find((value) => wished.includes(value));
  const value = met ?? allowed.find((one) => one === usual) ?? allowed[0];
  return { value, distance: ideal === undefined || met !== undefined ? 0 : 1 };
}
