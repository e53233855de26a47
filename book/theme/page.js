// What mdBook's page lacks for people who use a keyboard or a screen reader.

// The sidebar's toggle is a <label>, which can't be reached by Tab and may not carry the ARIA states it has. A button can.
(() => {
  const label = document.getElementById('mdbook-sidebar-toggle');
  const checkbox = document.getElementById('mdbook-sidebar-toggle-anchor');
  if (!label || !checkbox) return;
  const button = document.createElement('button');
  button.type = 'button';
  for (const { name, value } of label.attributes) if (name !== 'for') button.setAttribute(name, value);
  button.append(...label.childNodes);
  button.addEventListener('click', () => checkbox.click());
  label.replaceWith(button);
})();
