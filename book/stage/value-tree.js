// @ts-check
// What is in the objects of an entry of the console, opened level by level. The frame is asked for each level when it is opened, so that each is as it is then, and
// answers as long as the run lasts. It runs anybody's code: what it says becomes text, and has bounds.
//
// Buttons with `aria-expanded` in nested lists, with the arrow keys of a tree besides (https://www.w3.org/WAI/ARIA/apg/patterns/treeview/).
//
// May import: dom.js, visible.js.

import { button, el, loadStyle } from './dom.js';
import { visible, visibleLine } from './visible.js';

const STYLE = new URL('value-tree.css', import.meta.url).href;
/** Values that an answer lists at most; the frame (runner/parts/unfold.js) has the same bound. */
const MAX_ITEMS = 100;
/** Characters of a value and of its name, with what a frame adds when it cuts one. */
const MAX_TEXT = 10_100;
const MAX_KEY = 300;

const ARROW_KEYS = ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp'];
const FOLLOWING = Node.DOCUMENT_POSITION_FOLLOWING;

const FAILED = 'What unfolds values did not load: is the server still there?';
const OVER = 'The run is over: run the code again to unfold its values.';

/** @typedef {ReturnType<typeof createTree>} ValueTree */
/** @typedef {{ key: string, text: string, node: number | undefined }} Item */
/** @typedef {{ items: Item[], rest: number, remark: string, elapsed: number }} Answer */

/** @param {(node: number, from: number) => Promise<unknown>} ask what is in a value; in the entry itself, if it is negative */
export function createTree(ask) {
  const time = el('p', { class: 'value-time' });
  const list = el('ul');
  // A screen reader reads what the reader goes to, not all that has come.
  const element = el('div', { class: 'values', 'aria-live': 'off', hidden: '' }, time, list);
  element.addEventListener('keydown', turn);
  load();

  async function load() {
    await loadStyle(STYLE);
    const answer = await fill(list, -1, 0);
    if (answer)
      time.textContent = `As it was ${(answer.elapsed / 1_000).toFixed(3)} s after Run; what is opened later, as it is then.`;
    const only = answer?.items.length === 1 && list.querySelector('button');
    if (only) only.click();
  }

  /**
   * Puts what is in a value into its list.
   * @param {HTMLElement} into @param {number} node @param {number} from
   * @returns {Promise<Answer | undefined>}
   */
  async function fill(into, node, from) {
    const waiting = el('li', { class: 'value-remark' }, 'Waiting for the demo to answer.');
    into.append(waiting);
    const answer = answerOf(await ask(node, from));
    waiting.remove();
    if (!answer) {
      into.append(remarkOf(OVER));
      return undefined;
    }
    const { items, rest, remark } = answer;
    into.append(...items.map(itemOf));
    if (rest > 0) into.append(moreOf(into, node, from + items.length, rest));
    if (remark) into.append(remarkOf(remark));
    if (from === 0 && items.length === 0 && !remark) into.append(remarkOf('Nothing is in it.'));
    return answer;
  }

  /** @param {Item} item */
  function itemOf({ key, text, node }) {
    const words = [...(key ? [el('span', { class: 'value-key' }, key), ' '] : []), text];
    if (node === undefined) return el('li', {}, el('span', { class: 'value' }, ...words));
    /** @type {HTMLElement | undefined} */
    let inner;
    const open = button('', toggle, { class: 'value', 'aria-expanded': 'false' });
    open.append(...words);
    const item = el('li', {}, open);
    return item;

    function toggle() {
      if (inner) inner.hidden = !inner.hidden;
      else {
        inner = el('ul');
        item.append(inner);
        fill(inner, node ?? -1, 0);
      }
      open.setAttribute('aria-expanded', String(!inner.hidden));
    }
  }

  /** @param {HTMLElement} into @param {number} node @param {number} from @param {number} rest */
  function moreOf(into, node, from, rest) {
    const next = Math.min(rest, MAX_ITEMS);
    const left = rest === Infinity ? 'there are more' : `of ${rest.toLocaleString('en')} more`;
    const item = el(
      'li',
      {},
      button(
        `Show ${next} (${left})`,
        async () => {
          const before = item.previousElementSibling ?? into;
          // While the demo answers, the line above has the focus; a reader who goes on meanwhile is left where they are.
          const held = item.contains(document.activeElement) && focusOn(before);
          item.remove();
          await fill(into, node, from);
          if (held && held === document.activeElement) focusOn(before.nextElementSibling ?? into.firstElementChild);
        },
        { class: 'value-more' },
      ),
    );
    return item;
  }

  /** Arrow keys, as in a tree. @param {KeyboardEvent} event */
  function turn(event) {
    const { key, target, altKey, ctrlKey, metaKey } = event;
    if (!ARROW_KEYS.includes(key) || altKey || ctrlKey || metaKey || !(target instanceof HTMLElement)) return;
    const reached = reachedFrom(target, key);
    // A key that leads nowhere scrolls.
    if (!reached) return;
    event.preventDefault();
    if (reached === target) target.click();
    else reached.focus();
  }

  /** The button that a key leads to; the one that was pressed, if that opens or closes. @param {HTMLElement} from @param {string} key */
  function reachedFrom(from, key) {
    const expanded = from.getAttribute('aria-expanded');
    if (key === 'ArrowLeft') return expanded === 'true' ? from : parentOf(from);
    if (key === 'ArrowRight' && expanded !== 'true') return expanded === 'false' ? from : undefined;
    const shown = [...element.querySelectorAll('button')].filter((one) => one.getClientRects().length > 0);
    const isAfter = (/** @type {Element} */ one) => (from.compareDocumentPosition(one) & FOLLOWING) !== 0;
    const isBefore = (/** @type {Element} */ one) => (one.compareDocumentPosition(from) & FOLLOWING) !== 0;
    return key === 'ArrowUp' ? shown.filter(isBefore).at(-1) : shown.find(isAfter);
  }

  return {
    element,

    /** Shows it, or hides it. @returns {boolean} whether it is shown now */
    toggle() {
      element.hidden = !element.hidden;
      return !element.hidden;
    },

    /** All that is shown, a line for each value; empty while it is hidden. */
    text: () => (element.hidden ? '' : ['', ...linesOf(list, 1)].join('\n')),
  };
}

