// @ts-check
// Where the book is, which may stand below a prefix of its host, behind a proxy. The text of a demo knows nothing of that: it asks for `location.origin`
// and `/ice`, as at a host that is the book's alone. So addresses at the root of the host lead to the root of the book; what else there is at the host is
// none of a demo's business.

stage.root = (() => {
  const { apply } = stage;
  const { slice, startsWith } = String.prototype;
  /** The server gives the iframe an address with the version of its files in it. */
  const ROOT = location.pathname.replace(/(?:v\/[^/]+\/)?stage\/[^/]*$/, '');
  /** @param {string} path of an address at this host @returns {string} what it leads to, from the root of the book */
  const within = (path) => {
    if (apply(startsWith, path, [ROOT])) return apply(slice, path, [ROOT.length]);
    return `${path}/` === ROOT ? '' : apply(slice, path, [1]);
  };
  return {
    within,
    /** The path at which the book's server is asked for it. @param {string} path of an address at this host */
    pathFor: (path) => ROOT + within(path),
  };
})();
