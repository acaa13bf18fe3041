import assert from 'node:assert/strict';
import nodePath from 'node:path';
import test from 'node:test';
import { sourceFile } from '../base/source.ts';
import { createCatalog } from '../catalog/catalog.ts';
import type { FileStore } from './files.ts';
import { createIncluder } from './includes.ts';

const catalog = createCatalog({ headers: { 'wsk.h': 'int wsk;' }, facts: [] });

function storeOf(paths: readonly string[]): FileStore {
  const files = new Map(paths.map((p) => [p, sourceFile(p, '')]));
  return {
    overlay: () => {},
    forgetDeleted: () => false,
    read: (path) => {
      const file = files.get(path);
      return file === undefined ? { kind: 'missing', path, message: '' } : { kind: 'file', file };
    },
  };
}

const cases = [
  { flavour: 'posix', from: '/drv/a.c', name: 'b.h', form: 'quoted', disk: ['/drv/b.h'], found: '/drv/b.h' },
  { flavour: 'posix', from: '/drv/a.c', name: '..\\inc\\b.h', form: 'quoted', disk: ['/inc/b.h'], found: '/inc/b.h' },
  {
    flavour: 'posix',
    from: '/drv/a.c',
    name: 'sys/b.h',
    form: 'angled',
    disk: ['/sdk/sys/b.h'],
    found: '/sdk/sys/b.h',
  },
  { flavour: 'posix', from: '/drv/a.c', name: 'b.h', form: 'angled', disk: ['/drv/b.h'], found: undefined },
  { flavour: 'posix', from: '/drv/a.c', name: 'WSK.h', form: 'angled', disk: [], found: 'wsk-headers:wsk.h' },
  {
    flavour: 'win32',
    from: 'C:\\drv\\a.c',
    name: 'b.h',
    form: 'quoted',
    disk: ['C:\\drv\\b.h'],
    found: 'C:\\drv\\b.h',
  },
  {
    flavour: 'win32',
    from: 'C:\\drv\\a.c',
    name: '..\\inc\\b.h',
    form: 'quoted',
    disk: ['C:\\inc\\b.h'],
    found: 'C:\\inc\\b.h',
  },
  {
    flavour: 'win32',
    from: '\\\\srv\\share\\a.c',
    name: 'b.h',
    form: 'quoted',
    disk: ['\\\\srv\\share\\b.h'],
    found: '\\\\srv\\share\\b.h',
  },
] as const;

test('an include is looked for beside the file, in the include path, then among the bundled headers', () => {
  for (const { flavour, from, name, form, disk, found } of cases) {
    const includePath = flavour === 'posix' ? ['/sdk'] : ['C:\\sdk'];
    const include = createIncluder({ catalog, files: storeOf(disk), includePath, path: nodePath[flavour] });
    const result = include({ name, form, from: sourceFile(from, '') });
    assert.equal(result.kind === 'found' ? result.file.path : undefined, found, `${flavour} ${name}`);
  }
});

test("what a bundled header includes is bundled, whatever the driver's own folders hold", () => {
  const own = createCatalog({ headers: { 'string.h': '', 'stddef.h': '' }, facts: [] });
  const files = storeOf(['/drv/linux/stddef.h', '/drv/linux/own.h']);
  const include = createIncluder({ catalog: own, files, includePath: ['/drv/linux'], path: nodePath.posix });
  const ask = (name: string, from: string): string | undefined => {
    const result = include({ name, form: 'angled', from: sourceFile(from, '') });
    return result.kind === 'found' ? result.file.path : undefined;
  };
  assert.equal(ask('stddef.h', 'wsk-headers:string.h'), 'wsk-headers:stddef.h');
  assert.equal(ask('stddef.h', '/drv/a.c'), '/drv/linux/stddef.h');
  assert.equal(ask('own.h', 'wsk-headers:string.h'), '/drv/linux/own.h');
});

