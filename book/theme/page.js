// What mdBook's page lacks for people who use a keyboard or a screen reader.

// The sidebar's toggle is a <label>, which can't be reached by Tab and may not carry the ARIA states it has. A button can. The label
// stays behind it, out of the document, because book.js listens to its clicks and keeps its state.
(() => {
  const label = document.getElementById('mdbook-sidebar-toggle');
  const checkbox = document.getElementById('mdbook-sidebar-toggle-anchor');
  const sidebar = document.getElementById('mdbook-sidebar');
  if (!label || !checkbox || !sidebar) return;
  const button = document.createElement('button');
  button.type = 'button';
  for (const { name, value } of label.attributes) if (name !== 'for') button.setAttribute(name, value);
  button.append(...label.childNodes);
  button.addEventListener('click', () => {
    label.dispatchEvent(new Event('click'));
    checkbox.click();
    // book.js hides it when it has moved out. It does not move if it was still where it began, or with reduced motion.
    if (!checkbox.checked && sidebar.getAnimations().length === 0) sidebar.style.display = 'none';
  });
  new MutationObserver(() => {
    button.setAttribute('aria-expanded', label.getAttribute('aria-expanded') ?? 'false');
  }).observe(label, { attributeFilter: ['aria-expanded'] });
  label.replaceWith(button);
})();

// The mark of the book beside its title (page.css) is its icon.
(() => {
  const icon = document.querySelector('link[rel=icon]');
  if (icon) document.documentElement.style.setProperty('--mark', `url("${icon.href}")`);
})();

// Landmarks, by which people go through a page with a screen reader, and the name of a field: mdBook has none for its menu bar and its search.
(() => {
  document.getElementById('mdbook-menu-bar')?.setAttribute('role', 'banner');
  document.getElementById('mdbook-search-wrapper')?.setAttribute('role', 'search');
  document.getElementById('mdbook-searchbar')?.setAttribute('aria-label', 'Search this book');
})();

// A block of code or a table that scrolls sideways is reached with Tab, also where the browser does not see to it (Safari), and only while it
// scrolls.
(() => {
  if (!globalThis.ResizeObserver) return;
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.setAttribute('tabindex', '0');
      else target.removeAttribute('tabindex');
    }
  });
  for (const block of document.querySelectorAll('main :is(pre > code, .table-wrapper)')) observer.observe(block);
})();
