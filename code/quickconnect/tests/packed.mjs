// The client's package, installed into a project that has nothing else, for tests that use it as others do. The tools are where
// `cargo xtask javascript` installs them; nothing is asked of a registry.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const run = promisify(execFile);
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const SOURCE = join(ROOT, 'code/quickconnect/js');
export const TOOLS = join(ROOT, 'target/javascript/node_modules/.bin');
/** The name, and the name of the file that holds it. */
export const NAME = '@creating-connections/quickconnect';
export const TARBALL = 'creating-connections-quickconnect-0.1.0.tgz';

/** @param {string[]} names */
export const read = (...names) => readFile(join(...names), 'utf8');

/** A folder of a test's own, which `remove` takes away, and what npm does in it. */
export async function createFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'package-'));

  /** @param {string[]} words @param {string} cwd */
  const npm = (words, cwd) =>
    run('npm', [...words, '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier'], {
      cwd,
      env: { ...process.env, npm_config_cache: join(folder, 'cache') },
    });

  return {
    folder,
    npm,

    /** Packs a folder into another one, and returns the file. @param {string} source @param {string} place */
    async pack(source, place) {
      await mkdir(join(folder, place));
      await npm(['pack', source, '--pack-destination', join(folder, place)], folder);
      return readFile(join(folder, place, TARBALL));
    },

    /** Installs it, as it was packed into a place, into a project. @param {string} place @param {string} name @param {string} [as] */
    async install(place, name, as) {
      const project = join(folder, name);
      await mkdir(project);
      await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
      const file = join(folder, place, TARBALL);
      await npm(['install', as ? `${as}@file:${file}` : file], project);
      return project;
    },

    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
