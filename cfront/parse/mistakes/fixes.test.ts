/** Fixes of the parser's problems: the text before and after, and that the text is right then. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../../../base/source.ts';
import { applyFix } from '../../testing.ts';
import { parse } from '../testing.ts';

const declarations =
  'typedef unsigned long ULONG; typedef unsigned long long ULONG_PTR; struct S { int area; struct S *next; } s, *ps; ' +
  'int i; int *pi; void *pv; void take(int *p); void keep(struct S v); ULONG u;\n';

/** Mistakes at file scope. */
const outside: readonly (readonly [before: string, after: string])[] = [
  ['int a', 'int a;'],
  ['int a\nint b;', 'int a;\nint b;'],
  ['struct T { int a }\n;', 'struct T { int a; }\n;'],
  ['struct T { int a; }\nint f(void);', 'struct T { int a; };\nint f(void);'],
  ['int a[3;', 'int a[3];'],
  ['int f(int a, int b { return a; }', 'int f(int a, int b) { return a; }'],
  ['int f(int a,) { return a; }', 'int f(int a) { return a; }'],
  ['int f(int a; int b) { return a; }', 'int f(int a, int b) { return a; }'],
  ['enum E { A B };', 'enum E { A, B };'],
  ['int int2; NTSTATUS2 x;', ''],
  ['ULONG ULONG f(void);', 'ULONG  f(void);'],
  ['int f(void)\n    return 1;\n}\n', 'int f(void)\n{\n    return 1;\n}\n'],
  ['int f(void))\n{\n    return 1;\n}\n', 'int f(void)\n{\n    return 1;\n}\n'],
  [
    'int f(void)\n{\n    return 1;\n\nint g(void)\n{\n    return 2;\n}\n',
    'int f(void)\n{\n    return 1;\n}\n\nint g(void)\n{\n    return 2;\n}\n',
  ],
];

/** Mistakes in a function. */
const inside: readonly (readonly [before: string, after: string])[] = [
  ['i = 1', 'i = 1;'],
  ['i = 1\n i = 2;', 'i = 1;\n i = 2;'],
  ['i = 1\n (void)pv;', 'i = 1;\n (void)pv;'],
  ['int b = 1\n (*pi)++;', 'int b = 1;\n (*pi)++;'],
  ['take(pi;', 'take(pi);'],
  ['if (i { i = 1; }', 'if (i) { i = 1; }'],
  ['if i) i = 1;', 'if (i) i = 1;'],
  ['if (i = 1) i = 2;', 'if (i == 1) i = 2;'],
  ['i = 1:', 'i = 1;'],
  ['take(pi,);', 'take(pi);'],
  ['s->area = 1;', 's.area = 1;'],
  ['ps.area = 1;', 'ps->area = 1;'],
  ['ps->aera = 1;', 'ps->area = 1;'],
  ['retrun;', 'return;'],
  ['takee(pi);', 'take(pi);'],
  ['take(i);', 'take(&i);'],
  ['i = *pi; i = pi;', 'i = *pi; i = *pi;'],
  ['keep(ps);', 'keep(*ps);'],
  ['pi = &pi;', 'pi = pi;'],
  ['take(3);', 'take((int *)3);'],
  ['pi = i + 2;', 'pi = (int *)(i + 2);'],
  ['u = (ULONG)pv;', 'u = (ULONG_PTR)pv;'],
  ['char *c = "C:\\dir";', 'char *c = "C:\\\\dir";'],
  ["i = 'a;", "i = 'a';"],
  ['if (i) { i = 1;', 'if (i) { i = 1;\n    }'],
];

function check(before: string, after: string): void {
  const { problems } = parse(before);
  const [first] = problems.filter(({ fix }) => fix !== undefined);
  const shown = `${before}\n${problems.map(({ message, fix }) => `${message} (${fix?.title ?? 'no fix'})`).join('\n')}`;
  assert.equal(applyFix(before, first?.fix), after, shown);
  assert.deepEqual(
    parse(after).problems.map(({ message }) => message),
    [],
    after,
  );
}

test('fixes at file scope', () => {
  for (const [before, after] of outside) {
    if (after !== '') check(declarations + before, declarations + after);
    else assert.equal(parse(declarations + before).problems[0]?.fix, undefined);
  }
});

