/**
 * Types as text, and the layout of records as Microsoft's x64 compiler does it. The figures of the layout table were
 * taken from mingw-w64's gcc, those of unions with bit-fields and of pack with align from the rules stated in layout.ts.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../../base/source.ts';
import { parseTranslationUnit } from '../index.ts';
import type { TranslationUnit } from '../unit.ts';
import { compatible, sameType } from './compatible.ts';
import { fieldNamed, namedFields } from './fields.ts';
import { alignOf, sizeOf } from './layout.ts';
import { declarationText, expandedTypeText, functionText, typeText } from './text.ts';
import type { CType } from './types.ts';

function parse(text: string): TranslationUnit {
  const unit = parseTranslationUnit(sourceFile('test.c', text), { include: () => ({ kind: 'missing', searched: [] }) });
  assert.deepEqual(
    unit.problems.filter((problem) => problem.severity === 'error').map((problem) => problem.message),
    [],
    text,
  );
  return unit;
}

/** The type of the variable or typedef `x`. */
function typeOf(text: string): CType {
  const symbol = parse(text).symbols.get('x');
  assert.ok(symbol?.kind === 'variable' || symbol?.kind === 'typedef' || symbol?.kind === 'function', text);
  return symbol.type;
}

const texts: readonly (readonly [source: string, text: string])[] = [
  ['int x;', 'int'],
  ['const char *x;', 'const char *'],
  ['char *const x;', 'char *const'],
  ['const volatile unsigned long long *const *x;', 'const volatile unsigned long long *const *'],
  ['int x[3];', 'int[3]'],
  ['int (*x)[3];', 'int (*)[3]'],
  ['int *x[3];', 'int *[3]'],
  ['int (*x)(void);', 'int (*)(void)'],
  ['int x(int a, ...);', 'int (int a, ...)'],
  ['int x();', 'int ()'],
  ['int (*(*x[2])(int))(char);', 'int (*(*[2])(int))(char)'],
  ['typedef struct _IRP *PIRP; PIRP x;', 'PIRP'],
  ['typedef struct _IRP *PIRP; const PIRP x;', 'const PIRP'],
  ['typedef struct _IRP IRP; IRP *x;', 'IRP *'],
  ['typedef int F(int); F *x;', 'F *'],
  ['struct S *x;', 'struct S *'],
  ['enum E { A } x;', 'enum E'],
  ['struct { int a; } x;', 'struct <unnamed>'],
  ['typedef struct { int a; } T; const T *x;', 'const T *'],
  ['typedef unsigned long ULONG; ULONG (*x[2])(ULONG *a, ULONG b[]);', 'ULONG (*[2])(ULONG *a, ULONG *b)'],
];

for (const [source, text] of texts) {
  test(`text of ${source}`, () => assert.equal(typeText(typeOf(source)), text));
}

test('declarations, prototypes and types behind a typedef as text', () => {
  const scene = 'typedef long NTSTATUS; typedef struct _IRP *PIRP; ';
  assert.equal(declarationText(typeOf(`${scene}PIRP *x[2];`), 'Irps'), 'PIRP *Irps[2]');
  assert.equal(declarationText(typeOf('int (*x)(char);'), 'callback'), 'int (*callback)(char)');
  assert.equal(expandedTypeText(typeOf(`${scene}PIRP x;`)), 'struct _IRP *');
  const f = typeOf(`${scene}NTSTATUS x(PIRP Irp, void *Context);`);
  assert.equal(f.kind === 'function' ? functionText(f, 'Done') : '', 'NTSTATUS Done(PIRP Irp, void *Context)');
});

