import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const kid = randomBytes(6).toString('base64url');
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
for (const [path, key, mode] of [
  ['public.json', publicKey, 0o644],
  // Its owner's alone.
  ['private.json', privateKey, 0o600],
]) {
  const keys = [{ kid, ...key.export({ format: 'jwk' }) }];
  writeFileSync(path, JSON.stringify({ keys }), { mode, flag: 'wx' });
}
