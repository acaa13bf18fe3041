/** Several files to one program: which names meet, which clash. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../../../base/source.ts';
import { parseTranslationUnit } from '../../../cfront/index.ts';
import { program, runProgram } from '../testing/run-source.ts';
import { link } from './link.ts';

function result(...sources: readonly string[]): bigint | string {
  const run = runProgram(program(...sources));
  return run.fault === undefined ? run.result : `${run.fault.kind} ${run.fault.detail}`;
}

function problems(...sources: readonly string[]): readonly string[] {
  const include = () => ({ kind: 'missing', searched: [] }) as const;
  const units = sources.map((text, i) => parseTranslationUnit(sourceFile(`${i}.c`, text), { include }));
  return link(units).problems.map((p) => {
    const places = [p.span, ...(p.related ?? []).map((r) => r.span)];
    return `${p.code} ${places.map((s) => `${s.file.path}:${s.file.text.slice(s.start, s.end)}`).join(' ')}`;
  });
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
