import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { headerNames } from './header-names.ts';

test('headers and folders of the include path, those beside the file first for quotes', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'wsk-headers-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'src'));
  mkdirSync(join(folder, 'inc', 'net'), { recursive: true });
  for (const name of ['src/own.h', 'src/driver.c', 'inc/shared.h', 'inc/own.h', 'inc/net/deep.hpp', 'inc/.hidden.h'])
    writeFileSync(join(folder, name), '');
  const path = join(folder, 'src/driver.c');
  const names = (written: string, isQuoted: boolean): readonly string[] =>
    headerNames(path, [join(folder, 'inc'), join(folder, 'missing')], { folder: written, isQuoted }).map((h) => h.name);
  assert.deepEqual(names('', true), ['own.h', 'net/', 'shared.h']);
  assert.deepEqual(names('', false), ['net/', 'own.h', 'shared.h']);
  assert.deepEqual(names('net/', false), ['deep.hpp']);
  assert.deepEqual(names('nothing/', true), []);
});
