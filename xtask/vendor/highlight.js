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

/** Blocks that wait for their colours. */
const waiting = new Set()
// Safari has no idle time.
const whenIdle = globalThis.requestIdleCallback ?? setTimeout

function colour(code) {
  if (!waiting.delete(code)) return
  if (!code.querySelector('.boring')) hljs.highlightElement(code)
  else colourParts(code)
}

/** Lines that mdBook hides stay elements of their own. */
function colourParts(code) {
  const language = [...code.classList].find((name) => name.startsWith('language-'))?.slice('language-'.length)
  if (!hljs.getLanguage(language)) return
  for (const part of [...code.childNodes]) {
    const coloured = document.createElement('span')
    coloured.className = part.className ?? ''
    coloured.innerHTML = hljs.highlight(part.textContent, { language }).value
    part.replaceWith(coloured)
  }
}

// Whoever prints at once gets the colours too.
addEventListener('beforeprint', () => waiting.forEach(colour))

// What mdBook's book.js calls, by the names of the version that it was written for, while the page is still on its way to its first
// paint: colours can wait. It hands over each `code` within a sentence as well: they are of no language, and get the look of code only.
globalThis.hljs = {
  configure: (options) => hljs.configure({ ...options, ignoreUnescapedHTML: true }),
  highlightBlock(code) {
    if (!code.parentElement.matches('pre')) code.classList.add('hljs')
    else {
      waiting.add(code)
      whenIdle(() => colour(code))
    }
  },
}
