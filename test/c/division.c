/* Division and remainder: toward zero, with every mixture of signs and widths. */
#include "check.h"

static int64_t quotient(int64_t a, int64_t b) { return a / b; }
static int64_t rest(int64_t a, int64_t b) { return a % b; }

int main(void) {
  static const int32_t a[] = {7, -7, 7, -7, 0, 1, -1, 2147483647, -2147483647, 100};
  static const int32_t b[] = {2, 2, -2, -2, 5, -3, 3, -1, 2147483647, 101};
  static const int32_t q[] = {3, -3, -3, 3, 0, 0, 0, -2147483647, -1, 0};
  static const int32_t r[] = {1, -1, 1, -1, 0, 1, -1, 0, 0, 100};
  for (unsigned i = 0; i < sizeof a / sizeof *a; i++) {
    CHECK(a[i] / b[i], q[i]);
    CHECK(a[i] % b[i], r[i]);
    CHECK(a[i] / b[i] * b[i] + a[i] % b[i], a[i]);
    CHECK(quotient(a[i], b[i]), q[i]);
    CHECK(rest(a[i], b[i]), r[i]);
    int32_t x = a[i], y = a[i];
    x /= b[i];
    y %= b[i];
    CHECK(x, q[i]);
    CHECK(y, r[i]);
  }
  CHECK(4294967295u / 2, 2147483647);
  CHECK(4294967295u % 10, 5);
  CHECK(-1 / 2u, 2147483647);
  CHECK(-7 / (unsigned short)2, -3);
  CHECK(-7ll / 2u, -3);
  CHECK((uint32_t)-7 / 2, 2147483644);
  CHECK(0xffffffffffffffffull / 10, 1844674407370955161ll);
  CHECK(0xffffffffffffffffull % 10, 5);
  CHECK(0x8000000000000000ull / 3, 3074457345618258602ll);
  CHECK(0x8000000000000000ull % 0xffffffffull, 0x80000000ll);
  CHECK(quotient(-9223372036854775807ll - 1, 2), -4611686018427387904ll);
  CHECK(quotient(-9223372036854775807ll - 1, 3), -3074457345618258602ll);
  CHECK(rest(-9223372036854775807ll - 1, 3), -2);
  CHECK(rest(-9223372036854775807ll - 1, -10), -8);
  CHECK(quotient(1000000000000ll, 1000000), 1000000);
  CHECK(quotient(9007199254740993ll, 1), 9007199254740993ll);
  CHECK(rest(9007199254740993ll, 9007199254740992ll), 1);
  CHECK(quotient(-1, 9223372036854775807ll), 0);
  CHECK((int8_t)-128 / -1, 128);
  CHECK((int8_t)((int8_t)-128 / -1), -128);
  CHECK((uint8_t)200 / (int8_t)-3, -66);
  uint64_t hash = 14695981039346656037ull;
  for (const char *p = "division"; *p != 0; p++) hash = (hash ^ (uint8_t)*p) * 1099511628211ull;
  CHECK(hash / 1000000007, (int64_t)(hash / 1000000007ull));
  CHECK(hash % 1000003 + hash / 1000003 * 1000003, (int64_t)hash);
  uint8_t small = 250;
  small /= 7;
  CHECK(small, 35);
  small %= 4;
  CHECK(small, 3);
  int64_t wide = -1000;
  wide /= 7u;
  CHECK(wide, -142);
  uint32_t from_wide = 10;
  from_wide /= -1ll;
  CHECK(from_wide, 4294967286u);
  int32_t by_double = 7;
  by_double /= 0.5;
  CHECK(by_double, 14);
  CHECK(10 / 3 * 3, 9);
  CHECK(10 * 3 / 3, 10);
  CHECK(-10 % 3 + 3, 2);
  CHECK(100 / 10 / 5, 2);
  CHECK(1 - 1 % 2, 0);
  DONE();
}
