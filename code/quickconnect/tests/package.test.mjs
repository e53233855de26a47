// @ts-check
// The client as a package of npm: what is in it, and that it does as an empty project finds it.

import assert from 'node:assert/strict';
import { cp, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { createFolder, NAME, ROOT, read, run, SOURCE, TARBALL, TOOLS } from './packed.mjs';

/** Removed at the end. @type {Awaited<ReturnType<typeof createFolder>>} */
let ours;
/** A project that has nothing but the package. */
let project = '';

/** Writes a program into the project, and bundles it. @param {string} code */
async function bundle(code) {
  await writeFile(join(project, 'bundled.js'), code);
  const words = ['bundled.js', '--bundle', '--format=esm', '--minify-whitespace'];
  return (await run(join(TOOLS, 'esbuild'), words, { cwd: project })).stdout;
}

/** What TypeScript says of a program in the project; empty if nothing. @param {string} file @param {string[]} resolution */
async function mistakes(file, resolution) {
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--noUnusedLocals'];
  const words = [...strict, '--noEmit', '--target', 'esnext', '--lib', 'esnext,dom,dom.iterable', ...resolution, file];
  return run(join(TOOLS, 'tsc'), words, { cwd: project }).then(
    () => '',
    ({ stdout, message }) => stdout || message,
  );
}

/** Programs that use all of the declarations. */
const CONSUMERS = ['consumer.ts', 'calls-media-consumer.ts'];

/** The example of the package's README. */
const example = async () => /^```js\n(.*?)^```/ms.exec(await read(SOURCE, 'README.md'))?.[1] ?? '';

before(async () => {
  ours = await createFolder();
  await ours.pack(SOURCE, 'first');
  project = await ours.install('first', 'project');
});

after(() => ours.remove());

test('packed twice, the second time elsewhere and from younger files, it is the same file', async () => {
  const copy = join(ours.folder, 'copy');
  await cp(SOURCE, copy, { recursive: true });
  for (const name of await readdir(copy)) await utimes(join(copy, name), 2_000_000_000, 2_000_000_000);
  const [first, second] = [await readFile(join(ours.folder, 'first', TARBALL)), await ours.pack(copy, 'second')];
  assert.ok(first.equals(second));
});

test('it has all modules, the declarations, both licences and a README, and nothing else', async () => {
  const modules = (await readdir(SOURCE)).filter((name) => name.endsWith('.js'));
  const others = ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'index.d.ts', 'media', 'package.json'];
  const installed = join(project, 'node_modules', NAME);
  assert.ok(modules.length > 20);
  assert.deepEqual((await readdir(installed)).sort(), [...modules, ...others].sort());
  assert.deepEqual((await readdir(join(installed, 'media'))).sort(), (await readdir(join(SOURCE, 'media'))).sort());
  for (const licence of ['LICENSE-APACHE', 'LICENSE-MIT'])
    assert.equal(await read(installed, licence), await read(ROOT, licence));
});

test('it has the version and the licence of everything here, no dependency and no script', async () => {
  const about = JSON.parse(await read(SOURCE, 'package.json'));
  const workspace = await read(ROOT, 'Cargo.toml');
  assert.equal(about.name, NAME);
  assert.equal(about.version, /^version = "(.*)"/m.exec(workspace)?.[1]);
  assert.equal(about.license, /^license = "(.*)"/m.exec(workspace)?.[1]);
  const forbidden = [
    'scripts',
    'dependencies',
    'peerDependencies',
    'optionalDependencies',
    'bundleDependencies',
    'bin',
  ];
  assert.deepEqual(
    forbidden.filter((name) => name in about),
    [],
  );
});

test('the file that the README and the book tell to install is the one that npm makes', async () => {
  for (const page of [
    'code/quickconnect/js/README.md',
    'book/quickconnect/how-to.md',
    'book/quickconnect/migration.md',
    'book/take/own-page.md',
  ]) {
    const text = await read(ROOT, page);
    const named = text.match(/creating-connections-quickconnect-[\w.-]+\.tgz/g) ?? [];
    assert.deepEqual([...new Set(named)], [TARBALL], page);
  }
});

test('Node imports it by its name', async () => {
  const code = `import * as all from '${NAME}'; console.log(Object.keys(all).sort().join(' '), typeof all.default);`;
  const { stdout } = await run('node', ['--input-type=module', '--eval', code], { cwd: project });
  assert.equal(stdout, 'default receiveLarge sendLarge function\n');
});

test('Node imports what media adds by a name of its own', async () => {
  const code = `import * as all from '${NAME}/media'; console.log(Object.keys(all).sort().join(' '));`;
  const { stdout } = await run('node', ['--input-type=module', '--eval', code], { cwd: project });
  assert.equal(stdout, 'createMedia watchQuality\n');
});

test('its modules are no part of what others can import', async () => {
  const code = `import '${NAME}/room.js';`;
  const refused = run('node', ['--input-type=module', '--eval', code], { cwd: project });
  await assert.rejects(refused, /ERR_PACKAGE_PATH_NOT_EXPORTED/);
});

test('a strict program finds the declarations, as bundlers and as Node look for them', async () => {
  for (const name of CONSUMERS) {
    const consumer = await read(ROOT, 'xtask/javascript', name);
    await writeFile(join(project, name), consumer.replaceAll("'rtc-quickconnect", `'${NAME}`));
  }
  await writeFile(join(project, 'example.ts'), await example());
  await writeFile(
    join(project, 'mistaken.ts'),
    `import quickconnect from '${NAME}';\nquickconnect(1, { room: true });\n`,
  );
  for (const resolution of [
    ['--module', 'esnext', '--moduleResolution', 'bundler'],
    ['--module', 'nodenext', '--moduleResolution', 'nodenext'],
  ]) {
    for (const file of [...CONSUMERS, 'example.ts']) assert.equal(await mistakes(file, resolution), '', file);
    assert.match(await mistakes('mistaken.ts', resolution), /mistaken\.ts/);
  }
});

test('a bundle of the first example has the client in it, and imports nothing', async () => {
  const code = await bundle(await example());
  assert.match(code, /new WebSocket\(/);
  assert.doesNotMatch(code, /\bimport\b/);
});

test('a bundle has only what a program uses', async () => {
  assert.equal((await bundle(`import quickconnect from '${NAME}';`)).trim(), '');
  const part = await bundle(`import { sendLarge } from '${NAME}'; globalThis.send = sendLarge;`);
  assert.match(part, /bufferedAmountLowThreshold/);
  assert.doesNotMatch(part, /WebSocket|RTCPeerConnection/);
  const media = await bundle(`import { createMedia } from '${NAME}/media'; globalThis.createMedia = createMedia;`);
  assert.match(media, /setParameters/);
  assert.doesNotMatch(media, /WebSocket|createDataChannel/);
});

test('under the name of the original it takes the place of that, and no program changes', async () => {
  const moved = await ours.install('first', 'moved', 'rtc-quickconnect');
  const code = "import quickconnect from 'rtc-quickconnect'; console.log(typeof quickconnect);";
  const { stdout } = await run('node', ['--input-type=module', '--eval', code], { cwd: moved });
  assert.equal(stdout, 'function\n');
});
