// @ts-check
// The author's mode in a page: reloads it when the book was rendered again, and shows what is wrong with the sources.
// A classic script that imports nothing; the server adds it to every page when it serves a checkout.
(() => {
  /** Where the script comes from, which may be below a prefix. */
  const events = new URL('author/events', /** @type {HTMLScriptElement} */ (document.currentScript).src);
  /** @type {number | undefined} */
  let shown;
  const notice = document.createElement('pre');
  notice.setAttribute('role', 'alert');
  notice.hidden = true;
  // Inline styles by script, because the page's policy takes no style element and no theme must hide it.
  Object.assign(notice.style, {
    position: 'fixed',
    inset: 'auto 0 0 0',
    zIndex: '1000',
    maxHeight: '50vh',
    overflow: 'auto',
    margin: '0',
    padding: '1em',
    color: '#fff',
    background: '#8b0000',
    whiteSpace: 'pre-wrap',
  });
  document.body.append(notice);

  // The browser connects again by itself, also after a restart of the server.
  new EventSource(events).addEventListener('message', ({ data }) => {
    const { edition, error } = JSON.parse(data);
    if (shown !== undefined && edition !== shown) location.reload();
    shown = edition;
    notice.hidden = error === null;
    notice.textContent = error === null ? '' : `The book was not rendered again:\n${error}`;
  });
})();
