import assert from 'node:assert/strict';
import test from 'node:test';
import { positionAt } from '../../base/source.ts';
import { definition } from './definition.ts';
import { analyse } from './testing.ts';

/** The range that carets mark in the main file is where the cursor must lead. */
function check(fixture: string): void {
  const { analysis, offset, main } = analyse(fixture);
  const found = definition(analysis, offset);
  const [expected] = main.ranges;
  assert.equal(found?.file, analysis.unit.file, fixture);
  assert.deepEqual([found?.start, found?.end], [expected?.start, expected?.end], fixture);
}

/** `file:line` (from 1) of what is found, or ''. */
function place(fixture: string): string {
  const { analysis, offset } = analyse(fixture);
  const found = definition(analysis, offset);
  return found === undefined ? '' : `${found.file.path}:${positionAt(found.file, found.start).line + 1}`;
}

test('from a use to what it names', () => {
  check('int limit;\n//  ^^^^^\nint f(void) { return li/*$*/mit; }\n');
  check('int g(void);\nint g(void) { return 1; }\n//  ^\nint f(void) { return g/*$*/(); }\n');
  check('int f(int count) {\n//        ^^^^^\n  return co/*$*/unt; }\n');
  check('int f(void) {\n  int count = 1;\n//    ^^^^^\n  return co/*$*/unt; }\n');
  check('int f(int a) {\n  { int a; }\n  int b = 1;\n//    ^\n  return /*$*/b; }\n');
  check('#define LIMIT 3\n//      ^^^^^\nint a = LI/*$*/MIT;\n');
  check('typedef int number;\n//          ^^^^^^\nnum/*$*/ber a;\n');
  check('enum e { one, two };\n//       ^^^\nint a = on/*$*/e;\n');
});

test('members and tags', () => {
  const at = (use: string): string => place(`struct S {\n  int a;\n  struct { int b; } in;\n};\n${use}`);
  assert.equal(at('int f(struct S *s) { return s->/*$*/a; }'), 'main.c:2');
  assert.equal(at('int f(struct S *s) { return s->in./*$*/b; }'), 'main.c:3');
  assert.equal(at('struct S s = { ./*$*/a = 1 };'), 'main.c:2');
  assert.equal(at('struct /*$*/S s;'), 'main.c:1');
  assert.equal(place('int f(void) {\n  goto o/*$*/ut;\nout:\n  return 0; }\n'), 'main.c:3');
});

test('into headers', () => {
  assert.equal(place('#include "my.h"\nint a = ma/*$*/de();\n//- my.h\n\nint made(void);\n'), 'my.h:2');
  assert.equal(place('#include "m/*$*/y.h"\n//- my.h\n\nint made(void);\n'), 'my.h:1');
  assert.match(place('#include <ntddk.h>\nvoid f(PIRP i) { IoFree/*$*/Irp(i); }'), /^wsk-headers:\w+\.h:\d+$/);
});

test('nowhere from comments, strings and unknown names', () => {
  for (const text of ['int a; // /*$*/a', 'int a; char *b = "/*$*/a";', 'int b = unkn/*$*/own;', '/*$*/']) {
    assert.equal(place(text), '', text);
  }
});