test('fixes in a function', () => {
  for (const [before, after] of inside) {
    check(`${declarations}void f(void)\n{\n    ${before}\n}\n`, `${declarations}void f(void)\n{\n    ${after}\n}\n`);
  }
});

test('a member of another level', () => {
  const records =
    'struct B { int Control; }; struct T { struct B Below; int *own; union { struct { int deep; int Own; } in; int k; } u; ' +
    'struct P { int behind; int twice; } *p; struct Q { int twice; } *q; } t, *pt; struct B *pb;\n';
  const cases: readonly (readonly [before: string, after: string | undefined])[] = [
    // One level up, as in C++ and in C headers of WSK's tables
    ['pb->Basic.Control = 1;', 'pb->Control = 1;'],
    ['pb->Basic->Control = 1;', 'pb->Control = 1;'],
    ['pb->Basic.other = 1;', undefined],
    // Below
    ['pt->Control = 1;', 'pt->Below.Control = 1;'],
    ['t.deep = 1;', 't.u.in.deep = 1;'],
    ['t.behind = 1;', 't.p->behind = 1;'],
    // A slip of the keys comes first; what two members hold is not guessed
    ['t.Own = 0;', 't.own = 0;'],
    ['t.twice = 1;', undefined],
  ];
  for (const [before, after] of cases) {
    const text = `${records}void f(void) { ${before} }`;
    const [problem] = parse(text).problems;
    assert.equal(problem?.code, 'no-such-member', before);
    const mended = problem.fix === undefined ? undefined : applyFix(text, problem.fix);
    assert.equal(mended, after === undefined ? undefined : `${records}void f(void) { ${after} }`);
  }
  const [up, down] = parse(`${records}void f(void) { pb->Basic.Control = 1; pt->Control = 1; }`).problems;
  assert.equal(up?.message, "'B' has no member 'Basic'; is 'Control' meant?");
  assert.equal(down?.message, "'T' has no member 'Control'; is 'Below.Control' meant?");
});

test("a line that begins with a macro's parenthesis is a statement, one with arguments is not", () => {
  const text = `#define UNREFERENCED(P) ((void)(P))\n${declarations}void f(void) { int a = 1\n UNREFERENCED(pi); }`;
  const [problem, ...others] = parse(text).problems;
  assert.equal(problem?.message, "Expected ';' after the declaration, found '('.");
  assert.deepEqual(others, []);
  assert.ok(problem.fix !== undefined && applyFix(text, problem.fix).includes('int a = 1;'));
  assert.deepEqual(parse(`${declarations}void f(void) { take\n (pi); }`).problems, []);
  const called = parse(`${declarations}void f(void) { if (i\n (u)) i = 2; }`).problems.map(({ code }) => code);
  assert.deepEqual(called, ['not-a-function']);
});

test('nothing is offered for what a macro wrote', () => {
  const { problems } = parse(`${declarations}#define T(x) take(x + 1)\nvoid f(void) { T(i); }`);
  assert.deepEqual(
    problems.map(({ code, fix }) => [code, fix]),
    [['integer-to-pointer', undefined]],
  );
});

test('a name that a bundled header declares', () => {
  const text = '/* mine */\n#include <a.h>\n#include "b.h"\n\nvoid f(void) { WskRegister(1); }\n';
  const found = { kind: 'found', isSystem: false } as const;
  const unit = parse(text, ({ name }) => ({ ...found, file: parse(`int ${name[0]};`).file }), {
    headerOf: (name) => (name === 'WskRegister' ? 'wsk.h' : undefined),
  });
  const [problem] = unit.problems;
  assert.match(problem?.message ?? '', /It comes from <wsk\.h>, which is not included\.$/);
  assert.equal(applyFix(text, problem?.fix), text.replace('"b.h"\n', '"b.h"\n#include <wsk.h>\n'));
});

test('a function of a dispatch table that is called by its name alone', () => {
  const unit = parse('void f(void) { WskSendTo(1); WskSendFro(1); }\n', undefined, {
    headerOf: (name) => (name === 'PFN_WSK_SEND_TO' ? 'wsk.h' : undefined),
  });
  assert.deepEqual(
    unit.problems.map(({ message }) => message.split('int. ')[1]),
    [
      'It is the member of a dispatch table, of type PFN_WSK_SEND_TO: call it through the table.',
      'No bundled header has it: include the header of yours that declares it.',
    ],
  );
});

