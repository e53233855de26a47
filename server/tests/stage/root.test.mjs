// @ts-check
// Where the stage finds the server's endpoints, wherever the book and the stage are.

import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const MODULE = new URL('../../../book/stage/root.js', import.meta.url);

test('an endpoint is beside the book, also below a prefix, in a versioned address, and joined into a module in a deeper folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'root-'));
  try {
    for (const [book, stage] of [
      ['', 'stage'],
      ['guide', 'guide/stage'],
      ['guide', 'guide/v/0f/stage'],
      ['guide', 'guide/v/0f/stage/instruments'],
      ['stage/guide', 'stage/guide/stage/line'],
    ]) {
      await mkdir(join(folder, stage), { recursive: true });
      const copy = join(folder, stage, 'root.mjs');
      await copyFile(MODULE, copy);
      const { endpoint } = await import(pathToFileURL(copy).href);
      assert.equal(endpoint('companion'), pathToFileURL(join(folder, book, 'companion')).href, stage);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
