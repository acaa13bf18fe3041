/** Several files to one program: which names meet, which clash. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SourceFile, sourceFile } from '../../../base/source.ts';
import { parseTranslationUnit } from '../../../cfront/index.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { returnsVoid } from '../native.ts';
import { type Native, program, runProgram } from '../testing.ts';
import { link } from './link.ts';

function result(...sources: readonly string[]): bigint | string {
  const run = runProgram(program(...sources));
  return run.fault === undefined ? run.result : `${run.fault.kind} ${run.fault.detail}`;
}

const headers = new Map<string, SourceFile>();

function unit(text: string, path: string): TranslationUnit {
  return parseTranslationUnit(sourceFile(path, text), {
    include: ({ name }) => {
      const file = headers.get(name);
      return file === undefined ? { kind: 'missing', searched: [] } : { kind: 'found', file, isSystem: false };
    },
  });
}

function problems(...sources: readonly string[]): readonly string[] {
  return link(sources.map((text, i) => unit(text, `${i}.c`))).problems.map((p) => {
    const places = [p.span, ...(p.related ?? []).map((r) => r.span)];
    return `${p.code} ${places.map((s) => `${s.file.path}:${s.file.text.slice(s.start, s.end)}`).join(' ')}`;
  });
}

/** The result of main in a program with a file that stands in for what is missing. */
function withStub(source: string, stub: string, natives: Readonly<Record<string, Native>> = {}): bigint | string {
  const linked = link([unit(source, 'driver.c')], [unit(stub, 'stub.c')]);
  assert.deepEqual(linked.problems, []);
  const run = runProgram(linked.program, { natives });
  return run.fault === undefined ? run.result : `${run.fault.kind} ${run.fault.detail}`;
}

test('static names belong to their file', () => {
  const one = 'static int n = 1; static int f(void) { return n; } int one(void) { return f(); }';
  const two = 'static int n = 20; static int f(void) { return n; } int one(void); int main() { return f() + one(); }';
  assert.equal(result(one, two), 21n);
});

test('external names meet, whatever file defines them', () => {
  const one = 'extern int n; int get(void) { return n; }';
  const two = 'int n = 5; int get(void); int main() { int get(void); extern int n; return get() * n; }';
  assert.equal(result(one, two), 25n);
});

test('tentative definitions are one object, and an initialiser wins', () => {
  assert.equal(
    result('int n; int n; int get(void) { return n; }', 'int n = 4; int get(void); int main() { return get(); }'),
    4n,
  );
  assert.equal(
    result('int n; int main() { n = 3; int get(void); return get(); }', 'int n; int get(void) { return n; }'),
    3n,
  );
});

test('two definitions are named with both places', () => {
  assert.deepEqual(problems('int f(void) { return 1; }', 'int f(void) { return 2; }'), [
    'duplicate-symbol 1.c:f 0.c:f',
  ]);
  assert.deepEqual(problems('int n = 1;', 'int n = 2;'), ['duplicate-symbol 1.c:n 0.c:n']);
});

test('an inline function may be defined in every file', () => {
  const inline = '__inline int f(void) { return 3; }\n';
  assert.deepEqual(problems(`${inline}int a(void) { return f(); }`, `${inline}int b(void) { return f(); }`), []);
  assert.equal(
    result(`${inline}int a(void) { return f(); }`, `${inline}int a(void); int main() { return a() + f(); }`),
    6n,
  );
});

test('a syntax error keeps a program from being run', () => {
  assert.deepEqual(problems('int main() { return 1 + ; }').length, 1);
  assert.match(problems('int main() { return 1 + ; }')[0] ?? '', /^syntax-error 0\.c/);
});

test('undefined functions are listed with their first use', () => {
  const linked = program('int absent(int); int (*table[])(int) = { absent }; int main() { return 0; }');
  assert.deepEqual(
    linked.undefinedFunctions.map((u) => u.symbol.name),
    ['absent'],
  );
});

test('static objects are initialised with constants and addresses in any order', () => {
  const source = `
    extern int late[];
    struct node { struct node *next; const char *name; int (*call)(int); i8 bits : 3; u8 more : 4; double d; float f; };
    int inc(int n) { return n + 1; }
    static struct node second;
    static struct node first = { &second, "one", inc, -2, 9, 1.5, 2.5f };
    static struct node second = { .name = "two" + 1, .next = &first, .call = &inc };
    int *middle = &late[1] + 1;
    int late[4] = { 1, 2, 30, [3] = sizeof(struct node) };
    char word[] = "hello", exact[3] = "abc";
    u64 difference = (u64)(&late[3] - &late[1]);
    int *literal = (int[]){ 7, 8, 9 };
    int main() {
      static int counter = 5;
      static int *where = &counter;
      print(first.next->name[0]); print(second.next->bits + 10); print(first.more); print(*middle); print(late[3]);
      print(first.call(4) + second.call(5)); print(sizeof word); print(exact[2]); print(difference);
      print((u64)(first.d * 2 + first.f * 2)); print(literal[2]); print(++*where + counter);
      return 0;
    }`;
  const expected = ['119', '8', '9', '30', '48', '11', '6', '99', '2', '8', '9', '12'];
  assert.deepEqual(runProgram(program(source)).output, expected);
});

