import { createHmac, createPrivateKey, sign } from 'node:crypto';

/** Signs with a key of the file: of the kind `oct`, or `OKP` with its `d`. */
export function signToken(key, claims) {
  const alg = key.kty === 'OKP' ? 'EdDSA' : 'HS256';
  const head = { alg, kid: key.kid, typ: 'JWT' };
  const part = (value) =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = Buffer.from(`${part(head)}.${part(claims)}`);
  const signature =
    alg === 'EdDSA'
      ? sign(null, signed, createPrivateKey({ key, format: 'jwk' }))
      : createHmac('sha256', Buffer.from(key.k, 'base64url'))
          .update(signed)
          .digest();
  return `${signed}.${signature.toString('base64url')}`;
}
