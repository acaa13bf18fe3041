import assert from 'node:assert/strict';
import nodePath from 'node:path';
import { test } from 'node:test';
import { sourceFile } from '../base/source.ts';
import { clientOf, defaultClient, lineFrom, pathFor, pathFrom, pathKey, rangeFor } from './client.ts';

test('on Windows spellings of a path that mean the same file are the same key; elsewhere case counts', () => {
  const key = (file: string): string => pathKey(file, nodePath.win32);
  assert.equal(key('C:\\Drv\\Listen.c'), key('c:/drv/x/../listen.c'));
  assert.equal(key('\\\\SRV\\share\\a.c'), key('//srv/Share/a.c'));
  assert.notEqual(pathKey('/drv/A.c', nodePath.posix), pathKey('/drv/a.c', nodePath.posix));
  assert.equal(pathKey('/drv/./x/../a.c', nodePath.posix), '/drv/a.c');
});

test('URIs and paths', () => {
  const client = clientOf({ adapterID: 'wsk', pathFormat: 'uri' });
  // Of the system that it runs on: only there is a path with a drive absolute, or one without.
  const [native, uri] =
    nodePath.sep === '\\' ? ['D:\\d r\\a.c', 'file:///D:/d%20r/a.c'] : ['/d r/a.c', 'file:///d%20r/a.c'];
  assert.equal(pathFor(client, native), uri);
  assert.equal(pathFrom(uri), native);
  assert.equal(pathFor(client, 'wsk-headers:wsk.h'), 'wsk-headers:wsk.h');
  assert.equal(pathFor(defaultClient, '/d r/a.c'), '/d r/a.c');
  assert.equal(pathFrom('file://%zz'), 'file://%zz');
});

test('lines and columns from 0 or 1', () => {
  const file = sourceFile('a.c', 'int a;\n  int b;\n');
  const span = { file, start: 9, end: 15 };
  const zero = clientOf({ adapterID: 'wsk', linesStartAt1: false, columnsStartAt1: false });
  assert.deepEqual(rangeFor(zero, span), { line: 1, column: 2, endLine: 1, endColumn: 8 });
  assert.deepEqual(rangeFor(defaultClient, span), { line: 2, column: 3, endLine: 2, endColumn: 9 });
  assert.deepEqual([lineFrom(zero, 1), lineFrom(defaultClient, 1), lineFrom(defaultClient, 0)], [1, 0, 0]);
});
