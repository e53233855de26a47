// @ts-check
// Where the instruments lead into the book. The modules may be served from a folder named after their content, beside which there are no pages.

const CHAPTER = new URL('../../connecting/', import.meta.url.replace(/\/v\/[0-9a-f]+\//, '/')).href;

/** A section of the chapter. @param {string} anchor */
export const inChapter = (anchor) => `${CHAPTER}#${anchor}`;

/** A section of the page that explains the instruments. @param {string} anchor */
export const inGuide = (anchor) => `${CHAPTER}instruments.html#${anchor}`;