test('a name for programs, which no header of the kernel has', () => {
  const text = '#include "b.h"\n\nint f(void) { return htons(1) + (h == INVALID_HANDLE_VALUE); }\n';
  const header = sourceFile('catalog:/ntifs.h', 'void *h;');
  const options = {
    counterpartOf: (name: string) => ({ htons: 'RtlUshortByteSwap', INVALID_HANDLE_VALUE: 'NULL' })[name],
  };
  const told = ({ problems }: ReturnType<typeof parse>): string[] =>
    problems.map(({ severity, message }) => `${severity}: ${message}`);
  // ntifs.h is bundled in part, and what is unknown may be there: but not this.
  const unit = parse(text, () => ({ kind: 'found', isSystem: true, file: header }), options);
  assert.deepEqual(told(unit), [
    "warning: 'htons' is not declared; it is taken for a function that returns int. It is for programs; a driver has RtlUshortByteSwap.",
    "error: 'INVALID_HANDLE_VALUE' is not declared. It is for programs; a driver has NULL.",
  ]);
  assert.equal(applyFix(text, unit.problems[0]?.fix), text.replace('htons', 'RtlUshortByteSwap'));
  assert.equal(unit.problems[1]?.fix, undefined);
  // A header of the driver's own may have it.
  const missing = parse(text, () => ({ kind: 'missing', searched: [] }), options);
  assert.deepEqual(
    missing.problems.map(({ severity }) => severity),
    ['error', 'hint'],
  );
});

test('names of a missing header are told in one hint, and what follows from them is not told', () => {
  const unit = parse(
    '#include <my.h>\nFOO_API int f(FOO a, BAR *b)\n{\n    BAZ c;\n    FooInit(&c);\n    TRY {\n        c.x = A_CONSTANT;\n    }\n' +
      '    switch (a) { case FOO_CASE: break; }\n    return b->y;\n}\nint g(void) { return 1 }\n',
  );
  assert.deepEqual(
    unit.problems.map(({ severity, code }) => `${severity} ${code}`),
    ['error include-not-found', 'hint unknown-name', 'error expected-token'],
  );
  assert.match(
    unit.problems[1]?.message ?? '',
    /^'FOO_API', 'FOO' and \d more are not declared; they may come from 'my\.h'/,
  );
});

test('with a header missing, names of a bundled one are one hint: the missing header may include it', () => {
  const text = '#include <my.h>\nULONG *p;\nvoid f(ULONG a) { WskRegister(a); UCHAR b = 1; b = FALSE; }\n';
  const headerOf = (): string => 'wsk.h';
  const severities = (missing: boolean): string[] => {
    const options = { headerOf };
    const found = { kind: 'found', isSystem: false, file: parse('int x;').file } as const;
    const { problems } = parse(text, () => (missing ? { kind: 'missing', searched: [] } : found), options);
    return problems.map(({ severity, code, fix }) => `${severity} ${code}${fix === undefined ? '' : ' fix'}`);
  };
  assert.deepEqual(severities(true), ['error include-not-found', 'hint unknown-name fix']);
  assert.deepEqual(severities(false), [
    'error unknown-type fix',
    'warning implicit-function fix',
    'error unknown-type fix',
    'error unknown-name fix',
  ]);
});

test('what a macro of a missing header would have made right is not told', () => {
  for (const text of [
    'void f(void) { for_each(a, b) { if (a) break; continue; } }',
    'void f(void) { do { g(); }\n WHILE (1 == 2); }',
    'void f(int *p) { if (TO_LE(*((UNALIGNED T)p) & 3) == 0) g(); }',
    'void f(void) { TRY { g(); } EXCEPT(1) { g(GetExceptionCode()); } }',
    'void f(void) { print(_T("a")\n _T("b")); }',
    'int f(const struct theirs *p) { p++; return p[1].length + (int)(p - &p[2]); }',
  ]) {
    const unit = parse(`#include <my.h>\nint g();\n${text}\nint end(void) { return 1; }\n`);
    const told = unit.problems.filter(({ severity }) => severity === 'error').map(({ code }) => code);
    assert.deepEqual(told, ['include-not-found'], text);
  }
  const alone = parse(
    '#include <my.h>\nvoid f(void) { break; }\nint g(void) { return FOO }\nint h(void) { return 1 }\n',
  );
  const codes = alone.problems.map(({ code }) => code);
  assert.deepEqual(codes, ['include-not-found', 'misplaced-jump', 'unknown-name', 'expected-token']);
});
