import assert from 'node:assert/strict';
import test from 'node:test';
import { analyse, analyseDriver } from '../testing.ts';
import { highlights, referencesByMacros, referencesIn, targetAt } from './references.ts';

/** `line:column role` (from 1) of each reference, lines counted from the fixture's first. */
function found(fixture: string, read = analyse): string {
  const { analysis, offset } = read(fixture);
  const { unit } = analysis;
  const skipped = read === analyseDriver ? 2 : 0;
  const target = targetAt(unit, offset);
  const all = target === undefined ? [] : referencesIn(unit, target);
  return all
    .map(({ span: { file, start }, role }) => {
      const before = file.text.slice(0, start).split('\n');
      const at = `${before.length - (file === unit.file ? skipped : 0)}:${(before.at(-1)?.length ?? 0) + 1}`;
      return `${file === unit.file ? '' : `${file.path}:`}${at}${role === 'read' ? '' : ` ${role}`}`;
    })
    .join(', ');
}

const cases: readonly (readonly [what: string, fixture: string, expected: string])[] = [
  ['a global', 'int li/*$*/mit;\nint f(void) { limit = 1; return limit; }\n', '1:5 definition, 2:15 write, 2:33'],
  [
    'a local that hides it',
    'int a;\nint f(int a) { { int /*$*/a = 1; a++; } return a; }\n',
    '2:22 definition, 2:29 write',
  ],
  ['a parameter', 'int a;\nint f(int a) { { int a = 1; a++; } return /*$*/a; }\n', '2:11 definition, 2:43'],
  ['a parameter of a declaration', 'int f(int /*$*/a, int b);\nint f(int a, int b) { return a; }\n', '1:11 definition'],
  [
    'a function, with its declarations',
    'int g(void);\nint (*p)(void) = g;\nint f(void) { return g/*$*/(); }\nint g(void) { return 0; }\n',
    '1:5 declaration, 2:18, 3:22, 4:5 definition',
  ],
  [
    'a member by every way',
    'struct S { int /*$*/a; int b; };\nstruct S s = { .b = 1, .a = 2 };\nint f(struct S *p, int a) { p->a = a; return s.a + __builtin_offsetof(struct S, a); }\n',
    '1:16 declaration, 2:25, 3:32 write, 3:48, 3:81',
  ],
  [
    'a member of a member, designated',
    'struct I { int x; };\nstruct S { struct I in[2]; int x; };\nstruct S s = { .in = { [1] = { .x/*$*/ = 1 } }, .x = 2 }, t = { .in[0].x = 1 };\n',
    '1:16 declaration, 3:33, 3:67',
  ],
  [
    'a type',
    'typedef int nu/*$*/mber;\nnumber a;\nnumber f(number b) { return (number)b + sizeof(number); }\n',
    '1:13 definition, 2:1, 3:1, 3:10, 3:30, 3:48',
  ],
  ['a tag', 'struct /*$*/S { struct S *next; };\nstruct S s;\nint S;\n', '1:8 definition, 1:19, 2:8'],
  [
    'a name that is a tag too',
    'struct S { int a; };\nstruct S s;\nint /*$*/S;\nint f(void) { return S; }\n',
    '3:5 definition, 4:22',
  ],
  ['an enumeration', 'enum e { one, two };\nenum /*$*/e v;\n', '1:6 definition, 2:6'],
  [
    'a constant in case labels and sizes',
    'enum e { one, t/*$*/wo };\nint a[two];\nint f(int x) { switch (x) { case two: return one; } return two; }\n',
    '1:15 definition, 2:7, 3:34, 3:60',
  ],
  [
    'a macro',
    '#define LIMIT 3\n#ifdef LIMIT\nint a = LI/*$*/MIT;\n#endif\n#define MORE (LIMIT + 1)\n#if 0\nLIMIT\n#endif\nint b = MORE;\n#undef LIMIT\n',
    '1:9 definition, 2:8, 3:9, 5:15, 10:8',
  ],
  [
    'a macro’s argument',
    '#define TWICE(x) ((x) + (x))\nint f(int a) { return TWICE(/*$*/a); }\n',
    '2:11 definition, 2:29',
  ],
  [
    'a name in a macro’s body',
    'int count;\n#define NEXT() (count++)\nint f(void) { return NEXT() + co/*$*/unt; }\n',
    '1:5 definition, 2:17 write, 3:31',
  ],
  [
    'a label',
    'int f(int a) { if (a) goto o/*$*/ut; a++;\nout:\n  return a; }\nint g(void) { goto out; out: return 1; }\n',
    '1:28, 2:1 definition',
  ],
  [
    'what the code lacks',
    'int a;\n// a\nchar *s = "a";\n#if 0\nint b = a;\n#endif\nint c = /*$*/a;\n',
    '1:5 definition, 7:9',
  ],
  [
    'a half-typed statement',
    'struct S { int a; };\nint f(int count) { int other = 1; count/*$*/ = other + (; return count; }\n',
    '2:11 definition, 2:35 write, 2:61',
  ],
  ['a block’s own type', 'int f(void) { typedef int n; /*$*/n a = 1; return a; }\nint n;\n', '1:27 definition, 1:30'],
  [
    'a header',
    '#include "my.h"\nint a = ma/*$*/de();\n//- my.h\nint made(void);\n#define CALL made()\n',
    '2:9, my.h:1:5 declaration, my.h:2:14',
  ],
  [
    'a macro’s own parameter',
    'int a, b;\n#define SUM(/*$*/a, b) ((a) + (b) + #a)\nint c = SUM(a, b);\n#define TWICE(a) (a + a)\n',
    '2:13 definition, 2:21, 2:33',
  ],
  ['nothing', 'int a; // /*$*/a\n', ''],
  ['nobody', 'int a = unk/*$*/nown;\n', ''],
];

