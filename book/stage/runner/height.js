// @ts-check
// Tells the page the height of the demo's own content whenever it changes, also after the demo has replaced the body.

/**
 * Observes the height of the body.
 * @param {(height: number) => void} tell in CSS pixels
 * @returns {() => void} looks whether there is another body now
 */
stage.tapHeight = (tell) => {
  const { recorder, uncurry } = stage;
  const bodyOf = recorder.getter(Document.prototype, 'body');
  const boxOf = uncurry(Element.prototype.getBoundingClientRect);
  const bottomOf = recorder.getter(DOMRectReadOnly.prototype, 'bottom');
  const styleOf = getComputedStyle.bind(globalThis);
  const valueOf = uncurry(CSSStyleDeclaration.prototype.getPropertyValue);
  const { ceil } = Math;
  const number = Number.parseFloat;
  const root = document;
  /** @type {Element | null} */
  let watched = null;
  let told = 0;

  // A browser without it is asked with each look.
  const observer = globalThis.ResizeObserver && new ResizeObserver(measure);
  const observe = observer?.observe.bind(observer);
  const disconnect = observer?.disconnect.bind(observer);

  function measure() {
    // A body that the demo has written has margins.
    const height = watched
      ? ceil(bottomOf(boxOf(watched)) + scrollY + (number(valueOf(styleOf(watched), 'margin-bottom')) || 0))
      : 0;
    if (height === told) return;
    told = height;
    tell(height);
  }

  return () => {
    const body = bodyOf(root);
    if (body === watched) {
      if (!observer) measure();
      return;
    }
    disconnect?.();
    watched = body;
    if (body) observe?.(body);
    measure();
  };
};
