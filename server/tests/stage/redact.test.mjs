// What of a signaling message leaves the page: what it is and whose, never what it carries.

import assert from 'node:assert/strict';
import test from 'node:test';
import { redactedMessage } from '../../../book/stage/instruments/timeline/redact.js';

const REDACTED = {
  'primus::hello|{"token":"secret"}': 'primus::hello',
  '/announce|a|{"id":"a","name":"secret"}': '/announce|a|',
  '/to|b|/sdp|a|{"type":"offer","sdp":"v=0 secret"}': '/to|b|/sdp|a|{"type":"offer"}',
  '/sdp|a|{"type":"secret"}': '/sdp|a|',
  '/candidate|a|{"candidate":"candidate:1 1 udp 1 192.0.2.1 5 typ host"}': '/candidate|a|{"candidate":"host udp"}',
  '/candidate|a|{"candidate":"secret"}': '/candidate|a|',
  '/candidate|a|secret': '/candidate|a|',
  '/hello|a|secret|secret': '/hello|a|',
  '/roominfo|{"memberCount":2,"secret":1}': '/roominfo|{"memberCount":2}',
  '/roominfo|{"memberCount":"secret"}': '/roominfo|',
  '/error|{"message":"secret"}': '/error|',
  '/not a command|a': '',
  secret: '',
};

test('a message is redacted, and a redacted one stays as it is', () => {
  for (const [message, redacted] of Object.entries(REDACTED)) {
    assert.equal(redactedMessage(message), redacted);
    assert.equal(redactedMessage(redacted), redacted);
  }
});
