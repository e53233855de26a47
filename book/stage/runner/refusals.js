// @ts-check
// Explains in the demo's console what a sandboxed iframe silently blocks (dialogs, windows, downloads, outgoing links, forms), and what to
// use instead.

/**
 * Wraps what a sandbox blocks.
 * @param {(level: string, text: string, line: number | undefined, values?: unknown[], isUncaught?: boolean, file?: object) => void} print
 */
stage.tapRefusals = (print) => {
  const { apply, construct, describe, lines, listeners, madeFiles, recorder, standIn, uncurry } = stage;
  const later = setTimeout.bind(globalThis);
  const closest = uncurry(Element.prototype.closest);
  const attribute = uncurry(Element.prototype.getAttribute);
  const targetOf = recorder.getter(Event.prototype, 'target');
  const isPrevented = recorder.getter(Event.prototype, 'defaultPrevented');
  const isConnected = recorder.getter(Node.prototype, 'isConnected');

  /** @type {Record<string, string>} */
  const INSTEAD = {
    alert: 'Use console.log, or put the text into document.body.',
    confirm: 'The answer is false. Put a button of your own into document.body.',
    prompt: 'The answer is null. Put an <input> of your own into document.body.',
    print: 'Print the page with the browser’s own menu.',
  };
  const SUBMITTERS = 'button:not([type=button], [type=reset]), input[type=submit], input[type=image]';
  const FORM =
    'A form is not submitted here, and its submit event does not come. Listen to the click of a button with type="button", and read the fields then.';

  /** What a call was given first, as it would be written. @param {unknown[]} args */
  const shown = (args) =>
    args.length === 0 ? '' : typeof args[0] === 'string' ? JSON.stringify(describe(args[0])) : describe(args[0]);

  /** @param {string} text @param {number | undefined} [line] */
  const say = (text, line = lines.here()) => print('warn', text, line);

  for (const [name, instead] of Object.entries(INSTEAD)) {
    standInFor(globalThis, name, (/** @type {unknown} */ _, /** @type {unknown[]} */ args) => {
      say(`${name}(${shown(args)}) is not shown: a demo’s frame has no dialogs. ${instead}`);
    });
  }

  standInFor(
    globalThis,
    'open',
    (/** @type {unknown} */ _, /** @type {unknown[]} */ args, /** @type {unknown} */ opened) => {
      if (opened === null)
        say(
          `open(${shown(args)}) gave null: a demo opens no windows and leads no other page elsewhere. Open a second tab of this page by hand.`,
        );
    },
  );

  // A click on a link outside of the document reaches no listener of the document.
  standInFor(HTMLElement.prototype, 'click', (/** @type {any} */ self) => {
    if (!isConnected(self)) explainLink(self, lines.here());
  });

  for (const name of ['submit', 'requestSubmit'])
    standInFor(HTMLFormElement.prototype, name, (/** @type {HTMLFormElement} */ form) =>
      explainForm(form, lines.here()),
    );

  listeners.listen('click', (/** @type {Event} */ event) => {
    const target = targetOf(event);
    const line = lines.here();
    // The code may revoke the address as soon as it has clicked.
    const file = fileIn(target);
    // Later listeners may still prevent the default action.
    later(() => {
      if (!isPrevented(event)) explainClick(target, line, file);
    });
  });

  // Enter submits too; in a form with a button, the browser clicks that.
  listeners.listen('keydown', (/** @type {KeyboardEvent} */ event) => {
    const target = targetOf(event);
    if (event.key !== 'Enter' || event.isComposing || !(target instanceof HTMLInputElement) || !target.form) return;
    const { form } = target;
    later(() => {
      if (!isPrevented(event) && ![...form.elements].some((element) => closest(element, SUBMITTERS)))
        explainForm(form, undefined);
    });
  });

  /** Whose submit event came: browsers differ in whether it does in a sandbox. @type {WeakSet<object>} */
  const submitted = new WeakSet();
  listeners.listen('submit', (/** @type {Event} */ event) => submitted.add(targetOf(event)));

  /** @typedef {{ name: string, blob: Blob, size: number }} MadeFile */

  /** What the link around it would download. @param {any} target @returns {MadeFile | undefined} */
  function fileIn(target) {
    const link = target instanceof Element && closest(target, 'a[href][download], area[href][download]');
    return link ? madeFiles.of(link) : undefined;
  }

  /** @param {any} target @param {number | undefined} line @param {MadeFile} [file] what its link would have downloaded when it was clicked */
  function explainClick(target, line, file) {
    if (!(target instanceof Element)) return;
    const link = closest(target, 'a[href], area[href]');
    if (link) return explainLink(link, line, file);
    const button = closest(target, SUBMITTERS);
    if (button?.form) explainForm(button.form, line);
  }

  /** @param {any} link @param {number | undefined} line @param {MadeFile} [file] */
  function explainLink(link, line, file) {
    if (!(link instanceof HTMLAnchorElement || link instanceof HTMLAreaElement)) return;
    const target = attribute(link, 'target') ?? '';
    // Listeners of the link may have given it another address.
    if (attribute(link, 'download') !== null) explainDownload(madeFiles.of(link) ?? file, line);
    else if (target && target !== '_self')
      say(
        `The link with target="${target}" does not open: a demo opens no windows and leads no other page elsewhere. Show its address, for the reader to open it by hand.`,
        line,
      );
  }

  /** @param {MadeFile | undefined} file @param {number | undefined} line */
  function explainDownload(file, line) {
    if (!file)
      say(
        'Nothing is downloaded from here: a demo saves no files itself. Make a Blob of it, and its address with URL.createObjectURL: then the page offers to save it.',
        line,
      );
    else if (file.size > madeFiles.MAX_BYTES)
      say(
        `This file has ${file.size} bytes, and the page takes no more than ${madeFiles.MAX_BYTES} to save. Make it shorter, or make several.`,
        line,
      );
    else print('log', 'A file to save:', line, [], false, { name: file.name, blob: file.blob });
  }

  /** @param {HTMLFormElement} form @param {number | undefined} line */
  function explainForm(form, line) {
    later(() => {
      if (!submitted.delete(form)) say(FORM, line);
    });
  }

  // That a worker can't start is reported to its own listeners only.
  const NativeWorker = globalThis.Worker;
  /** @type {any} */
  const TappedWorker =
    NativeWorker &&
    standIn(NativeWorker, {
      construct(/** @type {Function} */ target, /** @type {unknown[]} */ args, /** @type {Function} */ newTarget) {
        const line = lines.here();
        const worker = construct(target, args, newTarget === TappedWorker ? target : newTarget);
        // Errors in a running worker are reported at the window as well.
        recorder.watch(worker, [
          recorder.observer('error', (/** @type {unknown} */ _, /** @type {ErrorEvent} */ event) => {
            if (!event.message)
              say(
                'A worker did not start: here it can not be a file of the server. Make it of a Blob, with URL.createObjectURL.',
                line,
              );
          }),
        ]);
        return worker;
      },
    });
  if (TappedWorker) {
    NativeWorker.prototype.constructor = TappedWorker;
    globalThis.Worker = TappedWorker;
  }

  /**
   * @param {any} holder
   * @param {string} name
   * @param {(self: any, args: unknown[], result: unknown) => void} see called afterwards, with null for what the browser refused with an error
   */
  function standInFor(holder, name, see) {
    if (typeof holder[name] !== 'function') return;
    holder[name] = standIn(holder[name], {
      apply(/** @type {Function} */ native, /** @type {unknown} */ self, /** @type {unknown[]} */ args) {
        /** @type {unknown} */
        let result = null;
        try {
          result = apply(native, self, args);
          return result;
        } finally {
          try {
            see(self, args, result);
          } catch {
            // Explaining the failure must not cause another one.
          }
        }
      },
    });
  }
};
