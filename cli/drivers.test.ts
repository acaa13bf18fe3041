/** Files of a tree of folders, and the drivers that they make. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../base/source.ts';
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
    const sources = files
      .split(' ')
      .map((name) => sourceFile(name, name.endsWith('!') ? 'int DriverEntry(void) { return 0; }' : 'int x;'));
    const shown = byDriver(sources).map((group) => group.map(({ path }) => path).join(' '));
    assert.equal(shown.join(' | '), drivers);
  });
}

const texts: readonly (readonly [text: string, isEntry: boolean])[] = [
  ['NTSTATUS\nDriverEntry(\n  _In_ PDRIVER_OBJECT D, /* ( */\n  _In_ PUNICODE_STRING R\n  )\n{', true],
  ['DRIVER_INITIALIZE DriverEntry;', false],
  ['NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING R); void f(void) {}', false],
  ['// DriverEntry(a) {\n/* DriverEntry(a) { */ const char *s = "DriverEntry() {";', false],
  ['NTSTATUS MyDriverEntry(void) {}', false],
];

for (const [text, isEntry] of texts) {
  test(`${isEntry ? 'an entry' : 'no entry'}: ${JSON.stringify(text.slice(0, 40))}`, () => {
    const other = sourceFile('/d/other.c', 'int DriverEntry(void) { return 0; }');
    assert.equal(byDriver([other, sourceFile('/d/x.c', text)]).length, isEntry ? 2 : 1);
  });
}
