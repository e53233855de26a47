// @ts-check
// Loads the parts of the runner that few runs need (parts/). They are modules, so that what they share with the runner never is in the demo's reach. What
// the demo's text speaks of is there before its code begins, as everything else of the runner is. Code can also come by something that its text doesn't speak
// of, such as a track of another peer: then the part is loaded when it is first needed, and until it is there, what it has to know waits.

stage.parts = (() => {
  /** What waits for a part at the same time. More is told of nowhere. */
  const MAX_WAITING = 500;

  const { given, lines, recorder } = stage;
  const { then } = recorder;
  // Without the global object, which is taken away before the demo's code begins.
  const shared = stage;
  const FOLDER = new URL('runner/parts/', document.baseURI).href;
  const NativePromise = Promise;
  const text = given
    ? given.files.map((/** @type {{ code: string }} */ { code }) => lines.withoutComments(code)).join('\n')
    : '';
  /** @type {Promise<void>[]} */
  const loading = [];
  /** @type {(say: (words: string) => void) => void} */
  let begin = () => {};
  /** Resolved when the console can be written to. */
  const begun = new NativePromise((/** @type {typeof begin} */ resolve) => {
    begin = resolve;
  });

  /**
   * @param {string} name of the module, whose `install` gets what the runner shares, and what is given here
   * @param {string} lack what the reader is told if it does not load
   * @param {unknown} [own] what only this part gets
   */
  function create(name, lack, own) {
    /** @type {any} */
    let part;
    let isAsked = false;
    let hasFailed = false;
    /** @type {((part: any) => void)[]} */
    let waiting = [];

    /** @param {any} found undefined if it did not load */
    function settle(found) {
      part = found;
      hasFailed = !found;
      const acts = waiting;
      waiting = [];
      for (let i = 0; i < acts.length; i += 1) {
        try {
          acts[i](found);
        } catch {
          // It must not keep the others from what they wait for.
        }
      }
    }

    function load() {
      if (isAsked) return;
      isAsked = true;
      // It is no promise's value: that is looked at for `then`, by which the demo could get hold of it.
      const installed = then(import(`${FOLDER}${name}.js`), (/** @type {any} */ { install }) => {
        settle(install(shared, own));
      });
      loading[loading.length] = then(installed, undefined, () => {
        settle(undefined);
        then(begun, (/** @type {(words: string) => void} */ say) => say(`${lack} Is the server still there?`));
      });
    }

    return {
      /** The part, once it is there. */
      get now() {
        return part;
      },

      load,

      /**
       * Does something with it: now, or when it is there.
       * @param {(part: any) => void} act @param {() => void} [otherwise] if it does not load
       */
      use(act, otherwise = () => {}) {
        if (part) act(part);
        else if (hasFailed || waiting.length >= MAX_WAITING) otherwise();
        else {
          waiting[waiting.length] = (found) => (found ? act(found) : otherwise());
          load();
        }
      },
    };
  }

  return {
    create,

    /** Whether the code of the demo, comments aside, has words like these. @param {RegExp} words */
    speakOf: (words) => words.test(text),

    /** Resolved when those that were asked for are there, or did not load; undefined if none was. */
    get ready() {
      return loading.length > 0 ? NativePromise.all(loading) : undefined;
    },

    /** @param {(words: string) => void} say tells the reader */
    start(say) {
      begin(say);
    },
  };
})();
