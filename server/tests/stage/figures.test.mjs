// @ts-check
// The figures of the book, as files: on the page with all chapters no id is there twice, and in the narrowest window their words can be read.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const BOOK = fileURLToPath(new URL('../../../book/', import.meta.url));
/** px: the narrowest window, less what mdBook leaves free on both sides (`.page` and `.content`) and a scroll bar that takes room. */
const WIDTH = 320 - 2 * (15 + 5) - 15;
/** px. */
const SMALLEST = 11;

/** @param {string} file */
const text = (file) => readFileSync(join(BOOK, file), 'utf8');

/** @param {string} source @param {RegExp} pattern the first group of each match */
const all = (source, pattern) => [...source.matchAll(pattern)].map(([, found]) => found);

const chapters = all(text('SUMMARY.md'), /\]\(([^)]+\.md)\)/g);
/** One for each figure of each chapter: the file of its drawing. */
const figures = chapters.flatMap((chapter) =>
  all(text(chapter), /\{\{#include ([^}]+\.svg)\}\}/g).map((file) => normalize(join(dirname(chapter), file))),
);

const idsOf = (/** @type {string} */ svg) => all(svg, /\sid="([^"]+)"/g);

test('each drawing of the book is in a chapter', () => {
  const drawings = readdirSync(BOOK, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.svg') && !file.startsWith('theme'),
  );
  assert.deepEqual([...new Set(figures)].sort(), drawings.map(normalize).sort());
});

test('no id is there twice where all chapters are one page', () => {
  const ids = figures.flatMap((file) => idsOf(text(file)).map((id) => `${id} of ${file}`));
  const seen = new Map();
  for (const one of ids) {
    const [id] = one.split(' ');
    assert.equal(seen.get(id), undefined, `${one} is an id of another figure, or of the same one in another chapter`);
    seen.set(id, one);
  }
});

test('a drawing refers to its own parts only', () => {
  for (const file of figures) {
    const svg = text(file);
    const ids = idsOf(svg);
    const labels = all(svg, /aria-labelledby="([^"]+)"/g).flatMap((names) => names.split(' '));
    for (const id of [...labels, ...all(svg, /url\(#([^)]+)\)/g)]) assert.ok(ids.includes(id), `${file} has no ${id}`);
  }
  // One rule of a stylesheet would need the same id in each drawing.
  assert.deepEqual(all(text('theme/page.css'), /url\((#[^)]+)\)/g), []);
});

test('each drawing has a name for those who do not see it', () => {
  for (const file of new Set(figures))
    assert.match(text(file), /^<svg [^>]*role="img" (aria-labelledby|aria-label)="[^"]+"/, file);
});

test('in the narrowest window the words of each figure can be read', () => {
  const rules = [...text('theme/page.css').matchAll(/(\.diagram[^{}]*)\{([^}]*)\}/g)].map(([, , rule]) => rule);
  const sizes = rules.flatMap((rule) => all(rule, /font(?:-size)?: ([\d.]+)px/g)).map(Number);
  assert.ok(sizes.length > 0, 'page.css should say how large words are in drawings');
  for (const file of new Set(figures)) {
    const svg = text(file);
    const [width] = all(svg, /viewBox="0 0 ([\d.]+) [\d.]+"/g).map(Number);
    const own = all(svg, /font(?:-size)?[:=]\s*"?([\d.]+)/g).map(Number);
    const scale = Math.min(1, ...all(svg, /scale\(([\d.]+)/g).map(Number)) * (WIDTH / width);
    const smallest = Math.min(...sizes, ...own) * scale;
    assert.ok(smallest >= SMALLEST, `words of ${file} have ${smallest.toFixed(1)} px`);
  }
});
