import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { serverOptions } from './server-options.ts';

test('this Node starts with the options of the server', () => {
  const { status, stderr } = spawnSync(process.execPath, [...serverOptions(process.versions.v8), '--eval', '0'], {
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  assert.equal(status, 0);
});

test('a V8 that nobody has tried gets no option that it may have dropped', () => {
  assert.ok(serverOptions('14.1.146.11-node.25').includes('--concurrent-sparkplug'));
  assert.ok(!serverOptions('15.0.1').includes('--concurrent-sparkplug'));
  assert.ok(serverOptions('15.0.1').includes('--max-semi-space-size=4'));
});
