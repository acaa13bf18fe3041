/** Files of a tree of folders, and the drivers that they make. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../base/source.ts';
import { parseTranslationUnit } from '../cfront/index.ts';
import { byDriver } from './drivers.ts';

/** Names with `!` have a DriverEntry; `|` stands between drivers. */
const cases: readonly (readonly [files: string, drivers: string])[] = [
  ['/d/a.c /d/b.c', '/d/a.c /d/b.c'],
  ['/d/a.c! /d/b.c /d/net/c.c', '/d/a.c! /d/b.c /d/net/c.c'],
  ['/d/one/a.c! /d/one/b.c /d/two/a.c! /d/two/sub/b.c', '/d/one/a.c! /d/one/b.c | /d/two/a.c! /d/two/sub/b.c'],
  ['/d/a.c! /d/sub/b.c! /d/sub/c.c /d/x.c', '/d/a.c! /d/x.c | /d/sub/b.c! /d/sub/c.c'],
  ['/d/a.c! /d/b.c! /d/c.c', '/d/a.c! | /d/b.c! | /d/c.c'],
  ['/d/one/a.c! /d/two/a.c! /d/lib/x.c /d/lib/y.c', '/d/one/a.c! | /d/two/a.c! | /d/lib/x.c /d/lib/y.c'],
];

for (const [files, drivers] of cases) {
  test(files, () => {
    const units = files.split(' ').map((name) => {
      const text = name.endsWith('!') ? 'int DriverEntry(void) { return 0; }' : 'int x;';
      return parseTranslationUnit(sourceFile(name, text), { include: () => ({ kind: 'missing', searched: [] }) });
    });
    const shown = byDriver(units).map((group) => group.map(({ file }) => file.path).join(' '));
    assert.equal(shown.join(' | '), drivers);
  });
}