for (const [what, fixture, expected] of cases) test(what, () => assert.equal(found(fixture), expected));

test('names of WSK and of bundled structures', () => {
  const driver = (text: string): string => found(text, analyseDriver);
  assert.equal(driver('PWSK_SO/*$*/CKET a;\nvoid f(PWSK_SOCKET s) { s = a; }\n'), '1:1, 2:8');
  assert.equal(
    driver('void f(PIRP a, PIRP b) { a->IoSt/*$*/atus.Status = 0;\n b->IoStatus.Information = 1; }\n'),
    '1:29, 2:5',
  );
  assert.equal(driver('void f(PIRP a) { IoFree/*$*/Irp(a); }\nvoid g(PIRP a) { IoFreeIrp(a); }\n'), '1:18, 2:18');
  assert.equal(
    driver(
      'typedef struct _C { LIST_ENTRY Li/*$*/nk; ULONG Length; _Field_size_(Length) char *Text; } C;\nC *f(PLIST_ENTRY e) { return CONTAINING_RECORD(e, C, Link); }\n',
    ),
    '1:32 declaration, 2:54',
  );
  assert.equal(
    driver(
      'DRIVER_UNLOAD By/*$*/e;\n#pragma alloc_text(PAGE, Bye)\nvoid Bye(PDRIVER_OBJECT d) { d->DriverUnload = Bye; }\n',
    ),
    '1:15 declaration, 2:26, 3:6 definition, 3:48',
  );
  assert.equal(driver('void f(_In_reads_(Length) char *Text, ULONG Len/*$*/gth);\n'), '1:19, 1:45 definition');
});

test('SAL words before a function and in a typedef', () => {
  const driver = (text: string): string => found(text, analyseDriver);
  assert.equal(
    driver('_At_(Context, __drv_freesMem(Mem))\nVOID Free(_In_ PVOID Con/*$*/text) { Context = NULL; }\n'),
    '1:6, 2:22 definition, 2:33 write',
  );
  assert.equal(driver('typedef VOID (*F)(_In_reads_(Len/*$*/gth) PVOID p, ULONG Length);\n'), '1:30, 1:53 definition');
});

test('calls of macros that name it without its name', () => {
  const { analysis, offset } = analyse(
    '#define COUNT(n) extern int n##_count\n#define BUMP(n) (n##_count++)\nCOUNT(x);\nint f(void) { BUMP(x); return BUMP(x) + x_co/*$*/unt; }\n',
  );
  const target = targetAt(analysis.unit, offset);
  assert.ok(target !== undefined);
  // Where the piece of the name stands that the call gives.
  const pieces = referencesByMacros(analysis.unit, target).map(({ file, start }) =>
    file.text.slice(start - 5, start + 1),
  );
  assert.deepEqual(pieces, ['OUNT(x', 'BUMP(x', 'BUMP(x']);
  assert.equal(referencesIn(analysis.unit, target).length, 1);
});

test('highlights stay in the file', () => {
  const { analysis, offset } = analyse('#include "my.h"\nint a = ma/*$*/de();\n//- my.h\nint made(void);\n');
  assert.equal(highlights(analysis, offset).length, 1);
});

test('every prefix of a driver is understood as far as it goes', () => {
  const text =
    '#define A(x) x##_\nstruct S { int a; struct { int b; } in; };\nint f(struct S *s) { struct S t = { .a = 1, .in = { .b = 2 } }; switch (s->a) { case 1: goto out; } out: return t.in.b; }\n';
  for (let end = 0; end <= text.length; end++) {
    const { analysis } = analyse(`${text.slice(0, end)}\n`);
    for (let at = 0; at <= end; at += 3) highlights(analysis, at);
  }
});
