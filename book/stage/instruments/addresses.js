// @ts-check
// Addresses of what the instruments load, and of what they lead to in the book. All of them stand here, because the build joins the modules of
// this folder and of those below it into `mount.js`: `import.meta.url` is the same before and after only in this folder.
//
// May import: nothing.

const at = (/** @type {string} */ path) => new URL(path, import.meta.url).href;

/** The worker that reads recordings. */
export const READER = at('files/reader.js');

/** The plotting library, and its style. */
export const PLOTTING = { script: at('../vendor/uplot.js'), style: at('../vendor/uplot.css') };

/** The style of the panel of audio and video. */
export const MEDIA_STYLE = at('media.css');

/** The style of the panel of NAT labs. */
export const LAB_STYLE = at('lab.css');

/** The client's own way to the signaling server: only the workshop server serves it. */
export const SIGNALING = ['signaling.js', 'protocol.js'].map((name) => at(`../../code/quickconnect/js/${name}`));

/** The modules may be served from a folder named after their content (`/v/…/stage/`), beside which there are no pages. */
const CHAPTER = at('../../connecting/').replace(/\/v\/[0-9a-f]+\//, '/');

/** A section of the chapter. @param {string} anchor */
export const inChapter = (anchor) => `${CHAPTER}#${anchor}`;

/** A section of a page about media. @param {string} page @param {string} anchor */
export const inMedia = (page, anchor) => new URL(`../media/${page}.html#${anchor}`, CHAPTER).href;

/** A section of the page that explains the instruments. @param {string} anchor */
export const inGuide = (anchor) => `${CHAPTER}instruments.html#${anchor}`;
