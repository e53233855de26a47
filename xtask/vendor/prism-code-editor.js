// What the stage needs of prism-code-editor, and nothing else: `cargo xtask vendor` bundles this file into
// book/stage/vendor/prism-code-editor.js, and its layout into prism-code-editor.css beside it.
import 'prism-code-editor/layout.css'
import 'prism-code-editor/prism/languages/javascript'
import 'prism-code-editor/languages/clike'
import { addEditorHotkey, defaultKeymap } from 'prism-code-editor/commands'

export { createEditor } from 'prism-code-editor'
export { editHistory } from 'prism-code-editor/commands'
export { insertText } from 'prism-code-editor/utils'

/**
 * The extension that makes Tab, Enter, comment toggling and moving lines work. The package's own `editorCommands`
 * would also close brackets and quotes by itself, which is in the way of a reader who breaks code on purpose.
 */
export const editorCommands = () => (editor) => {
  for (const [key, command] of Object.entries(defaultKeymap)) {
    // Ctrl/Cmd+Enter runs a demo.
    if (key !== 'Mod+Enter') addEditorHotkey(editor, key, command)
  }
}
