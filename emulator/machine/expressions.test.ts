/** Every operator on the corners of every type; each case is an expression and its value as a signed 64-bit number. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSource } from './testing.ts';

/** [declarations and statements, expression, value] */
type Case = readonly [setup: string, expression: string, value: bigint | number];

function check(name: string, cases: readonly Case[]): void {
  test(name, () => {
    for (const [setup, expression, value] of cases) {
      const run = runSource(`i64 main2(void) { ${setup}; return ${expression}; }`, { entry: 'main2' });
      assert.equal(run.stop.kind, 'ended', `${setup}; ${expression}: ${run.fault?.kind} ${run.fault?.detail}`);
      assert.equal(run.result, BigInt(value), `${setup}; ${expression}`);
    }
  });
}

const MIN64 = -(1n << 63n);

check('32-bit arithmetic wraps and divides towards zero', [
  ['i32 a = 2147483647, b = 1', 'a + b', -2147483648],
  ['i32 a = -2147483647 - 1, b = 1', 'a - b', 2147483647],
  ['i32 a = 65537, b = 65537', 'a * b', 131073],
  ['u32 a = 0xffffffff, b = 2', 'a + b', 1],
  ['u32 a = 0, b = 1', 'a - b', 0xffffffff],
  ['u32 a = 0xffffffff, b = 0xffffffff', 'a * b', 1],
  ['i32 a = -7, b = 2', 'a / b', -3],
  ['i32 a = -7, b = 2', 'a % b', -1],
  ['i32 a = 7, b = -2', 'a % b', 1],
  ['u32 a = 0xfffffff9, b = 2', 'a / b', 0x7ffffffc],
  ['u32 a = 0xfffffff9, b = 10', 'a % b', 9],
  ['i32 a = 5', '-a', -5],
  ['u32 a = 5', '-a', 0xfffffffb],
  ['i32 a = -2147483647 - 1', '-a', -2147483648],
  ['i32 a = 5', '~a', -6],
  ['u32 a = 5', '~a', 0xfffffffa],
  ['i32 a = 6, b = 3', '(a & b) + (a | b) * 10 + (a ^ b) * 100', 572],
]);

check('shifts take their count modulo the width, as x64 does', [
  ['i32 a = 1, n = 33', 'a << n', 2],
  ['i32 a = -8, n = 1', 'a >> n', -4],
  ['u32 a = 0x80000000, n = 31', 'a >> n', 1],
  ['u32 a = 0x80000000, n = 32', 'a >> n', 0x80000000],
  ['i64 a = 1, n = 40', 'a << n', 1n << 40n],
  ['i64 a = 1; i32 n = 63', 'a << n', MIN64],
  ['i64 a = 1; i32 n = 64', 'a << n', 1],
  ['i64 a = -1LL << 40; i32 n = 8', 'a >> n', -(1n << 32n)],
  ['i64 a = -1LL << 40; i32 n = 36', 'a >> n', -16],
  ['u64 a = 0x8000000000000000; i32 n = 32', '(i64)(a >> n)', 0x80000000],
  ['u64 a = 0x8000000000000000; i32 n = 63', '(i64)(a >> n)', 1],
  ['u64 a = 0x123456789abcdef0; i32 n = 4', '(i64)(a >> n)', 0x0123456789abcdefn],
  ['i32 a = 0x0f0f0f0f', 'a << 4', -0x0f0f0f10],
]);

check('64-bit arithmetic is exact', [
  ['i64 a = 0x7fffffffffffffff, b = 1', 'a + b', MIN64],
  ['i64 a = 0xffffffff, b = 1', 'a + b', 0x100000000],
  ['i64 a = 0x100000000, b = 1', 'a - b', 0xffffffff],
  ['i64 a = 0, b = 1', 'a - b', -1],
  ['i64 a = 0x123456789, b = 0x987654321', 'a * b', BigInt.asIntN(64, 0x123456789n * 0x987654321n)],
  ['i64 a = -3, b = 0x100000001', 'a * b', -0x300000003n],
  ['u64 a = 0xffffffffffffffff, b = 0xffffffffffffffff', '(i64)(a * b)', 1],
  ['i64 a = -1000000000000, b = 7', 'a / b', -142857142857],
  ['i64 a = -1000000000000, b = 7', 'a % b', -1],
  ['i64 a = -0x7fffffffffffffff - 1, b = 3', 'a / b', MIN64 / 3n],
  ['i64 a = -0x7fffffffffffffff - 1, b = 10', 'a % b', MIN64 % 10n],
  ['u64 a = 0xffffffffffffffff, b = 10', '(i64)(a / b)', 1844674407370955161n],
  ['u64 a = 0xffffffffffffffff, b = 10', '(i64)(a % b)', 5],
  ['u64 a = 9007199254740993, b = 3', '(i64)(a / b)', 3002399751580331n],
  ['i64 a = 0x00000001ffffffff, b = 0x0000000300000001', '(a & b) ^ (a | b)', 0x2fffffffen],
  ['i64 a = 5', '~a', -6],
  ['i64 a = 0x100000000', '-a', -0x100000000],
  ['i64 a = 0', '-a', 0],
  ['i64 a = 1', '-a', -1],
]);

