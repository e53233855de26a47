// @ts-check
// Creates elements, keeps keys for them, and loads their styles. Strings become text nodes or attributes, never HTML.
//
// May import: nothing.

/**
 * Creates an element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * Creates a button.
 * @param {string} text
 * @param {() => void} onclick
 * @param {Record<string, string>} [attributes]
 */
export function button(text, onclick, attributes = {}) {
  const element = el('button', { type: 'button', ...attributes }, text);
  element.addEventListener('click', onclick);
  return element;
}

/** Keeps arrow keys that are pressed in an element from mdBook, which turns pages with them. @param {HTMLElement} element */
export function keepArrowKeys(element) {
  element.addEventListener('keydown', (event) => event.key.startsWith('Arrow') && event.stopPropagation());
}

/** Stylesheets that were asked for, by address. @type {Map<string, Promise<unknown>>} */
const styles = new Map();

/**
 * Loads a stylesheet, once for the page. What it is for is shown afterwards, and also if it does not come: it can be read without.
 * @param {string} href its address
 */
export function loadStyle(href) {
  const asked = styles.get(href);
  if (asked) return asked;
  const loaded = new Promise((done) => {
    const link = el('link', { rel: 'stylesheet', href });
    link.onload = link.onerror = done;
    document.head.append(link);
  });
  styles.set(href, loaded);
  return loaded;
}
