import assert from 'node:assert/strict';
import test from 'node:test';
import { positionAt } from '../../base/source.ts';
import { declaration, definition, definitions } from './definition.ts';
import { analyse, analyseDriver } from './testing.ts';

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

const declared: readonly (readonly [fixture: string, place: string])[] = [
  [
    '#include "my.h"\nint made(void) { return 1; }\nint f(void) { return ma/*$*/de(); }\n//- my.h\n\nint made(void);\n',
    'my.h:2',
  ],
  ['#include "my.h"\nint ma/*$*/de(void) { return 1; }\n//- my.h\n\nint made(void);\n', 'my.h:2'],
  ['extern int limit;\nint limit = 3;\nint f(void) { return li/*$*/mit; }\n', 'main.c:1'],
  ['static int one(void) { return 1; }\nint f(void) { return on/*$*/e(); }\n', 'main.c:1'],
  [
    'struct O {\n  int (*run)(int);\n};\nint A(int x) { return x; }\nint f(struct O *p) { p->run = A; return p->ru/*$*/n(1); }\n',
    'main.c:2',
  ],
  ['int f(void) {\n  goto o/*$*/ut;\nout:\n  return 0; }\n', 'main.c:3'],
  ['#include "m/*$*/y.h"\n//- my.h\n\nint made(void);\n', 'my.h:1'],
  ['int a; // /*$*/a', ''],
  ['int b = unkn/*$*/own;', ''],
];

for (const [fixture, expected] of declared) {
  test(`the declaration of ${JSON.stringify(fixture)} is at ${expected || 'no place'}`, () => {
    const { analysis, offset } = analyse(fixture);
    const found = declaration(analysis, offset);
    const at = found === undefined ? '' : `${found.file.path}:${positionAt(found.file, found.start).line + 1}`;
    assert.equal(at, expected);
  });
}

test('nowhere from comments, strings and unknown names', () => {
  for (const text of ['int a; // /*$*/a', 'int a; char *b = "/*$*/a";', 'int b = unkn/*$*/own;', '/*$*/']) {
    assert.equal(place(text), '', text);
  }
});

test('a member of a dispatch table leads to the function that is put there', () => {
  const names = (fixture: string): string => {
    const { analysis, offset } = analyseDriver(fixture);
    return definitions(analysis, offset)
      .spans.map(({ file, start, end }) => file.text.slice(start, end))
      .join(' ');
  };
  const own =
    'typedef struct { int kind; struct { int (*run)(int); int (*more[2])(int); } in; int (*stop)(int); } OPS;\nint A(int x) { return x; }\nint B(int x) { return x; }\n';
  assert.equal(
    names(`${own}OPS o = { 1, { A, { B, A } }, .stop = B };\nint f(OPS *p) { return p->in.ru/*$*/n(1); }`),
    'A',
  );
  assert.equal(
    names(`${own}OPS o = { 1, { A, { B, A } }, .stop = B };\nint f(OPS *p) { return p->in.mo/*$*/re[0](1); }`),
    'B A',
  );
  assert.equal(names(`${own}OPS o = { 1, { A }, .st/*$*/op = &B };`), 'B');
  assert.equal(
    names(`${own}OPS o[] = { { 1, { A } }, { .stop = B } };\nint f(void) { return o[1].st/*$*/op(1); }`),
    'B',
  );
  assert.equal(names(`${own}void f(OPS *p) { p->stop = A; }\nint g(OPS *p) { return p->st/*$*/op(2); }`), 'A');
  assert.equal(names(`${own}int f(OPS *p) { return p->ki/*$*/nd; }`), 'kind');
  assert.equal(
    names(
      'NTSTATUS WSKAPI Accept(PVOID, ULONG, PSOCKADDR, PSOCKADDR, PWSK_SOCKET, PVOID *, const WSK_CLIENT_CONNECTION_DISPATCH **);\nconst WSK_CLIENT_LISTEN_DISPATCH t = { .WskAccept/*$*/Event = Accept };',
    ),
    'Accept',
  );
  const entry = 'void Bye(PDRIVER_OBJECT d);\nNTSTATUS Any(PDEVICE_OBJECT d, PIRP i);\nvoid f(PDRIVER_OBJECT d) { ';
  assert.equal(names(`${entry}d->DriverUn/*$*/load = Bye; }`), 'Bye');
  assert.equal(names(`${entry}d->MajorFunc/*$*/tion[IRP_MJ_CREATE] = Any; }`), 'Any');
  // Of an element those that are put there; of one that is not told apart, all.
  const two = `NTSTATUS Other(PDEVICE_OBJECT d, PIRP i);\n${entry}d->MajorFunction[IRP_MJ_CREATE] = Any; d->MajorFunction[3] = Other;`;
  assert.equal(names(`${two} d->MajorFunc/*$*/tion[IRP_MJ_READ](0, 0); }`), 'Other');
  assert.equal(names(`${two} for (int i = 0; i < 2; i++) d->MajorFunc/*$*/tion[i](0, 0); }`), 'Any Other');
});
