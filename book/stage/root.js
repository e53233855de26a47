// @ts-check
// Where the book is, which may stand below a prefix. The server gives the stage an address with the version of its files in it,
// `v/VERSION/stage/`, and has its endpoints only beside the book. The build may join this module into one that stands deeper in the folder.
//
// May import: nothing.

const ROOT = import.meta.url.replace(/\/stage\/(?!.*\/stage\/).*$/, '/').replace(/\/v\/[^/]+\/$/, '/');

/** The address of an endpoint of the server. @param {string} name */
export const endpoint = (name) => new URL(name, ROOT).href;
