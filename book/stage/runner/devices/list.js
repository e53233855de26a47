// @ts-check
// The stand-in devices, and what a page is told of them: little before it may use one, and all of its kind afterwards
// (https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-enumeratedevices). Pure.
//
// May import: nothing.

/**
 * @typedef {object} Device
 * @property {'audioinput' | 'videoinput' | 'audiooutput' | 'screen'} kind a screen is in no list
 * @property {string} deviceId
 * @property {string} groupId the same for what is one piece
 * @property {string} label
 * @property {import('./constraints.js').Capabilities} capabilities
 * @property {import('./constraints.js').Settings} usual what it does if nothing is asked
 */

/** What a page has been allowed to use. @typedef {{ audioinput: boolean, videoinput: boolean }} Exposed */

/** Pieces of hardware. */
const LAPTOP = '6f0d3c8a51e2';
const HEADSET = 'b914e07d2c66';

/** @type {Device[]} */
export const DEVICES = [
  microphone('1b7e40c9a3d5', LAPTOP, 'Built-in microphone (stand-in)'),
  microphone('e25a90f1774b', HEADSET, 'Headset microphone (stand-in)'),
  camera('90c3d1f8ab26', 'Front camera (stand-in)', 'user', { width: 1_280, height: 720 }, { width: 640, height: 360 }),
  camera(
    '4ad86e13f07c',
    'Back camera (stand-in)',
    'environment',
    { width: 1_600, height: 1_080 },
    { width: 640, height: 480 },
  ),
  {
    kind: 'audiooutput',
    deviceId: 'c7720b5d9e18',
    groupId: HEADSET,
    label: 'Headset (stand-in)',
    capabilities: {},
    usual: {},
  },
];

/** What is shared by `getDisplayMedia()`. @type {Device} */
export const SCREEN = {
  kind: 'screen',
  deviceId: '2f81c6e09d4b',
  groupId: LAPTOP,
  label: 'Screen (stand-in)',
  capabilities: {
    displaySurface: ['monitor'],
    width: { min: 160, max: 1_280 },
    height: { min: 90, max: 720 },
    frameRate: { min: 1, max: 30 },
  },
  usual: { deviceId: '2f81c6e09d4b', displaySurface: 'monitor', width: 640, height: 360, frameRate: 10 },
};

/**
 * What `enumerateDevices()` tells.
 * @param {Device[]} devices those that are there
 * @param {Exposed} exposed
 */
export function infosOf(devices, exposed) {
  const known = (/** @type {Device} */ { kind, deviceId, groupId, label }) =>
    infoOf({ kind, deviceId, groupId, label });
  const inputs = /** @type {const} */ (['audioinput', 'videoinput']).flatMap((kind) => {
    const ofKind = devices.filter((device) => device.kind === kind);
    // That there is one is told to everybody, but neither how many nor which.
    return exposed[kind] ? ofKind.map(known) : ofKind.slice(0, 1).map(() => infoOf({ kind }));
  });
  const outputs = devices.filter(({ kind }) => kind === 'audiooutput' && exposed.audioinput);
  return [...inputs, ...outputs.map(known)];
}

/** @param {{ kind: string, deviceId?: string, groupId?: string, label?: string }} known */
function infoOf({ kind, deviceId = '', groupId = '', label = '' }) {
  const info = { deviceId, kind, label, groupId };
  return Object.freeze(Object.defineProperty(info, 'toJSON', { value: () => ({ ...info }) }));
}

/** @param {string} deviceId @param {string} groupId @param {string} label @returns {Device} */
function microphone(deviceId, groupId, label) {
  const processors = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return {
    kind: 'audioinput',
    deviceId,
    groupId,
    label,
    capabilities: {
      deviceId: [deviceId],
      groupId: [groupId],
      ...Object.fromEntries(Object.keys(processors).map((name) => [name, [true, false]])),
    },
    usual: { deviceId, groupId, ...processors },
  };
}

/**
 * @param {string} deviceId @param {string} label @param {string} facingMode
 * @param {{ width: number, height: number }} most @param {{ width: number, height: number }} usually
 * @returns {Device}
 */
function camera(deviceId, label, facingMode, most, usually) {
  return {
    kind: 'videoinput',
    deviceId,
    groupId: LAPTOP,
    label,
    capabilities: {
      deviceId: [deviceId],
      groupId: [LAPTOP],
      facingMode: [facingMode],
      width: { min: 160, max: most.width },
      height: { min: 90, max: most.height },
      frameRate: { min: 1, max: 30 },
    },
    // Few pictures a second: all of them are painted by the machine that also encodes and shows them.
    usual: { deviceId, groupId: LAPTOP, facingMode, ...usually, frameRate: 15 },
  };
}
