/**
 * What is reported about types, and how severely: as Microsoft's compiler, that drivers are written for, takes them.
 * Each case stands in a function after `scene`; the expected problems are without their places.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, scene, shownProblems } from '../testing.ts';

const cases: readonly (readonly [statements: string, problems: string])[] = [
  // Pointers
  ['pi = pc;', 'warning incompatible-pointer'],
  ['pv = pi; pi = pv; pi = 0; pi = (void *)0;', ''],
  ['pi = i;', 'warning integer-to-pointer'],
  ['i = pi;', 'warning pointer-to-integer'],
  ['bo = pi;', ''],
  ['pi = pci;', 'warning discards-qualifiers'],
  ['pci = pi;', ''],
  ['unsigned *pu = pi; unsigned char *puc = pc; long *pl = pi; int *pe = &e;', ''],
  ['void **ppv = &ps; ppv = &pi;', ''],
  ['int **ppi; char **ppc = ppi;', 'warning incompatible-pointer'],
  ['pf = f; pf = &f; pf = *f; pf = 0;', ''],
  ['pf = g;', 'warning incompatible-function-pointer'],
  ['int (*q)(); q = f;', 'warning incompatible-function-pointer'],
  ['void (*q)(); q = g;', ''],
  ['pv = f;', ''],
  ['i = pi == pc;', 'warning incompatible-pointer'],
  ['i = pi == 3;', 'warning pointer-integer-comparison'],
  ['i = pi == 0; i = pv == pi; i = pi != (void *)0;', ''],
  ['i = (long)pi;', 'warning pointer-truncation'],
  ['ull = (unsigned long long)pi; i = (int)(long long)pi; i = (int)&((struct S *)0)->b; bo = (_Bool)pi;', ''],
  ['pi = i ? pi : pc;', 'warning incompatible-pointer'],
  ['f(pi, 1);', 'warning pointer-to-integer'],
  ['v(pi);', 'warning incompatible-pointer'],
  // Calls
  ['f(1);', 'error too-few-arguments'],
  ['f(1, 2, 3);', 'warning too-many-arguments'],
  ['undeclared(1); undeclared(2);', 'warning implicit-function'],
  ['i();', 'error not-a-function'],
  ['f(1, g());', 'error incompatible-types'],
  // Statements
  ['if (st) ;', 'error not-scalar'],
  [
    'if (i = 0) ; while (i = c) ; if (i = c + 1) ;',
    'warning assignment-in-condition'.concat('; warning assignment-in-condition'.repeat(2)),
  ],
  ['if (i = f(1, 1.0)) ; while (i = c == 1) ; if (i = c ? 1 : 2) ; while ((i = c)) ;', ''],
  ['switch (d) { }', 'error bad-operands'],
  ['return 1;', 'warning value-in-void-function'],
  ['return g();', ''],
  ['break;', 'error misplaced-jump'],
  ['goto nowhere;', 'error unknown-label'],
  ['l: ; l: ;', 'error redefinition'],
  ['switch (i) { case 1: case 1: ; }', 'error duplicate-case'],
  ['case 1: ;', 'error misplaced-case'],
  // Objects
  ['const int k = 1; k = 2; k++;', 'error assign-to-const; error assign-to-const'],
  ['const struct S k; k.a = 2; *pci = 1;', 'error assign-to-const; error assign-to-const'],
  ['3 = i; i + 1 = 2; (int)c = 3; a = 0; &3; &ps->c;', 'error not-an-lvalue'.concat('; error not-an-lvalue'.repeat(5))],
  ['int k; int k;', 'error redefinition'],
  ['struct Unknown k;', 'error incomplete-type'],
  ['void k; int m[];', 'error incomplete-type; error incomplete-type'],
  ['pv + 1; *pv = 1;', 'error unknown-size; error incompatible-types'],
  ['int m[2] = { 1, 2, 3 };', 'error too-many-initializers'],
  ['int m[2] = { [2] = 1 }; struct S k = { .zz = 1 };', 'error bad-designator; error no-such-member'],
  ['static int k = i;', 'error not-constant'],
  [
    'static int *k = &i, *m = a + 1; static int (*n)(int, char) = f; static char *o = "x"; static int q = sizeof i;',
    '',
  ],
  ['int m[i];', 'error not-supported'],
  ['int m[(sizeof(long) == 8) ? 1 : -1];', 'error negative-array-length'],
  ['_Static_assert(sizeof(int) == 8, "no");', 'error static-assert'],
  // Operators
  [
    'st + 1; !st; -pi; ~d; d % 2; pi * 2; pi + pi;',
    'error bad-operands; error not-scalar'.concat('; error bad-operands'.repeat(5)),
  ],
  ['(struct S)i; (float)pi;', 'error bad-cast; error bad-cast'],
  ['st = i; i = st;', 'error incompatible-types; error incompatible-types'],
  ['i ? st : 1;', 'error incompatible-types'],
  // Numbers and characters
  [
    "i = ''; i = '\\x'; i = 0b12; i = 0x; i = 0xg; i = 08;",
    'error empty-character-constant'.concat('; error bad-literal'.repeat(5)),
  ],
  ['d = -2147483648 - -2147483648u - -0x80000000 - -2147483647 - -4294967296;', 'warning unsigned-minus'],
  // Arrays and structures without a size
  ['struct F { int n; int v[]; int w; }; int zero[0];', 'error flexible-array; error zero-length-array'],
  ['union F { int v[]; int n; }; struct G { int n; int v[0]; }; extern int zero[0];', ''],
  // Declarations
  [
    'int int k; unsigned unsigned q; long long m; double double e;',
    'error conflicting-specifiers; error conflicting-specifiers',
  ],
  ['extern int k = 1;', 'error bad-initializer'],
  [
    '(int *)0 - (struct S *)0; (char *)0 - (unsigned char *)0; (const char *)0 - (char *)0;',
    'warning incompatible-pointer',
  ],
  ['u8"a" L"b"; L"a" "b"; u8"a" "b";', 'error bad-literal'],
  // Names that nothing declares, and what looks like one
  ['missing(1); missinh(2);', 'warning implicit-function; warning implicit-function'],
  ['missing(int); missing(struct S *, 1);', 'warning implicit-function; error unexpected-type; error unexpected-type'],
  // One mistake, one problem
  ['zz + 1; zz->x; zz(1)[2]; -zz; f(zz, zz); i = zz; if (zz) ; zz = 3;', 'error unknown-name'],
  ['ps->zz->yy + 1; ps->zz = 3; i = ps->zz;', 'error no-such-member; error no-such-member; error no-such-member'],
  ['Zz x; Zz *y; x.a = y->b; f(x, *y); (Zz)i; (Zz *)pi; sizeof(Zz);', 'error unknown-type'],
  ['ps.a = 1; st->a = 2;', 'error wrong-member-operator; error wrong-member-operator'],
];

for (const [statements, expected] of cases) {
  test(statements, () => {
    const shown = shownProblems(parse(`${scene}void test(void) { ${statements} }`));
    assert.equal(shown.replace(/\d+:\d+ /g, ''), expected);
  });
}

test('warnings of bundled headers are dropped, errors are not', () => {
  const header = 'static int h(void) { int *p = 1; return p; }\nint x = ;\n';
  const unit = parse('#include <h.h>\nint *q = 1;\n', () => ({
    kind: 'found',
    file: { path: 'h.h', text: header, lineStarts: [0, 45] },
    isSystem: true,
  }));
  assert.equal(shownProblems(unit), 'h.h:2:9 error expected-expression; 2:10 warning integer-to-pointer');
});

test('#pragma warning turns off what it has the number of', () => {
  const unit = parse(
    [
      'int *a = 1;',
      '#pragma warning(push)',
      '#pragma warning(disable: 4047 4133; once: 4385)',
      'int *b = 1;',
      '#pragma warning(pop)',
      'int *c = 1;',
      '#pragma warning(suppress: 4047)',
      'int *d = 1;',
      'int *e = 1;',
      '__pragma(warning(disable: 4047)) int *f = 1;',
      '#pragma warning(default: 4047)',
      'int *g = 1;',
    ].join('\n'),
  );
  assert.deepEqual(
    unit.problems.map((problem) => problem.span.file.text.slice(problem.span.start - 4, problem.span.start - 3)),
    ['a', 'c', 'e', 'g'],
  );
});

test('of a file a hundred problems are shown, in order of place, and one line says how many more there are', () => {
  const unit = parse(`int a = ;\n${'int b = @;\n'.repeat(299)}`);
  assert.equal(unit.problems.length, 101);
  const starts = unit.problems.map(({ span }) => span.start);
  assert.deepEqual(
    starts,
    [...starts].sort((a, b) => a - b),
  );
  const last = unit.problems[100];
  assert.equal(last?.code, 'too-many-problems');
  assert.equal(last?.severity, 'error');
  assert.match(last?.message ?? '', /^There are \d+ more problems in this file; only the first 100 are shown\.$/);
});

test('the fix of a missing semicolon inserts it at the end of the line', () => {
  const unit = parse('int f(void)\n{\n    int a = 1   // one\n    return a;\n}\n');
  const fix = unit.problems[0]?.fix;
  assert.equal(fix?.title, "Insert ';'");
  const edit = fix?.edits[0];
  assert.equal(edit?.span.start, 'int f(void)\n{\n    int a = 1'.length);
  assert.equal(edit?.newText, ';');
});

test('a redefinition points at the first one', () => {
  const unit = parse('int f(void) { return 1; }\nint f(void) { return 2; }\n');
  assert.equal(shownProblems(unit), '2:5 error redefinition');
  assert.equal(unit.problems[0]?.related?.[0]?.span.start, 4);
});

/** Two lines, of which the second disagrees with the first about a tag. */
const tags: readonly (readonly [text: string, message: string])[] = [
  ['struct S { int a; };\nenum S { A };', "'S' is the tag of a struct, not of an enum."],
  ['union U { int a; };\nstruct U { int a; };', "'U' is the tag of a union, not of a struct."],
  ['enum E { A };\nunion E u;', "'E' is the tag of an enum, not of a union."],
  ['struct S { int a; };\nstruct S { int a; };', "'struct S' is defined twice."],
  ['enum E { A };\nenum E { B };', "'enum E' is defined twice."],
];

