// @ts-check
// Where a connection goes over a line of the server. None does before “A bad line” is on, and its part has taken the place of this (parts/line-way.js).

stage.line = (() => {
  /** @type {(message: object) => void} */
  let send = () => {};
  const none = () => undefined;
  return {
    FAULT: 'bad-line',
    wayOf: none,
    pass: none,
    give: none,
    close: none,
    opened: none,

    /** @param {object} message to the page */
    tell: (message) => send(message),

    /** @param {(message: object) => void} to the page */
    start(to) {
      send = to;
    },
  };
})();