test('equal strings are one object', () => {
  assert.equal(result('const char *a = "same"; int main() { const char *b = "same"; return a == b; }'), 1n);
});

test('what a header defines for several files is said once, with the way to mend it', () => {
  headers.set('shared.h', sourceFile('shared.h', 'int counter = 1; int tentative; void f(void) {}'));
  const include = '#include "shared.h"\n';
  assert.deepEqual(problems(include, include), [
    'duplicate-symbol shared.h:counter shared.h:counter',
    'duplicate-symbol shared.h:f shared.h:f',
  ]);
  const { problems: said } = link([unit(include, '0.c'), unit(include, '1.c')]);
  assert.match(said[0]?.message ?? '', /every file that includes this header defines it; write `extern`/);
  assert.match(said[1]?.message ?? '', /write `static` or `inline`/);
});

test('a name is a function or a variable', () => {
  assert.deepEqual(problems('int both = 1;', 'int both(void) { return 1; }'), [
    'duplicate-symbol 1.c:both 0.c:both',
    'conflicting-types 1.c:both 0.c:both',
  ]);
});

test('an array of unknown size is what another file completes', () => {
  const main = 'extern int a[]; int main() { return a[9] + (a[10 - 1] == 7); }';
  assert.equal(result(main, 'int a[10] = { [9] = 7 };'), 8n);
  assert.equal(result('int a[]; int main() { a[9] = 4; return a[9]; }', 'int a[10];'), 4n);
  assert.equal(result('int a[10]; int f(void) { return a[9]; }', 'int a[]; int f(); int main() { return f(); }'), 0n);
  assert.equal(result(main, 'int a[4];'), 'out-of-bounds a[9]');
  assert.equal(result('int b[10]; int main() { b[9] = 3; return b[9]; }', 'int b[2];'), 3n);
  assert.equal(
    result('int b[2]; int f(void) { return b[1]; }', 'int b[10]; int f(void); int main() { b[9] = f(); return b[9]; }'),
    0n,
  );
});

test('inline functions of one name are one function, in every form', () => {
  for (const form of ['inline', '__inline', '__forceinline', 'extern inline', 'extern __forceinline']) {
    const text = `${form} int next(void) { static int n; return ++n; }\n`;
    const other = `${text} typedef int (*F)(void); F get(void) { return next; } int a(void) { return next(); }`;
    const main = `${text} typedef int (*F)(void); F get(void); int a(void);
      int main() { a(); return next() * 10 + (get() == next); }`;
    assert.equal(result(other, main), 21n, form);
    assert.equal(result(text, 'int next(void); int main() { next(); return next(); }'), 2n, form);
  }
  const own = 'static __inline int next(void) { static int n; return ++n; }\n';
  assert.equal(
    result(`${own} int a(void) { return next(); }`, `${own} int a(void); int main() { a(); return next(); }`),
    1n,
  );
});

test('an inline function gives way to an ordinary one', () => {
  assert.equal(
    result('int f(void) { return 7; }', '__inline int f(void) { return 7; } int main() { return f(); }'),
    7n,
  );
});

test('selectany and equal GUIDs are one object', () => {
  const guid = 'typedef struct _GUID { int a; } GUID; const GUID id = { 5 };';
  const any = '__declspec(selectany) int n = 5;';
  assert.deepEqual(problems(guid, guid), []);
  assert.deepEqual(problems(any, any), []);
  assert.deepEqual(problems(any, 'int n = 5;'), ['duplicate-symbol 1.c:n 0.c:n']);
});

test('conflicting types in two files are a warning with both places', () => {
  const conflict = (one: string, two: string) => problems(one, two).filter((p) => p.startsWith('conflicting-types'));
  const node = 'struct node { struct node *next; int n; };';
  const pairs: [one: string, two: string, isConflict: boolean][] = [
    ['int f(int a) { return a; }', 'int f(int);', false],
    ['int f(int a) { return a; }', 'int f();', false],
    ['int f(int a) { return a; }', 'int f(int, int);', true],
    ['int f(int a) { return a; }', 'long long f(int);', true],
    ['void f(const char *a) {}', 'void f(char *);', false],
    ['unsigned long n;', 'extern unsigned int n;', false],
    ['long n;', 'extern long long n;', true],
    ['int a[4];', 'extern int a[];', false],
    ['int a[4];', 'extern int a[5];', true],
    ['int a[4];', 'extern int *a;', true],
    ['static int n;', 'long long n;', false],
    [`${node} struct node n;`, `${node} extern struct node n;`, false],
    [`${node} struct node n;`, 'struct node; extern struct node n;', false],
    [`${node} struct node n;`, `${node.replace('int', 'long long')} extern struct node n;`, true],
    ['typedef struct { int a; } T; T *p;', 'typedef struct { int a; } T; extern T *p;', false],
    ['enum e { A }; enum e f(void) { return A; }', 'int f(void);', false],
  ];
  for (const [one, two, isConflict] of pairs) {
    assert.equal(conflict(one, two).length, isConflict ? 1 : 0, `${one} ${two}`);
    assert.equal(conflict(two, one).length, isConflict ? 1 : 0, `${two} ${one}`);
  }
  const [warning] = link([unit('long n;', '0.c'), unit('extern long long n;', '1.c')]).problems;
  assert.deepEqual(
    [warning?.severity, warning?.span.file.path, warning?.related?.[0]?.span.file.path],
    ['warning', '1.c', '0.c'],
  );
  assert.match(warning?.message ?? '', /`long long n` here, but the other file has `long n`/);
});

