/* 64-bit integers: every operator, with values that no double can hold. */
#include "check.h"

static int64_t power(int64_t base, unsigned exponent) {
  int64_t result = 1;
  for (; exponent != 0; exponent >>= 1, base *= base)
    if (exponent & 1) result *= base;
  return result;
}
static uint64_t gcd(uint64_t a, uint64_t b) { return b == 0 ? a : gcd(b, a % b); }
static uint64_t isqrt(uint64_t n) {
  uint64_t root = 0;
  for (uint64_t bit = 1ull << 62; bit != 0; bit >>= 2) {
    if (n >= root + bit) {
      n -= root + bit;
      root = (root >> 1) + bit;
    } else
      root >>= 1;
  }
  return root;
}
static uint64_t multiply_modulo(uint64_t a, uint64_t b, uint64_t m) {
  uint64_t result = 0;
  for (a %= m; b != 0; b >>= 1) {
    if (b & 1) result = result >= m - a ? result - (m - a) : result + a;
    a = a >= m - a ? a - (m - a) : a + a;
  }
  return result;
}

static int64_t global = 0x7ffffffffffffffell;
static uint64_t table[4] = {0xffffffffffffffffull, 1ull << 63, 0x0102030405060708ull, 42};

int main(void) {
  CHECK(power(3, 39), 4052555153018976267ll);
  CHECK(power(-7, 21), -558545864083284007ll);
  CHECK(power(2, 63), -9223372036854775807ll - 1);
  CHECK(gcd(6700417ull * 18446744069ull, 18446744069ull * 4), 18446744069ll);
  CHECK(isqrt(9223372030926249001ull), 3037000499ll);
  CHECK(isqrt(~0ull), 4294967295ll);
  CHECK(multiply_modulo(0x123456789abcdefull, 0xfedcba987654321ull, 1000000000000000003ull), 631595404103565871ll);
  CHECK(++global, 9223372036854775807ll);
  CHECK(global-- > 0, 1);
  CHECK(global, 9223372036854775806ll);
  CHECK(table[0] + table[1], 9223372036854775807ll);
  CHECK_TRUE(table[0] > table[1] && table[1] > table[2]);
  CHECK((int64_t)table[0] < (int64_t)table[3], 1);
  CHECK((int64_t)table[1] < 0, 1);
  CHECK(9007199254740993ll - 9007199254740992ll, 1);
  CHECK(9007199254740993ll == 9007199254740992ll, 0);
  CHECK(0x7fffffffffffffffll - 0x7ffffffffffffffell, 1);
  CHECK(table[2] & 0xff00ff00ff00ff00ull, 0x0100030005000700ll);
  CHECK(table[2] | 0xf0f0f0f0f0f0f0f0ull, (int64_t)0xf1f2f3f4f5f6f7f8ull);
  CHECK(table[2] ^ ~0ull, (int64_t)0xfefdfcfbfaf9f8f7ull);
  CHECK(~table[3], -43);
  CHECK(-table[3], -42);
  CHECK(!table[1], 0);
  CHECK(!!table[1], 1);
  CHECK(table[1] && table[3], 1);
  CHECK(table[1] ? 1 : 2, 1);
  uint64_t n = 0x100000000ull;
  int taken = 0;
  if (n) taken++;
  while (n) {
    taken++;
    n >>= 8;
  }
  CHECK(taken, 6);
  for (uint64_t i = 0xfffffffffffffffcull; i != 0; i++) taken++;
  CHECK(taken, 10);
  switch (table[1]) {
  case 0:
    taken = -1;
    break;
  case 1ull << 63:
    taken = 100;
    break;
  default:
    taken = -2;
  }
  CHECK(taken, 100);
  switch (global - 9223372036854775807ll) {
  case -1:
    taken = 7;
    break;
  case 0xffffffffll:
    taken = 8;
  }
  CHECK(taken, 7);
  int64_t low = 0xffffffffll, high = 0xffffffff00000000ll;
  CHECK(low + high, -1);
  CHECK(low < high, 0);
  CHECK((uint64_t)low < (uint64_t)high, 1);
  CHECK((low << 32) == high, 1);
  CHECK(low * low, -8589934591ll);
  int index = 3;
  table[index] += 0x100000000ull;
  CHECK(table[3], 4294967338ll);
  CHECK((int)table[3], 42);
  table[index]++;
  table[--index] -= table[3];
  CHECK(table[2], 0x0102030405060708ll - 4294967339ll);
  CHECK(1000000007ll * 1000000009ll, 1000000016000000063ll);
  CHECK((uint32_t)(0xdeadbeefcafebabeull >> 16), 0xbeefcafeu);
  CHECK(INT64_C(-9223372036854775807) - 1 == INT64_MIN, 1);
  CHECK_TRUE(UINT64_MAX == ~UINT64_C(0));
  DONE();
}
