// @ts-check
// placeholder
