// The published client that ours must get on with: `cargo xtask vendor` bundles this file into
// server/tests/browser/contract/original/rtc-quickconnect.js, for the tests only. (The dist/ in its package speaks an older protocol.)
export { default } from 'rtc-quickconnect'