const sizes: readonly (readonly [source: string, size: number, alignment: number])[] = [
  ['char x;', 1, 1],
  ['long x;', 4, 4],
  ['long long x;', 8, 8],
  ['void *x;', 8, 8],
  ['long double x;', 8, 8],
  ['_Bool x;', 1, 1],
  ['enum { A } x;', 4, 4],
  ['short x[5];', 10, 2],
  ['struct { char a; long long b; char c; } x;', 24, 8],
  ['struct { char a; short b; } x;', 4, 2],
  ['union { char a[5]; int b; } x;', 8, 4],
  ['struct { int n; char data[]; } x;', 4, 4],
  // Bit-fields: units of one size are shared, a unit is never straddled, other sizes begin a new one.
  ['struct { int a : 3, b : 29; } x;', 4, 4],
  ['struct { int a : 3, b : 30; } x;', 8, 4],
  ['struct { char a : 3; int b : 3; } x;', 8, 4],
  ['struct { unsigned a : 1; long b : 1; int c : 1; } x;', 4, 4],
  ['struct { char a; int b : 8; } x;', 8, 4],
  ['struct { int a : 1; int : 0; int b : 1; } x;', 8, 4],
  ['struct { char a; int : 0; char b; } x;', 2, 1],
  ['struct { char a : 1; int : 0; char b; } x;', 8, 4],
  ['struct { long long a : 40; int b; } x;', 16, 8],
  ['union { long long a : 3; int b; } x;', 8, 4],
  // Packing limits the natural alignment, not the one that was asked for.
  ['#pragma pack(1)\nstruct { char a; long long b; } x;', 9, 1],
  ['#pragma pack(2)\nstruct { char a; long long b; } x;', 10, 2],
  ['#pragma pack(4)\nstruct { char a; __declspec(align(16)) int b; } x;', 32, 16],
  ['struct __declspec(align(16)) { char a; } x;', 16, 16],
  ['typedef struct __declspec(align(8)) { char a; } T;\n#pragma pack(1)\nstruct { char a; T b; } x;', 16, 8],
  ['struct { char a; __declspec(align(8)) unsigned long b; } x;', 16, 8],
  ['#pragma pack(push, 1)\n#pragma pack(pop)\nstruct { char a; int b; } x;', 8, 4],
];

for (const [source, size, alignment] of sizes) {
  test(`layout of ${source}`, () => {
    const type = typeOf(source);
    assert.deepEqual([sizeOf(type), alignOf(type)], [size, alignment]);
  });
}

test('members are found through unnamed ones, with their offset from the outside', () => {
  const type = typeOf(
    'typedef struct { int base; } B; struct { char c; union { const struct { int lo, hi; }; long long whole; }; B; struct { int in; } s; } x;',
  );
  assert.equal(type.kind, 'record');
  if (type.kind !== 'record') return;
  const named = namedFields(type.definition).map(({ field, offset }) => `${field.name}@${offset}`);
  assert.deepEqual(named, ['c@0', 'lo@8', 'hi@12', 'whole@8', 'base@16', 's@20']);
  const hi = fieldNamed(type.definition, 'hi');
  assert.deepEqual([hi?.offset, hi?.indices, hi?.type.isConst], [12, [1, 0, 1], true]);
  assert.equal(fieldNamed(type.definition, 'in'), undefined);
});

test('types that differ in their names alone are the same; what may declare one thing is compatible', () => {
  const pair = (a: string, b: string): [CType, CType] => {
    const unit = parse(`typedef unsigned long ULONG; struct S; enum E { A }; typedef ${a}; typedef ${b};`);
    const type = (name: string): CType => {
      const symbol = unit.symbols.get(name);
      assert.equal(symbol?.kind, 'typedef');
      return symbol?.kind === 'typedef' ? symbol.type : { kind: 'error', isConst: false, isVolatile: false };
    };
    return [type('a'), type('b')];
  };
  assert.ok(sameType(...pair('ULONG *a', 'unsigned long *b')));
  assert.ok(!sameType(...pair('int a', 'long b')));
  assert.ok(!sameType(...pair('const int *a', 'int *b')));
  assert.ok(compatible(...pair('int a[]', 'int b[3]')));
  assert.ok(!compatible(...pair('int a[2]', 'int b[3]')));
  assert.ok(compatible(...pair('int a()', 'int b(int)')));
  assert.ok(!compatible(...pair('int a()', 'int b(char)')));
  assert.ok(compatible(...pair('enum E *a', 'int *b')));
  assert.ok(compatible(...pair('void a(const int)', 'void b(int)')));
  assert.ok(!compatible(...pair('void a(int, ...)', 'void b(int)')));
});
