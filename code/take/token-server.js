import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { signToken } from './sign-token.js';

/** Stands in for your own log-in: whose cookie it is. */
const users = new Map([['session=example', 'anna']]);

createServer(({ url, headers }, response) => {
  const user = users.get(headers.cookie);
  if (url !== '/token') return response.writeHead(404).end();
  if (!user) return response.writeHead(401).end('Log in first.');
  // Read anew, since keys change.
  const [key] = JSON.parse(readFileSync('keys.json', 'utf8')).keys;
  const exp = Math.floor(Date.now() / 1000) + 600;
  const token = signToken(key, { room: 'team-7', id: user, exp });
  response.writeHead(200, { 'cache-control': 'no-store' }).end(token);
}).listen(9000, '127.0.0.1');