check('comparisons know signs and both halves', [
  ['i32 a = -1, b = 1', '(a < b) + (a <= b) * 2 + (a > b) * 4 + (a >= b) * 8 + (a == b) * 16 + (a != b) * 32', 35],
  ['u32 a = 0xffffffff, b = 1', '(a < b) + (a <= b) * 2 + (a > b) * 4 + (a >= b) * 8', 12],
  ['i32 a = -1; u32 b = 1', 'a > b', 1],
  ['i64 a = -1, b = 0xffffffff', '(a < b) + (a == b) * 2', 1],
  ['u64 a = 0xffffffffffffffff, b = 0xffffffff', '(a < b) + (a > b) * 2', 2],
  ['i64 a = 0x100000000, b = 0', 'a != b', 1],
  ['i64 a = 0x100000000', '(a ? 1 : 2) + !a * 10', 1],
  ['i64 a = 0x500000000, b = 0x4ffffffff', '(a > b) + (a >= b) * 2 + (b < a) * 4 + (a <= b) * 8', 7],
  ['double a = 0.0, b = -0.0', 'a == b', 1],
  ['double z = 0.0; double n = z / z', '(n == n) + (n != n) * 2 + (n < 1) * 4 + (n >= 1) * 8 + !(n < 1) * 16', 18],
  ['double z = 0.0; double n = z / z', 'n ? 1 : 0', 1],
]);

check('conversions between integers', [
  ['i32 a = 300', '(i8)a', 44],
  ['i32 a = 200', '(i8)a', -56],
  ['i32 a = -1', '(u8)a', 255],
  ['i32 a = 70000', '(i16)a', 4464],
  ['i32 a = -1', '(u16)a', 65535],
  ['i32 a = -1', '(i64)a', -1],
  ['u32 a = 0xffffffff', '(i64)a', 0xffffffff],
  ['i32 a = -1', '(i64)(u64)a', -1],
  ['i64 a = 0x1ffffffff', '(i32)a', -1],
  ['i64 a = 0x100000000', '(_Bool)a', 1],
  ['i32 a = 256', '(_Bool)a', 1],
  ['u8 a = 200, b = 100', 'a + b', 300],
  ['u8 a = 255', '(u8)(a + 1)', 0],
  ['char a = (char)200', 'a', -56],
  ['u16 a = 65535', 'a * a', -131071],
]);

check('conversions of floating values', [
  ['double d = 3.99', '(i32)d', 3],
  ['double d = -3.99', '(i32)d', -3],
  ['double d = 3e9', '(u32)d', 3000000000],
  ['double d = 3e9', '(i32)d', -2147483648],
  ['double d = 1e18', '(i64)d', 1000000000000000000n],
  ['double d = 1e30', '(i64)d', MIN64],
  ['double d = 1.5e19', '(i64)((u64)d - 15000000000000000000u)', 0],
  ['double d = -1', '(i8)d', -1],
  ['double d = 300.7', '(u8)d', 44],
  ['double d = 0.5', '(_Bool)d', 1],
  ['i32 a = -7', '(i64)((double)a * 2)', -14],
  ['u32 a = 0xffffffff', '(i64)(double)a', 0xffffffff],
  ['i64 a = 0x7fffffffffffffff', '(double)a == 9223372036854775808.0', 1],
  ['u64 a = 0xffffffffffffffff', '(double)a == 18446744073709551616.0', 1],
  ['float f = 16777217', '(i64)f', 16777216],
  ['float f = 0.1f; double d = 0.1', 'f == d', 0],
  ['i64 a = 0x4000004000000001', '(i64)(float)a', 0x4000008000000000n],
  ['float f = 1e10f', '(i64)(f * f == 1e20f)', 1],
]);

check('assignments give the value that the target now has', [
  ['i8 a; i32 b', '(b = (a = 300)) + b', 88],
  ['u8 a = 250', '(a += 10) + a', 8],
  ['i16 a = 32767', '(a++) * 100000LL + a', 3276700000 - 32768],
  ['u8 a = 0', '--a', 255],
  ['_Bool b = 0; i32 i', '(b = 256) + (b += 3)', 2],
  ['_Bool b = 1', '(b--, b) + (b--, b) * 2', 2],
  ['i32 a = 7', '(a -= 3, a *= 5, a /= 3, a %= 4, a <<= 3, a |= 1, a ^= 3, a &= 0xff)', 18],
  ['i64 a = 5', '(a <<= 40) >> 38', 20],
  ['i32 a = 10', 'a += 0.75 * 4', 13],
  ['u8 a = 200', 'a *= 1.5', 44],
  ['i32 a = 10; double d = 2.5', '(a *= d) + (i64)(d += a)', 52],
  ['float f = 1; f += 1e-10', 'f == 1', 1],
  ['i32 a = 1; a += (a = 5)', 'a', 10],
]);

