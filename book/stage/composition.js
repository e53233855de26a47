// @ts-check
// Keys that belong to an input method. While it composes, as for Chinese, Japanese or Korean text, Escape, Enter, Tab and the arrows choose and end what is
// composed: no part of the page may take them. Imports nothing.

/** What `keyCode` says of a key that an input method takes (https://www.w3.org/TR/uievents/#determine-keydown-keyup-keyCode). Safari says it of the key that ends
 * a composition, when `isComposing` is false already. */
const TAKEN_BY_INPUT_METHOD = 229;

/** At the window and before all others, so that it holds for the editor, the stage and mdBook alike. The browser's own action stays: it is the input method's. */
export function leaveKeysToInputMethods() {
  addEventListener(
    'keydown',
    (event) => {
      if (event.isComposing || event.keyCode === TAKEN_BY_INPUT_METHOD) event.stopImmediatePropagation();
    },
    { capture: true },
  );
}