test('a quoted header is looked for beside the files that are open, the nearest first', () => {
  const disk = ['/p/src/drv/b.h', '/p/inc/b.h', '/p/inc/c.h', '/p/other/c.h', '/sdk/d.h', '/p/src/drv/d.h'];
  const include = createIncluder({ catalog, files: storeOf(disk), includePath: ['/sdk'], path: nodePath.posix });
  const ask = (name: string, form: 'quoted' | 'angled'): string | undefined => {
    const openers = ['/p/src/drv/a.c', '/p/inc/sub/x.h'];
    const result = include({ name, form, from: sourceFile('/p/other/y.h', ''), openers });
    return result.kind === 'found' ? result.file.path : undefined;
  };
  assert.equal(ask('..\\..\\inc\\b.h', 'quoted'), '/p/inc/b.h');
  assert.equal(ask('../c.h', 'quoted'), '/p/inc/c.h');
  assert.equal(ask('c.h', 'quoted'), '/p/other/c.h');
  assert.equal(ask('d.h', 'quoted'), '/p/src/drv/d.h');
  assert.equal(ask('d.h', 'angled'), '/sdk/d.h');
  const from = sourceFile('/p/other/y.h', '');
  const missing = include({ name: 'no.h', form: 'quoted', from, openers: ['/p/src/drv/a.c'] });
  assert.deepEqual(missing, { kind: 'missing', searched: ['/p/other', '/sdk'] });
});

test('an absolute name is itself, and case is the disk’s business where it is asked', () => {
  const ask = (
    name: string,
    flavour: 'posix' | 'win32',
    disk: readonly string[],
    actual?: (path: string) => string,
  ) => {
    const files = storeOf(disk);
    const path = nodePath[flavour];
    const include = createIncluder({ catalog, files, includePath: [], path, ...(actual ? { actual } : {}) });
    const from = sourceFile(path.join(flavour === 'posix' ? '/d' : 'C:\\d', 'a.c'), '');
    const result = include({ name, form: 'quoted', from });
    return result.kind === 'found' ? result.file.path : undefined;
  };
  assert.equal(ask('/x/b.h', 'posix', ['/x/b.h']), '/x/b.h');
  assert.equal(ask('C:\\x\\b.h', 'win32', ['C:\\x\\b.h']), 'C:\\x\\b.h');
  assert.equal(ask('B.H', 'posix', ['/d/b.h']), undefined);
  assert.equal(
    ask('B.H', 'posix', ['/d/b.h'], (path) => path.toLowerCase()),
    '/d/b.h',
  );
});

test('a header that no configuration leads to is found above the source, as far as the repository goes', () => {
  const ask = (from: string, name: string, form: 'quoted' | 'angled', disk: readonly string[]) => {
    const include = createIncluder({ catalog, files: storeOf(disk), includePath: [], path: nodePath.posix });
    const result = include({ name, form, from: sourceFile(from, '') });
    return result.kind === 'found' ? result.file.path : undefined;
  };
  assert.equal(ask('/r/src/sys/a.c', 'sys/driver.h', 'angled', ['/r/src/sys/driver.h']), '/r/src/sys/driver.h');
  assert.equal(ask('/r/src/drv/a.c', 'util.h', 'angled', ['/r/include/util.h']), '/r/include/util.h');
  assert.equal(ask('/r/src/drv/a.c', 'b.h', 'quoted', ['/r/src/common/b.h', '/r/b.h']), '/r/src/common/b.h');
  assert.equal(ask('/r/src/drv/a.c', 'b.h', 'quoted', ['/b.h', '/r/.git']), undefined);
  assert.equal(ask('/r/src/drv/a.c', 'wsk.h', 'quoted', ['/r/wsk.h']), 'wsk-headers:wsk.h');
  assert.equal(ask('a.c', 'b.h', 'angled', ['include/b.h']), undefined);
  assert.equal(ask('/r/a.c', 'b.h', 'angled', ['/r/include/b.h']), undefined, 'what lies below is not searched');
});

test('a missing header says where it was looked for', () => {
  const include = createIncluder({ catalog, files: storeOf([]), includePath: ['/sdk'], path: nodePath.posix });
  assert.deepEqual(include({ name: 'x.h', form: 'quoted', from: sourceFile('/d/a.c', '') }), {
    kind: 'missing',
    searched: ['/d', '/sdk'],
  });
});

test('a bundled header is the same object each time', () => {
  const include = createIncluder({ catalog, files: storeOf([]), includePath: [], path: nodePath.posix });
  const ask = () => include({ name: 'wsk.h', form: 'angled', from: sourceFile('/d/a.c', '') });
  const [one, two] = [ask(), ask()];
  assert.ok(one.kind === 'found' && two.kind === 'found' && one.file === two.file);
});
