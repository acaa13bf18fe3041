import assert from 'node:assert/strict';
import test from 'node:test';
import { atCursor, parseMarkers } from './markers.ts';

test('cursors are taken out and name their offset', () => {
  const [file] = parseMarkers('ab/*$*/c/*$end*/\n');
  assert.equal(file?.text, 'abc\n');
  assert.deepEqual(
    [...(file?.cursors ?? [])],
    [
      ['', 2],
      ['end', 3],
    ],
  );
});

test('carets mark a range of the line above, also below one another', () => {
  const [file] = parseMarkers('int a, b;\n//  ^ first\n//     ^ second\n');
  assert.deepEqual(file?.ranges, [
    { start: 4, end: 5, label: 'first' },
    { start: 7, end: 8, label: 'second' },
  ]);
});

test('several files', () => {
  const files = parseMarkers('int a;\n//- b.h\nint b;\n//- c.h\n');
  assert.deepEqual(
    files.map((f) => [f.name, f.text]),
    [
      ['main.c', 'int a;\n'],
      ['b.h', 'int b;\n'],
      ['c.h', ''],
    ],
  );
  assert.equal(parseMarkers('//- x.c\nint x;\n')[0]?.name, 'x.c');
});

test('one cursor is asked for and must be one', () => {
  assert.equal(atCursor('//- a.c\n//- b.c\nx/*$*/').file.name, 'b.c');
  assert.throws(() => atCursor('x'), /0 cursors/);
  assert.throws(() => atCursor('/*$*/x/*$*/y/*$b*/'), /cursors/);
});
