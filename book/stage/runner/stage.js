// @ts-check
// The parts of the runner, filled in by the scripts that follow. main.js takes the name away.

/** @type {any} */
var stage = {};
