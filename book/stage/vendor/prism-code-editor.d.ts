// What the stage uses of the vendored editor; the types of the whole are in the npm package `prism-code-editor`.

export interface Editor {
  readonly value: string;
  readonly textarea: HTMLTextAreaElement;
  /** Its elements by line, from 1. */
  readonly lines: ArrayLike<Element>;
  /** A value replaces the text: without the focus, and what could be undone is forgotten. */
  setOptions(options: Partial<Options>): void;
  on(name: 'update', listener: (value: string) => void): () => void;
  on(
    name: 'selectionChange',
    listener: (selection: readonly [start: number, end: number, direction: string]) => void,
  ): () => void;
}
export interface Options {
  value: string;
  language: string;
  tabSize: number;
  lineNumbers: boolean;
}
export interface Extension {
  update(editor: Editor, options: Options): void;
}

export function createEditor(container: Element, options: Options, ...extensions: Extension[]): Editor;
export function editHistory(): Extension;
export function editorCommands(): Extension;
export function insertText(editor: Editor, text: string, start: number, end: number, newCursorStart: number): void;
