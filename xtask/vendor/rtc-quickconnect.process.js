// What rtc-quickconnect finds in a page that browserify has bundled, and asks of Node's `process`.
export const process = { env: {}, nextTick: (act, ...args) => queueMicrotask(() => act(...args)) }
