import assert from 'node:assert/strict';
import test from 'node:test';
import { analyse, analyseDriver } from '../testing.ts';
import { prepareRename, rename } from './rename.ts';

/** The text of the main file after the rename, or the reason for which it is refused. */
function renamed(fixture: string, newName: string, read = analyse): string {
  const { analysis, offset, main } = read(fixture);
  const { unit } = analysis;
  const isOwn = (file: typeof unit.file): boolean => !unit.isSystemFile(file) && file.path !== 'theirs.h';
  const start = prepareRename(unit, offset, isOwn);
  if (start.kind === 'refused') return start.reason;
  const result = rename([unit], start.target, newName, isOwn);
  if (result.kind === 'refused') return result.reason;
  let { text } = main;
  const own = result.spans.filter(({ file }) => file === unit.file).sort((a, b) => b.start - a.start);
  for (const { start: from, end } of own) text = text.slice(0, from) + newName + text.slice(end);
  return text;
}

test('what is renamed, and what keeps its name', () => {
  assert.equal(
    renamed('int a;\nint f(int a) { return a/*$*/ + 1; } // a\nint g(void) { return a; }\n', 'b'),
    'int a;\nint f(int b) { return b + 1; } // a\nint g(void) { return a; }\n',
  );
  assert.equal(
    renamed(
      '#define N(s) ((s)->count + MAX)\n#define MAX 3\nstruct S { int co/*$*/unt; };\nint f(struct S *s) { return N(s); }\n',
      'total',
    ),
    '#define N(s) ((s)->total + MAX)\n#define MAX 3\nstruct S { int total; };\nint f(struct S *s) { return N(s); }\n',
  );
  assert.equal(renamed('#define MA/*$*/X 3\nint a[MAX];\n', 'MOST'), '#define MOST 3\nint a[MOST];\n');
  assert.equal(
    renamed('typedef struct _C { int a; } C/*$*/, *PC;\nC c;\nstruct _C d;\n', 'Context'),
    'typedef struct _C { int a; } Context, *PC;\nContext c;\nstruct _C d;\n',
  );
});

test('a macro’s own parameter', () => {
  assert.equal(
    renamed('int x;\n#define ADD(/*$*/x, y) ((x) + (y) + n##x)\nint b = ADD(x, 1);\n', 'left'),
    'int x;\n#define ADD(left, y) ((left) + (y) + n##left)\nint b = ADD(x, 1);\n',
  );
});

const refusals: readonly (readonly [fixture: string, newName: string, reason: RegExp])[] = [
  ['void f(PIRP Irp) { IoFree/*$*/Irp(Irp); }', 'Free', /declared in wdm_irp_api.h, which is not yours/],
  ['PWSK_SO/*$*/CKET s;', 'x', /wsk.h, which is not yours/],
  ['void f(PIRP i) { i->IoSt/*$*/atus.Status = STATUS_PENDING; }', 'x', /not yours/],
  ['NTSTATUS s = STATUS_PEN/*$*/DING;', 'x', /not yours/],
  ['int f(void) { ret/*$*/urn 1; }', 'x', /'return' is a keyword/],
  ['void f(_I/*$*/n_ int a);', 'x', /word of SAL/],
  ['int a; // a/*$*/', 'x', /No name/],
  ['#if 0\nint a/*$*/;\n#endif\n', 'x', /leaves this part out/],
  ['int a = unk/*$*/nown;', 'x', /What 'unknown' names is not known/],
  ['NTSTATUS Driver/*$*/Entry(PDRIVER_OBJECT d, PUNICODE_STRING p) { return 0; }', 'x', /Windows looks for/],
  [
    '#define MAKE(n) int n##_count\nMAKE(x);\nint f(void) { return x_co/*$*/unt; }',
    'y',
    /A macro at main.c:\d+ makes the name/,
  ],
  [
    '#define SUM (a + b)\nint f(int a, int b) { return SUM; }\nint g(int /*$*/a, int b) { return SUM; }',
    'c',
    /for several things/,
  ],
  ['int a/*$*/;', '1x', /no name in C/],
  ['int a/*$*/;', 'while', /keyword/],
  ['int a/*$*/;', 'STATUS_SUCCESS', /is a macro/],
  ['int a/*$*/, b;', 'b', /a variable already/],
  ['int a/*$*/;', 'IoFreeIrp', /a function already/],
  ['int a;\nint f(int b) { return a/*$*/ + b; }', 'b', /declared already in f/],
  ['typedef int F(int /*$*/a, int b);', 'b', /declared already in F/],
  ['int f(int /*$*/a, int b);', 'b', /declared already in f/],
  ['#define ADD(/*$*/x, y) ((x) + (y))\n', 'y', /used already in the macro ADD/],
  ['#define ADD(/*$*/x) ((x) + more)\n', 'more', /used already in the macro ADD/],
  ['int a/*$*/;\n#define ADD(x) (a + (x))\nint b = ADD(1);', 'x', /a parameter of the macro ADD, which uses 'a'/],
  ['struct S { int a/*$*/, b; };', 'b', /has a member 'b'/],
  ['struct S { int a, b; };\nstruct S s = { .a/*$*/ = 1 };', 'b', /has a member 'b'/],
  ['struct S/*$*/ { int a; }; struct T { int a; };', 'T', /a tag already/],
  ['void f(void) { goto a/*$*/; a: ; b: ; }', 'b', /a label already/],
  ['#define A/*$*/ 1\nint f(int b) { return A + b; }', 'b', /a macro would take/],
  ['#include "theirs.h"\nint a = the/*$*/ir();\n//- theirs.h\nint their(void);\n', 'x', /theirs.h, which is not yours/],
];

for (const [fixture, newName, reason] of refusals) {
  test(`refused: ${reason.source} of ${fixture.split('\n')[0]}`, () => {
    assert.match(renamed(fixture, newName, analyseDriver), reason);
  });
}
