// Files of a scenario's peers: read relative to the scenario, found again by the path as it is written.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { readDataFiles } from './data-files.ts';

test('what can be read, and what cannot', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'wsk-data-'));
  try {
    writeFileSync(path.join(folder, 'page.bin'), Uint8Array.of(1, 0, 255));
    const read = readDataFiles(['./page.bin'], folder);
    assert.ok(read.kind === 'read');
    assert.deepEqual([...(read.files.get('./page.bin') ?? [])], [1, 0, 255]);
    const missing = readDataFiles(['./page.bin', 'none.bin'], folder);
    assert.ok(missing.kind === 'unreadable');
    assert.match(missing.message, /^none\.bin, which a peer sends or expects, can't be read \(ENOENT\)/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
