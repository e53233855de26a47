// @ts-check
// A list whose rows are kept by id and changed in place: what has the keyboard, and what is open in a row, stays. The row that has the keyboard is never moved;
// the others are put around it, because an element that is moved loses the keyboard.
//
// May import: nothing.

/**
 * @template T
 * @typedef {{ element: HTMLElement, update: (item: T) => void }} KeyedRow
 */

/**
 * @template {{ id: string }} T
 * @param {HTMLElement} list gets the keyboard when no row is left for it; it needs a `tabindex`
 * @param {(item: T) => KeyedRow<T>} create
 */
export function createKeyedList(list, create) {
  /** @type {Map<string, KeyedRow<T>>} */
  const rows = new Map();
  return {
    /** The id of the row that has the keyboard. */
    get focused() {
      return [...rows].find(([, { element }]) => element.contains(document.activeElement))?.[0];
    },

    /** Shows these, in this order. @param {T[]} items */
    show(items) {
      const ids = new Set(items.map(({ id }) => id));
      const focused = this.focused;
      const isLost = focused !== undefined && !ids.has(focused);
      const next = isLost ? neighbourOf(focused, ids) : undefined;
      for (const [id, { element }] of rows) {
        if (ids.has(id)) continue;
        element.remove();
        rows.delete(id);
      }
      const elements = items.map((item) => {
        const row = rows.get(item.id) ?? create(item);
        rows.set(item.id, row);
        row.update(item);
        return row.element;
      });
      arrange(elements);
      if (isLost) /** @type {HTMLElement} */ (next?.querySelector(':is(input, button):not([hidden])') ?? list).focus();
    },
  };

  /** The row behind one that goes, or else before it. @param {string} id @param {Set<string>} staying */
  function neighbourOf(id, staying) {
    const kept = (/** @type {Element | null | undefined} */ element) =>
      [...rows].some(([other, row]) => row.element === element && staying.has(other));
    const gone = rows.get(id)?.element;
    const all = [...list.children];
    const at = all.findIndex((element) => element === gone);
    return all.slice(at + 1).find(kept) ?? all.slice(0, at).findLast(kept);
  }

  /** @param {HTMLElement[]} elements */
  function arrange(elements) {
    const fixed = Math.max(
      0,
      elements.findIndex((element) => element.contains(document.activeElement)),
    );
    if (elements.length > 0 && !elements[fixed].isConnected) list.append(elements[fixed]);
    for (let at = fixed - 1; at >= 0; at--)
      if (elements[at].nextElementSibling !== elements[at + 1]) elements[at + 1].before(elements[at]);
    for (let at = fixed + 1; at < elements.length; at++)
      if (elements[at - 1].nextElementSibling !== elements[at]) elements[at - 1].after(elements[at]);
  }
}
