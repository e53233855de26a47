// Puts the licences of what is in the bundle of rtc-quickconnect into one file, each text once. Packages that carry none are named.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const { inputs } = JSON.parse(readFileSync('out/rtc-quickconnect.json', 'utf8'));
const packages = [
  ...new Set(
    Object.keys(inputs)
      .map((file) => /^node_modules\/([^/]+)/.exec(file)?.[1])
      .filter(Boolean),
  ),
].sort();

const namesByText = new Map();
for (const name of packages) {
  const folder = `node_modules/${name}`;
  const { version, license, author } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file
    ? readFileSync(`${folder}/${file}`, 'utf8').trim()
    : `Copyright ${author?.name ?? author ?? 'its authors'}`;
  namesByText.set(text, [...(namesByText.get(text) ?? []), `${name} ${version}: ${license}`]);
}
const parts = [...namesByText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
writeFileSync('out/rtc-quickconnect.LICENSE.txt', parts.join(`\n${'-'.repeat(80)}\n\n`));
