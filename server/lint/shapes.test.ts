/**
 * Mistakes in the shapes in which drivers have them: in helpers, in members, by routines. Each file of the folder has
 * cases, each a driver by itself, with all of its findings written at their lines.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { expectedIn, lintTexts, root, shown } from './testing.ts';

const folder = join(root, 'server/lint/shapes');

for (const file of readdirSync(folder).sort()) {
  describe(file, () => {
    const [, ...cases] = readFileSync(join(folder, file), 'utf8').split(/^\/\/=== /m);
    assert.ok(cases.length > 0, `${file} has cases`);
    for (const one of cases) {
      const [name = ''] = one.split('\n');
      const text = one.slice(name.length + 1);
      test(name, () => {
        const { findings, limits } = lintTexts(text);
        assert.deepEqual(findings.map(shown), expectedIn(text));
        assert.deepEqual(limits, []);
      });
    }
  });
}
