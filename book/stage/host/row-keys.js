// @ts-check
// Keys in a list of rows with controls: Tab goes through the controls of one row and then out of the list, the arrows up and down go from row to row, to the same
// control. With two hundred rows nobody would get past them otherwise.
//
// May import: nothing.

const CONTROLS = 'button, input, summary';

/** Adds the keys to a list, whose children are the rows. @param {HTMLElement} list */
export function createRowKeys(list) {
  /** @type {Element | null} */
  let current = null;
  list.addEventListener('focusin', ({ target }) => become(rowOf(target)));
  list.addEventListener('keydown', onkey);
  return {
    /** To be called when rows were added or removed. */
    refresh() {
      for (const row of list.children) if (row !== current) reach(row, false);
      if (current?.parentElement !== list) become(list.firstElementChild);
      else reach(current, true);
    },
  };

  /** @param {Element | null} row */
  function become(row) {
    if (!row || row === current) return;
    if (current) reach(current, false);
    current = row;
    reach(row, true);
  }

  /** @param {Element} row @param {boolean} isReached by Tab */
  function reach(row, isReached) {
    const wanted = isReached ? 0 : -1;
    for (const control of controlsOf(row)) if (control.tabIndex !== wanted) control.tabIndex = wanted;
  }

  /** @param {KeyboardEvent} event */
  function onkey(event) {
    const { key, target } = event;
    const row = rowOf(target);
    const next = {
      ArrowDown: row?.nextElementSibling,
      ArrowUp: row?.previousElementSibling,
      Home: list.firstElementChild,
      End: list.lastElementChild,
    }[key];
    if (!row || !next || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const { control } = /** @type {HTMLElement} */ (target).dataset;
    const all = controlsOf(next).filter((one) => !one.closest('[hidden]'));
    (all.find(({ dataset }) => dataset.control === control) ?? all[0])?.focus();
  }

  /** @param {EventTarget | null} target */
  function rowOf(target) {
    return [...list.children].find((row) => row.contains(/** @type {Node} */ (target))) ?? null;
  }
}

/** @param {Element} row */
const controlsOf = (row) => /** @type {HTMLElement[]} */ ([...row.querySelectorAll(CONTROLS)]);
