import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const kid = randomBytes(6).toString('base64url');
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
for (const [path, key] of [
  ['public.json', publicKey],
  ['private.json', privateKey],
]) {
  const keys = [{ kid, ...key.export({ format: 'jwk' }) }];
  // The server, too, wants a file of keys to be its owner's alone.
  writeFileSync(path, JSON.stringify({ keys }), { mode: 0o600, flag: 'wx' });
}