test('a missing variable is a fault where it is used, and only there', () => {
  assert.equal(result('extern int gone; int main() { int *p = &gone; return p != 0; }'), 1n);
  assert.equal(result('extern int gone; int main() { return gone; }'), 'missing-variable global gone');
  assert.equal(
    result('extern int gone; int main() { int *p = &gone; *p = 1; return 0; }'),
    'missing-variable global gone',
  );
  assert.equal(result('extern int gone[]; int main() { return gone[0]; }'), 'missing-variable global gone');
});

test('the driver may define what the kernel has; a static function is its own', () => {
  const natives = { length: () => returnsVoid };
  const main = 'int main() { return length("abc"); }';
  assert.equal(runProgram(program(`int length(const char *s) { return 30; } ${main}`), { natives }).result, 30n);
  assert.equal(runProgram(program(`static int length(const char *s) { return 31; } ${main}`), { natives }).result, 31n);
  const others = program(`static int length(const char *s) { return 32; }`, `int length(const char *); ${main}`);
  assert.equal(runProgram(others, { natives }).result, 0n, 'a static one is not seen by the other file');
  const bare = runProgram(program(`static int length(const char *s); ${main}`), { natives });
  assert.deepEqual([bare.fault?.kind, bare.fault?.detail], ['missing-function', 'length']);
});

test('a stub supplies what is missing, stands before the kernel, and gives way to the driver', () => {
  const stub = 'int f(void) { return 1; } int g = 2; static int n = 5; int h(void) { return n; }';
  assert.equal(withStub('int f(void); int main() { return f(); }', stub), 1n);
  assert.equal(withStub('int f(void) { return 8; } int main() { return f(); }', stub), 8n);
  assert.equal(withStub('extern int g; int main() { return g; }', stub), 2n);
  assert.equal(withStub('int g = 9; int main() { return g; }', stub), 9n);
  assert.equal(withStub('static int n = 6; int h(void); int main() { return h() * 10 + n; }', stub), 56n);
  assert.equal(withStub('int f(void); int main() { return f(); }', stub, { f: () => returnsVoid }), 1n);
  assert.equal(withStub('int f(void); int main() { int (*p)(void) = f; return p(); }', stub), 1n);
});

test('mutual recursion, tables of functions and addresses cross files', () => {
  const even = 'int odd(int n); int even(int n) { return n == 0 ? 1 : odd(n - 1); }';
  const odd = 'int even(int n); int odd(int n) { return n == 0 ? 0 : even(n - 1); }';
  const table =
    'int even(int); int odd(int); extern int limit; int (*const table[])(int) = { even, odd }; int *where = &limit;';
  const main =
    'extern int (*const table[])(int); extern int *where; int limit = 6; int main() { return table[0](*where) * 10 + table[1](*where); }';
  assert.equal(result(even, odd, table, main), 10n);
  assert.equal(result(main, table, odd, even), 10n);
});

test('a library of many files links, each with its own statics', () => {
  const count = 60;
  const files = Array.from({ length: count }, (_, i) => {
    const next = i + 1 < count ? `int f${i + 1}(int); ` : '';
    const call = i + 1 < count ? `f${i + 1}(n + own)` : 'n + own';
    return `static int own = ${i}; static int help(int n) { return ${call}; } ${next}int f${i}(int n) { return help(n); }`;
  });
  assert.equal(result(...files, 'int f0(int); int main() { return f0(0); }'), BigInt((count * (count - 1)) / 2));
});

test('static objects that no run has room for are told, each at its place', () => {
  const source =
    'char a[0x7fffffff]; static int *p = (int[300000000]){ 1 }; int main() { static char c[134217728]; return c[1] + a[0] + *p; }';
  assert.deepEqual(problems(source), [
    'too-large 0.c:char a[0x7fffffff]',
    'too-large 0.c:static char c[134217728]',
    'too-large 0.c:{ 1 }',
  ]);
});
