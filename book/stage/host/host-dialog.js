// @ts-check
// A question to the host, before something that disturbs others is done, or with a field to fill in.
//
// May import: ../dom.js.

import { button, el } from '../dom.js';

/** Counts dialogs, for the ids that name them. */
let made = 0;

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {string} words
 * @property {string} action what the button is called that does it
 * @property {{ label: string, value: string, maxLength: number }} [field]
 */

/**
 * Opens a dialog, which is gone when it is closed.
 * @param {HTMLElement} opener gets the keyboard back
 * @param {HTMLElement} fallback gets it if the opener is gone by then
 * @param {Question} question
 * @param {(text: string) => string} act gets the text of the field, and returns a problem that keeps the dialog open; empty if there is none
 */
export function askHost(opener, fallback, { title, words, action, field }, act) {
  made += 1;
  const heading = el('p', { class: 'host-dialog-title', id: `host-dialog-${made}` }, title);
  const problem = el('p', { class: 'host-problem', role: 'status' });
  const input = el('input', { type: 'text', autocomplete: 'off', spellcheck: 'false' });
  const cancel = button('Cancel', () => dialog.close());
  const form = el('form', { class: 'host-form', novalidate: '' }, heading);
  if (words) form.append(el('p', {}, words));
  if (field) {
    input.value = field.value;
    // The check has a sentence for one that is too long; this keeps a pasted book out.
    input.maxLength = 4 * field.maxLength;
    form.append(el('label', {}, `${field.label} `, input));
  }
  const buttons = el('span', { class: 'host-bar' }, el('button', { type: 'submit', class: 'primary' }, action), cancel);
  form.append(problem, buttons);
  const dialog = el('dialog', { class: 'host-dialog', 'aria-labelledby': heading.id }, form);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    problem.textContent = act(input.value);
    if (problem.textContent === '') dialog.close();
    else input.focus();
  });
  // Keys of the page behind it, mdBook's too, are not meant.
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  dialog.addEventListener('close', () => {
    dialog.remove();
    const isThere = opener.isConnected && !opener.closest('[hidden]');
    (isThere ? opener : fallback).focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  if (field) input.select();
  (field ? input : cancel).focus();
}
