// @ts-check
// Leaves keys to the input method while it composes text, as for Chinese, Japanese or Korean: Escape, Enter, Tab and the arrow keys then choose
// among candidates, so no part of the page may handle them.
//
// May import: nothing.

/**
 * The `keyCode` of a key that the input method handles (https://www.w3.org/TR/uievents/#determine-keydown-keyup-keyCode). In Safari the key
 * that ends a composition has it, although `isComposing` is false by then.
 */
const TAKEN_BY_INPUT_METHOD = 229;

/**
 * A capturing listener at the window, so that neither the editor nor the stage nor mdBook sees these keys. The default action is not
 * prevented: it is the input method's.
 */
export function leaveKeysToInputMethods() {
  addEventListener(
    'keydown',
    (event) => {
      if (event.isComposing || event.keyCode === TAKEN_BY_INPUT_METHOD) event.stopImmediatePropagation();
    },
    { capture: true },
  );
}