test('two declarations of a tag that do not go together are told with the first', () => {
  for (const [text, message] of tags) {
    const [problem] = parse(text).problems;
    assert.deepEqual([problem?.code, problem?.message], ['redefinition', message]);
    assert.equal(problem?.related?.[0]?.span.start, text.indexOf(' ') + 1);
  }
});

test('attributes before the tag of an enum are those before the tag of a struct', () => {
  for (const word of ['_declspec(align(8))', '__declspec(align(8))', '__attribute__((packed))', '_In_'])
    for (const kind of ['enum E { A };', 'struct S { int a; };'])
      assert.equal(shownProblems(parse(kind.replace(' ', ` ${word} `))), '', `${kind} with ${word}`);
});

/** At file scope: the text, and what is said of it. */
const outside: readonly (readonly [text: string, expected: string])[] = [
  ['int f(void) { }', 'warning no-return'],
  [
    'void f(void) { } int g(void) { for (;;) ; } int h(void) { return 1; } main() { } int wmain(void) { }',
    'warning implicit-int',
  ],
  ['__declspec(noreturn) void stop(void); int f(void) { stop(); } int g(void) { l: goto l; }', ''],
  ['void more(void); int f(int a) { if (a) more(); }', 'warning no-return'],
  ['extern int x; static int x = 3;', 'warning extern-to-static'],
  ['static int x; extern int x;', ''],
  ['struct inc i; struct late l; struct late { int a; }; extern struct never e;', 'error incomplete-type'],
  [
    '__declspec(align) int a; __declspec(foo) int b; __declspec(noinline) void f(void);',
    'error bad-alignment; warning unknown-attribute',
  ],
  [
    '#define F(a, b) ((a) + (b))\n#define G() 1\nint f(void) { return F + G; }',
    'error unknown-name; error unknown-name',
  ],
];

for (const [text, expected] of outside) {
  test(text, () => assert.equal(shownProblems(parse(text)).replace(/\d+:\d+ /g, ''), expected));
}

test('variables are in the section that is in force where they are defined', () => {
  const unit = parse(
    [
      'int none;',
      '#pragma data_seg("INIT")',
      '#pragma bss_seg(push, "ZERO")',
      '#pragma const_seg("FIXED")',
      'int set = 1; int zero; const int fixed = 1; extern int other;',
      '__declspec(allocate("OWN")) int own = 1;',
      'void f(void) { static int inside = 2; int automatic; automatic = inside; }',
      '#pragma bss_seg(pop)',
      '#pragma data_seg()',
      'int later = 1; int last;',
    ].join('\n'),
  );
  const shown = [...unit.symbols.values()].flatMap((s) =>
    s.kind === 'variable' ? [`${s.name} ${s.section ?? '-'}`] : [],
  );
  assert.deepEqual(shown, [
    'none -',
    'set INIT',
    'zero ZERO',
    'fixed FIXED',
    'other -',
    'own OWN',
    'later -',
    'last -',
  ]);
  assert.equal(unit.functions[0]?.locals.find(({ name }) => name === 'inside')?.section, 'INIT');
});
