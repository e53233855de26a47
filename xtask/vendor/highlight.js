// Colours for the code blocks that are not live. mdBook brings a highlight.js with every language; a reader waits for these few only.
// `cargo xtask vendor` bundles this file into book/theme/highlight.js, which mdBook takes in place of its own.
import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import diff from 'highlight.js/lib/languages/diff'
import ini from 'highlight.js/lib/languages/ini'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import plaintext from 'highlight.js/lib/languages/plaintext'
import rust from 'highlight.js/lib/languages/rust'
import xml from 'highlight.js/lib/languages/xml'

const languages = { bash, diff, ini, javascript, json, plaintext, rust, xml }
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language)

// What mdBook's book.js calls, by the names of the version that it was written for. It hands over each `code` within a sentence as well:
// they are of no language, and get the look of code only.
globalThis.hljs = {
  configure: (options) => hljs.configure({ ...options, ignoreUnescapedHTML: true }),
  highlightBlock: (code) => (code.parentElement.matches('pre') ? hljs.highlightElement(code) : code.classList.add('hljs')),
}
