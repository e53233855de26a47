// @ts-check
// Keeps the values of the newest entries of the console, so that the reader can unfold them while the run lasts (parts/unfold.js).

stage.values = (() => {
  /** Entries whose values are kept. What the demo has dropped stays in memory for that long. */
  const MAX_KEPT = 100;

  /** @type {{ id: number, args: unknown[], nodes?: object[] }[]} */
  const kept = [];
  let last = 0;

  return {
    /**
     * @param {unknown[]} args what was logged
     * @returns {number} by which it is found; 0 if nothing in it can be unfolded
     */
    keep(args) {
      for (let i = 0; i < args.length; i += 1) {
        if (typeof args[i] !== 'object' || args[i] === null) continue;
        last += 1;
        kept[last % MAX_KEPT] = { id: last, args };
        return last;
      }
      return 0;
    },

    /** @param {number} id */
    find(id) {
      const found = kept[id % MAX_KEPT];
      return found?.id === id ? found : undefined;
    },
  };
})();
