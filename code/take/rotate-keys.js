import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const path = process.argv[2];
const { keys } = JSON.parse(readFileSync(path, 'utf8'));
const fresh = {
  kid: randomBytes(6).toString('base64url'),
  kty: 'oct',
  alg: 'HS256',
  k: randomBytes(32).toString('base64url'),
};
// The first one signs. The server has known it for a turn by then, and takes
// what it has signed for one turn more.
const [now, next] = keys;
const turned = next ? [next, fresh, now] : [now, fresh];
// The file is its owner's alone, and is replaced whole.
writeFileSync(`${path}.new`, JSON.stringify({ keys: turned }), { mode: 0o600 });
renameSync(`${path}.new`, path);
