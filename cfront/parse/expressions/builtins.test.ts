/** The compiler's own functions: types, values of constants, what they become in the tree, and refusals by name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dumpBody, parse, shownProblems } from '../testing.ts';

test('constants are folded', () => {
  const facts = [
    '__builtin_bswap16(0x1234) == 0x3412',
    '__builtin_bswap32(0x11223344) == 0x44332211',
    '__builtin_bswap64(1) == 0x0100000000000000',
    '__builtin_clz(1) == 31 && __builtin_clzl(1) == 31 && __builtin_clzll(1) == 63',
    '__builtin_ctz(8) == 3 && __builtin_ctzll(1ll << 40) == 40',
    '__builtin_popcount(-1) == 32 && __builtin_popcountll(-1ll) == 64',
    '__builtin_ffs(0) == 0 && __builtin_ffs(8) == 4 && __builtin_parity(7) == 1',
    '__builtin_constant_p(3) && __builtin_expect(1, 0)',
    '__builtin_types_compatible_p(int, signed) && !__builtin_types_compatible_p(int, long)',
    '__builtin_choose_expr(1, 2, "x") == 2',
    '__builtin_offsetof(struct { int a; struct { char b, c[3]; } d; }, d.c[1]) == 6',
  ];
  for (const fact of facts) assert.equal(shownProblems(parse(`_Static_assert(${fact}, "");`)), '', fact);
});

const trees: readonly (readonly [text: string, tree: string])[] = [
  ['i = __builtin_popcount(u);', '(= i (call (decay __popcnt) u));'],
  ['i = __builtin_ctzll(i);', '(= i (call (decay _tzcnt_u64) (to unsigned long long i)));'],
  ['u = __builtin_bswap32(u);', '(= u (call (decay _byteswap_ulong) u));'],
  ['__builtin_memcpy(pv, pc, 3);', '(call (decay memcpy) pv (to const void * pc) (to unsigned long long 3));'],
  ['__builtin_prefetch(pv, 0, 1);', '(cast void pv);'],
  ['__builtin_add_overflow(i, ll, &i);', '(__builtin_add_overflow i ll (& i));'],
  [
    '__builtin_uaddll_overflow(i, 1, &ull);',
    '(__builtin_add_overflow (to unsigned long long i) (to unsigned long long 1) (& ull));',
  ],
  ['i = __builtin_expect(!!pv, 1);', '(= i (to int (__builtin_expect (to long (! (! pv))) (to long 1))));'],
];

for (const [text, tree] of trees) test(text, () => assert.equal(dumpBody(text), tree));

test('a prototype of a builtin is for the eye only', () => {
  const source =
    'void *_ReturnAddress(void); void __debugbreak(void);\n#pragma intrinsic(_ReturnAddress)\nvoid f(void) { void *p = _ReturnAddress(); __debugbreak(); }';
  const unit = parse(source);
  assert.equal(shownProblems(unit), '');
  const text = JSON.stringify(
    unit.functions[0]?.body.items.map((item) => (item.kind === 'expression' ? item.expression.kind : item.kind)),
  );
  assert.equal(text, '["declaration","builtin"]');
});

test('a program that defines one of the names has its own', () => {
  const unit = parse('void __noop(int x) { } void f(void) { __noop(1); }');
  const call = unit.functions[1]?.body.items[0];
  assert.equal(call?.kind === 'expression' ? call.expression.kind : '', 'call');
});

test('what is not supported is refused by its name', () => {
  for (const name of ['__builtin_longjmp', '__sync_fetch_and_add', '__atomic_load_n']) {
    const unit = parse(`void f(int *p) { ${name}(p, 1); }`);
    assert.equal(shownProblems(unit), '1:18 error not-supported');
    assert.ok(unit.problems[0]?.message.includes(name));
  }
});
