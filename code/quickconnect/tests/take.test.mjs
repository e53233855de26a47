// @ts-check
// The programs of the book's part "Take it with you" that run in a page: bundled by the commands that it shows, and run with a WebSocket that says
// where it leads.

import assert from 'node:assert/strict';
import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { createFolder, NAME, ROOT, read, run, SOURCE, TARBALL, TOOLS } from './packed.mjs';

/** What of a browser the programs use. The first socket that is opened, and the first error that is told, is printed, and ends the program. */
const BROWSER = `
  const end = (...words) => { console.log(...words); process.exit(); };
  const element = { addEventListener() {}, append() {}, relList: { supports: () => true } };
  globalThis.location = new URL('http://127.0.0.1:9000/');
  globalThis.document = { querySelector: () => element, createElement: () => element };
  globalThis.fetch = async (path) => ({ ok: !process.env.LOGGED_OUT, text: async () => \`token-of\${path}\` });
  globalThis.WebSocket = class { constructor(url, protocols = []) { end(url, ...protocols); } };
  console.error = end;
`;

/** Removed at the end. @type {Awaited<ReturnType<typeof createFolder>>} */
let ours;
/** A project with the package, and with the programs of the book. */
let project = '';

/** The commands that a page of the book shows, word by word. @param {string} page */
async function commands(page) {
  const blocks = (await read(ROOT, 'book/take', page)).matchAll(/^```sh\n(.*?)^```/gms);
  return [...blocks].flatMap(([, block = '']) => block.trim().split('\n'));
}

/** Runs a tool in the project, as the only command of the page that begins so tells. @param {string} begin */
async function follow(begin) {
  const shown = (await commands('own-page.md')).filter((command) => command.startsWith(begin));
  assert.equal(shown.length, 1, `${begin}: ${shown}`);
  const [npx, tool = '', ...words] = shown[0]?.split(' ') ?? [];
  assert.equal(npx, 'npx');
  await run(join(TOOLS, tool), words, { cwd: project });
}

/** What a program prints in such a browser. @param {string} file @param {Record<string, string>} [variables] */
async function prints(file, variables) {
  const words = ['--import', './browser.js', file];
  return (await run('node', words, { cwd: project, env: { ...process.env, ...variables } })).stdout;
}

before(async () => {
  ours = await createFolder();
  await ours.pack(SOURCE, 'packed');
  project = await ours.install('packed', 'project');
  await writeFile(join(project, 'browser.js'), BROWSER);
  for (const name of ['chat.js', 'with-token.js']) await copyFile(join(ROOT, 'code/take', name), join(project, name));
  const page = await read(ROOT, 'code/take/chat.html');
  const map = /<script type="importmap">.*?<\/script>\n/s;
  assert.match(page, map);
  await writeFile(join(project, 'index.html'), page.replace(map, ''));
});

after(() => ours.remove());

test('the page shows the commands by which the package is made and installed', async () => {
  const shown = await commands('own-page.md');
  for (const command of ['npm pack ./code/quickconnect/js', `npm install ./${TARBALL}`])
    assert.ok(shown.includes(command));
});

test('the program of the page, not bundled, opens a socket at the server that it names', async () => {
  assert.equal(await prints('chat.js'), 'ws://127.0.0.1:8000/\n');
});

test('esbuild makes one file of it, which does the same and imports nothing', async () => {
  await follow('npx esbuild ');
  assert.equal(await prints('bundle.js'), 'ws://127.0.0.1:8000/\n');
  assert.doesNotMatch(await read(project, 'bundle.js'), /\bimport\b/);
});

test('Vite makes a page of it, whose program does the same and imports nothing', async () => {
  await follow('npx vite build');
  const files = await readdir(join(project, 'dist/assets'));
  assert.equal(files.length, 1);
  const file = `dist/assets/${files[0]}`;
  assert.ok((await read(project, 'dist/index.html')).includes(`src="/assets/${files[0]}"`));
  assert.equal(await prints(file), 'ws://127.0.0.1:8000/\n');
  assert.ok(!(await read(project, file)).includes(NAME));
});

test('the program with a token asks for one, and shows it to the server', async () => {
  assert.equal(await prints('with-token.js'), 'wss://rooms.example.org/ token token-of/token\n');
});

test('the program with a token opens no socket for who is logged out, and says so', async () => {
  assert.match(await prints('with-token.js', { LOGGED_OUT: '1' }), /^Log in, /);
});
