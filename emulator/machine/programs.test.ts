/** Whole small programs, one language area each; what they print is stated beside them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSource } from './testing.ts';

function check(name: string, source: string, ...expected: readonly (number | bigint | string)[]): void {
  test(name, () => {
    const run = runSource(source);
    assert.equal(run.stop.kind, 'ended', `${run.fault?.kind} ${run.fault?.detail}`);
    assert.deepEqual(run.output, expected.map(String));
  });
}

const main = (body: string): string => `int main() { ${body} return 0; }`;

check(
  'loops of every kind',
  main(
    'int i = 0, j; while (i < 3) i++; do i += 10; while (i < 20); for (j = 0, i = i; ; j++) { if (j == 2) continue; if (j > 4) break; i += j; } print(i); print(j);',
  ),
  31,
  5,
);
check(
  'naming a variable for its own sake reads nothing',
  main('int u; char *p; struct { int a; } s; u; (void)u; (void)p; (void)s; (u); print(1);'),
  1,
);
check('a loop with its own variable', main('int i = 7; for (int i = 0; i < 3; i++) print(i); print(i);'), 0, 1, 2, 7);
check(
  'switch falls through, jumps in and out',
  'int f(int n) { int r = 0; switch (n) { case 1: r += 1; case 2: r += 2; break; case -5: r = 50; break; default: r = 9; case 100000: r += 100; } return r; } ' +
    main('print(f(1)); print(f(2)); print(f(-5)); print(f(7)); print(f(100000));'),
  3,
  2,
  50,
  109,
  100,
);
check(
  'an annotation that stands as a statement',
  `int f(int n) { switch (n) { case 1: n++; __fallthrough; case 2: n++; } return n; } ${main('print(f(1));')}`,
  3,
);
check(
  'a dense switch',
  'int f(unsigned char n) { switch (n) { case 3: return 30; case 4: return 40; case 5: case 6: return 56; case 8 ... 9: return 89; } return 1; } ' +
    main('int i; for (i = 2; i < 11; i++) print(f(i)); print(f(255));'),
  1,
  30,
  40,
  56,
  56,
  1,
  89,
  89,
  1,
  1,
);
check(
  'a switch on 64 bits',
  'int f(i64 n) { switch (n) { case 0x100000001: return 1; case 1: return 2; case -1: return 3; case 0x7000000000 ... 0x7000000005: return 4; } return 0; } ' +
    main('print(f(0x100000001)); print(f(1)); print(f(-1)); print(f(0x7000000003)); print(f(0x7000000006));'),
  1,
  2,
  3,
  4,
  0,
);
check(
  'a switch without braces, and one nobody enters',
  main(
    'int n = 3; switch (n) case 3: print(1); switch (n) { print(9); } switch (n) { case 4: print(9); default: ; } print(2);',
  ),
  1,
  2,
);
check(
  "Duff's device",
  main(
    'int n = 7, s = 0; switch (n % 4) { case 0: do { s++; case 3: s++; case 2: s++; case 1: s++; } while ((n -= 4) > 0); } print(s);',
  ),
  7,
);
check(
  'goto, forwards and backwards, into a block',
  main('int i = 0; again: if (i++ < 3) goto again; goto in; { print(9); in: print(i); }'),
  4,
);
check(
  'statement expressions',
  main(
    'int a = ({ int b = 3; b * 2; }) + ({ 4; }); print(a); ({ goto out; }); print(9); out: print(({ struct { int x, y; } p = { 1, 2 }; p; }).y);',
  ),
  10,
  2,
);

check(
  'recursion',
  'int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); } int odd(int); int even(int n) { return n == 0 ? 1 : odd(n - 1); } int odd(int n) { return n == 0 ? 0 : even(n - 1); } ' +
    main('print(fib(15)); print(even(30));'),
  610,
  1,
);
check(
  'calls inside arguments',
  'int f(int a, int b, int c) { return a * 100 + b * 10 + c; } ' +
    main('print(f(1, f(0, 0, f(0, 0, 2)), f(0, 0, 3) ) ); int x = 1; print(f(x, x + 1, f(x, x, x) - 108));'),
  123,
  123,
);
check(
  'function pointers in tables, records and results',
  'int add(int a, int b) { return a + b; } int sub(int a, int b) { return a - b; } int (*table[])(int, int) = { add, &sub }; struct ops { int (*run)(int, int); } ops = { sub }; int (*choose(int n))(int, int) { return n ? add : sub; } typedef int fn(int, int); int apply(fn f, int a) { return f(a, 1); } ' +
    main(
      'print(table[0](5, 3)); print((*table[1])(5, 3)); print(ops.run(9, 1)); print(choose(1)(2, 2)); print((**choose(0))(2, 2)); print(apply(add, 6)); print(apply(&sub, 6)); print(table[1] == sub);',
    ),
  8,
  2,
  8,
  4,
  0,
  7,
  5,
  1,
);
check(
  'old-style definitions',
  'int f(a, b, c) char a; double b; short c; { return a + (int)b + c; } int g(); ' +
    main('print(f(1, 2.5, 3)); print(g(4));') +
    ' int g(n) int n; { return n * 2; }',
  6,
  8,
);
check(
  'variadic functions',
  "#define va_start __builtin_va_start\n#define va_arg __builtin_va_arg\n#define va_end __builtin_va_end\n#define va_copy __builtin_va_copy\nstruct pair { int a, b; }; struct big { i64 a, b; }; i64 each(va_list list, int n) { i64 s = 0; while (n-- > 0) s = s * 10 + va_arg(list, int); return s; } i64 sum(int n, ...) { va_list list, other; i64 s; va_start(list, n); va_copy(other, list); s = each(list, n) + each(other, n) * 1000; va_end(list); return s; } i64 mixed(const char *kinds, ...) { va_list list; i64 s = 0; va_start(list, kinds); for (; *kinds; kinds++) switch (*kinds) { case 'i': s += va_arg(list, int); break; case 'q': s += va_arg(list, i64); break; case 'd': s += (i64)(va_arg(list, double) * 2); break; case 'p': s += va_arg(list, struct pair).b; break; case 'b': s += va_arg(list, struct big).b; break; } va_end(list); return s; } int none(int n, ...) { return n; } " +
    main(
      'struct pair p = { 1, 200 }; struct big b = { 1, 3000 }; print(sum(3, 1, 2, 3)); print(mixed("iqdpb", -1, 1LL << 40, 2.5f, p, b)); print(none(5)); print(sum(1, (char)7));',
    ),
  123123,
  (1n << 40n) - 1n + 5n + 200n + 3000n,
  5,
  7007,
);

check(
  'records are copied, passed, returned',
  'struct point { int x, y; }; struct line { struct point a, b; char name[5]; }; struct point mirror(struct point p) { int t = p.x; p.x = p.y; p.y = t; return p; } struct line make(int n) { struct line l = { { n, n + 1 }, { n * 2, n * 3 }, "abcd" }; return l; } struct line longer(struct line l) { l.b.x *= 10; return l; } ' +
    main(
      'struct point p = { 1, 2 }, q = mirror(p), r; r = q; r.x = 7; print(p.x * 1000 + q.x * 100 + r.x * 10 + r.y); struct line l = longer(make(4)); print(l.b.x); print(make(3).b.y); print(l.name[3]); struct line m[2]; m[1] = l; m[0] = m[1]; print(m[0].a.y); print(mirror(mirror(p)).x); print((p.x ? q : p).x);',
    ),
  1271,
  80,
  9,
  100,
  5,
  1,
  2,
);
check(
  'unions share their bytes',
  main(
    'union { int i; unsigned char c[4]; struct { short low, high; }; } u; u.i = 0x01020304; print(u.c[0]); print(u.high); u.c[3] = 9; print(u.i >> 24);',
  ),
  4,
  258,
  9,
);
check(
  'nested and unnamed members',
  main(
    'struct { int a; union { struct { int b, c; }; i64 d; }; struct { int e[2]; } in; } s = { 1, { { 2, 3 } }, { { 4, 5 } } }, *p = &s; print(p->c); print(p->d >> 32); print(p->in.e[1]); p->b = 6; print(s.b);',
  ),
  3,
  3,
  5,
  6,
);
check(
  'initialisers with designators and gaps',
  main(
    'struct { int a[4]; char *s; struct { int x, y; } p[2]; } v = { .a = { [2] = 5, 6 }, .p[1].y = 8, .s = "q" }; int m[3][2] = { 1, 2, { 3 }, [2][1] = 4 }; char t[4] = "ab", u[] = { "xyz" }; int one = { 7 }; print(v.a[2] * 10 + v.a[3]); print(v.a[0] + v.p[0].x); print(v.p[1].y); print(*v.s); print(m[1][0] * 100 + m[1][1] * 10 + m[2][1]); print(t[1] + t[3]); print(sizeof u + one);',
  ),
  56,
  0,
  8,
  113,
  304,
  98,
  11,
);
check(
  'compound literals',
  'struct p { int x, y; }; int sum(struct p *p) { return p->x + p->y; } ' +
    main(
      'int i, s = 0; for (i = 0; i < 3; i++) { struct p *p = &(struct p){ i, 10 }; p->x++; s += sum(p); } print(s); print(((int[]){ 4, 5, 6 })[1]); print(sum(&(struct p){ .y = 3 }));',
    ),
  36,
  5,
  3,
);
check(
  'bit-fields keep to their bits',
  main(
    'struct { int a : 3; unsigned b : 5; int : 0; i64 c : 40; u64 d : 20; _Bool e : 1; unsigned char f : 4; } s; s.a = 5; s.b = 33; s.c = -3; s.d = 0x1fffff; s.e = 1; s.f = 17; print(s.a + 10); print(s.b); print(s.c + 10); print(s.d); print(s.e + s.f); s.b += 31; print(s.b); s.a++; print(s.a + 10); print((s.f = 30) + (s.c = 1LL << 39 | 5) ); s.d--; print(s.d);',
  ),
  7,
  1,
  7,
  0xfffff,
  2,
  0,
  8,
  BigInt.asUintN(64, 14n + 5n - (1n << 39n)),
  0xffffe,
);
check(
  'static locals live on',
  `int next(void) { static int n = 10; static int *p = &n; return ++*p; } ${main('next(); print(next());')}`,
  12,
);
check(
  'arrays of arrays and pointers to them',
  'int sum(int m[][3], int n) { int i, j, s = 0; for (i = 0; i < n; i++) for (j = 0; j < 3; j++) s += m[i][j]; return s; } ' +
    main(
      'int m[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } }; int (*p)[3] = m; print(sum(m, 2)); print((*++p)[1]); print(sizeof m / sizeof *m); char *names[] = { "one", "two" }; print(names[1][1]);',
    ),
  21,
  5,
  2,
  119,
);
check(
  'strings, wide and narrow',
  main(
    'const unsigned short *w = L"hé"; print(w[1]); print(sizeof L"abc"); text("a" "b\\n"); char s[] = "\\x41\\102"; print(s[0] + s[1]);',
  ),
  233,
  8,
  'ab\n',
  131,
);
check(
  'the comma and side effects in order',
  'int trace(int n) { print(n); return n; } ' +
    main(
      'int a[3] = { trace(1), trace(2), trace(3) }; a[trace(0)] = trace(4); int r = trace(5) + trace(6) * trace(7); r = (trace(8), trace(9));',
    ),
  1,
  2,
  3,
  0,
  4,
  5,
  6,
  7,
  8,
  9,
);
check(
  'variables that are changed while an expression waits',
  'int f(int a, int b) { return a * 10 + b; } ' +
    main(
      'int i = 1; int v[4] = { 0 }; print(f(i, i++)); print(i + (i = 5)); v[i - 4] = i++; print(v[1] * 10 + i); int *p = v; *p++ = (p = v + 2, 3); print(v[0]);',
    ),
  11,
  7,
  56,
  3,
);
check(
  'float is not double',
  main(
    'float f = 0.1f; double d = 0.1; print(f == d); print((u64)(f * 1e9)); float g = 16777216.0f; g += 1.0f; print((u64)g); print((u64)(d * 10)); print((float)d == f);',
  ),
  0,
  100000001,
  16777216,
  1,
  1,
);
check(
  'large frames and deep calls within the stack',
  `int f(int n) { char pad[100]; pad[n] = n; return n == 0 ? pad[0] : f(n - 1) + pad[n]; } ${main('print(f(50));')}`,
  1275,
);
check(
  '_alloca',
  'int f(int n) { int *p = (int *)__builtin_alloca(n * sizeof(int)); int i, s = 0; for (i = 0; i < n; i++) p[i] = i; for (i = 0; i < n; i++) s += p[i]; return s; } ' +
    main('print(f(10)); print(f(20));'),
  45,
  190,
);