check('pointers step by the size of what they point to', [
  ['i32 v[4] = { 1, 2, 3, 4 }; i32 *p = v', '*(p + 2) * 10 + p[3]', 34],
  ['i32 v[4] = { 1, 2, 3, 4 }; i32 *p = v + 3', '*p-- * 1000 + *--p * 100 + *p++ * 10 + *p', 4223],
  ['i64 v[8]; i64 *p = v + 7', 'p - v', 7],
  ['i64 v[8]; i64 *p = v', 'p - (v + 7)', -7],
  ['char v[8]; char *p = v + 5', '(p > v) + (p == &v[5]) * 2 + (v < p) * 4', 7],
  ['i32 v[4] = { 5, 6, 7, 8 }; i64 i = -2; i32 *p = v + 3', 'p[i]', 6],
  ['i32 v[4] = { 5, 6, 7, 8 }; u32 i = 2; i32 *p = v', 'p[i] + i[p]', 14],
  ['i32 v[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } }; i32 (*p)[3] = v', 'p[1][2] * 10 + (*p)[1]', 62],
  ['i32 *p = 0', '(p ? 1 : 2) + !p + (p == 0)', 4],
  ['struct { char a; i64 b; } v[3], *p = v; p += 2; p--', '(i64)p - (i64)v', 16],
  ['char *p = (char *)0xffff800000001000', '(i64)(p - 0x2000)', -0x800000001000n],
]);

check('operators that decide', [
  ['i32 a = 0, n = 0', '(a && ++n) + (a || ++n) * 10 + n * 100', 110],
  ['i32 a = 3', 'a ? a == 3 ? 30 : 31 : 40', 30],
  ['i32 a = 0', '(a ?: 9) + (7 ?: 1)', 16],
  ['i32 a = 1, b = 2', '(a = b, b = 7, a + b)', 9],
  ['i64 a = 1', '!a || !!a', 1],
  ['i32 a = 1; u32 b = 2; double d', '(i64)(1 ? a : d)', 1],
]);

check('sizes and constants', [
  ['char v[7]', 'sizeof v + sizeof(i64) * 10 + sizeof(long) * 100 + sizeof(void *) * 1000', 8487],
  ['', "'a' + 'ab' * 1000", 97 + 24930 * 1000],
  ['', '"hello"[1] + sizeof("abc")', 105],
  ['', 'L"ab"[1] + sizeof(L"ab") * 1000', 6098],
  ['', '0x7fffffff + 0u + 1', 2147483648],
  ['', '(i64)(1.5f * 4) + 010', 14],
]);

check('bit-fields through a pointer that is no variable of the function', [
  ['static struct { i64 a; i8 f; i32 g : 5; } s = { 1, 2, 3 }, *q; q = &s; q->g += 1; q->g++; q->g <<= 1', 's.g', 10],
  [
    'static struct { i64 a : 40; u64 b : 24; } s, *q; q = &s; q->a = -5; q->b = 0xabcdef; q->b <<= 4; q->a--',
    'q->a + (i64)q->b',
    0xbcdef0 - 6,
  ],
  [
    'static struct { u8 on : 1; _Bool b : 1; u8 rest : 6; } s, *q; q = &s; q->b = 7; q->on--; q->rest = 100',
    's.b + s.on * 10 + s.rest * 100',
    3611,
  ],
]);

check('constants become integers as the processor would make them', [
  ['', '(i32)3e9', -2147483648],
  ['', '(i8)300.0 + (i8)5e9', 44],
  ['', '(u32)-1.5', 4294967295],
  ['', '(i64)1e30', -(1n << 63n)],
  ['', '(i64)(u64)1e19', 10000000000000000000n - (1n << 64n)],
  ['double d = 3e9', '(i32)d == (i32)3e9', 1],
]);

check("GNU's arithmetic with a test for overflow", [
  ['i32 r', '__builtin_add_overflow(2147483647, 1, &r) * 10 + (r < 0)', 11],
  ['u32 r', '__builtin_sub_overflow(1u, 2, &r) + (i64)r', 4294967296],
  ['i64 r', '__builtin_mul_overflow(1ll << 40, 1ll << 30, &r)', 1],
  ['i8 r', '__builtin_add_overflow(100, 27, &r) + r', 127],
  ['u64 r', '__builtin_sub_overflow((u64)1 << 63, -1, &r) + (r & 1)', 1],
  ['u32 x = 8', '__builtin_ffs(x) * 10 + __builtin_parity(x)', 41],
]);

test('arguments are evaluated from left to right, records too', () => {
  const source = `struct big { i64 v[3]; }; struct big s = { { 1 } }; int order;
    i64 change(void) { s.v[0] = 9; return 0; }
    i64 take(struct big t, i64 n) { return t.v[0] + n; }
    int mark(int n) { order = order * 10 + n; return n; }
    int three(int a, int b, int c) { return a + b + c; }
    i64 main2(void) { i64 first = take(s, change()); three(mark(1), mark(2), mark(3)); return first * 1000 + order; }`;
  assert.equal(runSource(source, { entry: 'main2' }).result, 1123n);
});