/** @param {string} words */
const remarkOf = (words) => el('li', { class: 'value-remark' }, words);

/** Gives the focus to the button of a line, or to the line, if it has none. @param {Element | null} line @returns {HTMLElement | null} what has it */
function focusOn(line) {
  const target = /** @type {HTMLElement | null} */ (line?.querySelector(':scope > button') ?? line);
  if (target?.localName !== 'button') target?.setAttribute('tabindex', '-1');
  target?.focus({ preventScroll: true });
  return target;
}

/** The button of the value that another one is in. @param {Element} inner @returns {HTMLElement | null | undefined} */
const parentOf = (inner) => inner.closest('ul')?.parentElement?.querySelector(':scope > button');

/** @param {Element} list @param {number} depth @returns {string[]} */
function linesOf(list, depth) {
  const indent = '  '.repeat(depth);
  return [...list.children].flatMap((item) => {
    const inner = item.querySelector(':scope > ul:not([hidden])');
    const words = (item.querySelector(':scope > .value, :scope > .value-more') ?? item).textContent ?? '';
    return [words.replaceAll(/^/gm, indent), ...(inner ? linesOf(inner, depth + 1) : [])];
  });
}

/** Checks what a frame has answered. @param {any} answer @returns {Answer | undefined} undefined if there is none */
function answerOf(answer) {
  if (answer === undefined) return undefined;
  const isWhole = Array.isArray(answer?.items);
  const items = isWhole ? answer.items : [];
  return {
    items: Array.from(items.slice(0, MAX_ITEMS), (/** @type {any} */ item) => ({
      key: visibleLine(textOf(item?.key, MAX_KEY)),
      text: visible(textOf(item?.text, MAX_TEXT)),
      node: Number.isSafeInteger(item?.node) ? item.node : undefined,
    })),
    rest: typeof answer?.rest === 'number' && answer.rest > 0 ? answer.rest : 0,
    remark: isWhole ? visible(textOf(answer.remark, MAX_TEXT)) : FAILED,
    elapsed: Number.isFinite(answer?.elapsed) ? answer.elapsed : 0,
  };
}

/** @param {unknown} text @param {number} most */
const textOf = (text, most) => (typeof text === 'string' ? text.slice(0, most) : '');
