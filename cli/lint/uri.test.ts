/** Paths of both flavours as URIs. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { fileReference, folderUri } from './uri.ts';

const cases: readonly (readonly [
  flavour: 'posix' | 'win32',
  file: string,
  folder: string,
  uri: string,
  isRelative: boolean,
])[] = [
  ['posix', '/w/src/a.c', '/w', 'src/a.c', true],
  ['posix', '/w/a b#%é.c', '/w', 'a%20b%23%25%C3%A9.c', true],
  ['posix', '/w/back\\slash.c', '/w', 'back%5Cslash.c', true],
  ['posix', '/other/a.c', '/w', 'file:///other/a.c', false],
  ['posix', '/w..x/a.c', '/w', 'file:///w..x/a.c', false],
  ['posix', '/w/..x/a.c', '/w', '..x/a.c', true],
  ['posix', '/w/a:b.c', '/w', 'a%3Ab.c', true],
  ['win32', 'C:\\w\\src\\a b.c', 'C:\\w', 'src/a%20b.c', true],
  ['win32', 'c:\\W\\src\\a.c', 'C:\\w', 'src/a.c', true],
  ['win32', 'D:\\x\\a.c', 'C:\\w', 'file:///D:/x/a.c', false],
  ['win32', '\\\\server\\share\\a b.c', 'C:\\w', 'file://server/share/a%20b.c', false],
  ['win32', '\\\\?\\D:\\x\\a.c', 'C:\\w', 'file:///D:/x/a.c', false],
  ['win32', '\\\\?\\UNC\\server\\share\\a.c', 'C:\\w', 'file://server/share/a.c', false],
  ['posix', 'wsk-headers:wdm.h', '/w', 'wsk-headers:wdm.h', false],
];

for (const [flavour, file, folder, uri, isRelative] of cases) {
  test(`${flavour} ${file}`, () => {
    assert.deepEqual(fileReference(file, folder, path[flavour]), { uri, isRelative });
    // What is no URI is refused.
    assert.doesNotThrow(() => new URL(uri, 'file:///base/'));
  });
}

test('folders end with one slash', () => {
  assert.equal(folderUri('/w/x', path.posix), 'file:///w/x/');
  assert.equal(folderUri('/', path.posix), 'file:///');
  assert.equal(folderUri('C:\\', path.win32), 'file:///C:/');
  assert.equal(folderUri('C:\\a b', path.win32), 'file:///C:/a%20b/');
});
