// @ts-check
// Brings everybody to a page of the book, and to a demo on it: the pages are those of the table of contents, the demos those of the page.
//
// May import: book-places.js, host-requests.js, ../dom.js, ../root.js.

import { button, el } from '../dom.js';
import { endpoint } from '../root.js';
import { demosIn, placesIn } from './book-places.js';
import { bring } from './host-requests.js';

/** How long a page may take that is looked through for demos, in ms. */
const TIMEOUT = 5_000;

/** @param {(request: import('./host-requests.js').HostRequest) => void} act */
export function createBringTool(act) {
  /** @type {import('./book-places.js').Place[]} */
  let places = [];
  let looking = new AbortController();
  const page = el('select', { 'data-tool': 'page' });
  const demo = el('select', { 'data-tool': 'demo' });
  page.addEventListener('change', offerDemos);
  const body = el(
    'div',
    { class: 'host-bar' },
    el('label', {}, 'Page ', page),
    el('label', {}, 'Demo ', demo),
    button('Bring everyone', () => act(bring(chosenPage(), demo.value))),
  );
  const element = el('details', { class: 'host-tool' }, el('summary', {}, 'Bring everyone to a page'), body);
  // The contents are there when somebody opens this, if not before.
  element.addEventListener('toggle', () => element.open && places.length === 0 && offerPages());
  offerNoDemo();
  return element;

  function chosenPage() {
    return places.find(({ path }) => path === page.value);
  }

  function offerPages() {
    places = placesIn(linksOfContents(), endpoint(''), location.href);
    const options = places.map(({ path, title }) => el('option', { value: path }, title));
    page.replaceChildren(el('option', { value: '' }, 'Choose a page'), ...options);
  }

  function offerNoDemo() {
    demo.replaceChildren(el('option', { value: '' }, 'none, the page from its beginning'));
  }

  async function offerDemos() {
    looking.abort();
    looking = new AbortController();
    const { signal } = looking;
    offerNoDemo();
    const place = chosenPage();
    if (!place) return;
    const demos = await demosOf(place.path, signal);
    if (!signal.aborted) demo.append(...demos.map((name) => el('option', { value: name }, name)));
  }
}

/** The demos of a page; none if it does not come. @param {string} path @param {AbortSignal} signal */
async function demosOf(path, signal) {
  try {
    const response = await fetch(endpoint(path), { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]) });
    if (!response.ok) return [];
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    return demosIn([...page.querySelectorAll('pre > code')].map(({ classList }) => [...classList]));
  } catch {
    return [];
  }
}

function linksOfContents() {
  const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (
    document.querySelectorAll('#mdbook-sidebar .chapter a[href]')
  );
  return [...links].map((link) => {
    const copy = /** @type {HTMLElement} */ (link.cloneNode(true));
    // The number of the chapter, and the mark of a page that was read, are no part of its title.
    for (const other of copy.querySelectorAll('strong, .read-mark')) other.remove();
    return { href: link.href, title: copy.textContent ?? '' };
  });
}
