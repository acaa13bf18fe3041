/* Shifts of every width, left and right, of values with and without a sign. */
#include "check.h"

static uint32_t rotl32(uint32_t x, unsigned n) { return (x << n) | (x >> (32 - n)); }
static uint64_t rotl64(uint64_t x, unsigned n) { return (x << n) | (x >> (64 - n)); }

int main(void) {
  int32_t i = -8;
  uint32_t u = 0x80000001u;
  int64_t l = -0x7000000000000000ll;
  uint64_t v = 0x8000000000000001ull;
  for (int n = 0; n < 32; n++) {
    CHECK(1u << n, 1ull << n);
    CHECK(0x80000000u >> n, 1ull << (31 - n));
    CHECK((int32_t)0x80000000 >> n, -(1ll << (31 - n)));
    CHECK(rotl32(u, n == 0 ? 1 : n), (uint32_t)((((uint64_t)u << 32 | u) << (n == 0 ? 1 : n)) >> 32));
  }
  for (int n = 0; n < 64; n++) {
    uint64_t one = 1;
    uint64_t doubled = 1;
    for (int k = 0; k < n; k++) doubled *= 2;
    CHECK_TRUE(one << n == doubled);
    CHECK_TRUE((one << n) >> n == 1);
    CHECK((int64_t)(1ull << 63) >> n, n == 0 ? (-9223372036854775807ll - 1) : -(int64_t)(1ull << (63 - n)));
    CHECK(~0ull >> n, (int64_t)(n == 0 ? ~0ull : (1ull << (64 - n)) - 1));
  }
  CHECK(i >> 1, -4);
  CHECK(i >> 31, -1);
  CHECK(-1 >> 5, -1);
  CHECK(i << 4, -128);
  CHECK(u >> 31, 1);
  CHECK(u << 1, 2);
  CHECK(l >> 60, -7);
  CHECK(v >> 63, 1);
  CHECK((int64_t)v >> 63, -1);
  CHECK(v << 63, (int64_t)(1ull << 63));
  CHECK((uint8_t)0x80 << 1, 256);
  CHECK((int8_t)0x80 >> 1, -64);
  CHECK((uint8_t)0x80 >> 7, 1);
  CHECK((uint16_t)0xffff << 15, 0x7fff8000);
  CHECK(1 << 2 << 3, 32);
  CHECK(256 >> 2 >> 3, 8);
  CHECK(1 << (unsigned char)7, 128);
  CHECK(1ll << 40, 1099511627776ll);
  CHECK(1 << 3 + 1, 16);
  CHECK((1 << 3) - 1 & 5, 5);
  CHECK(rotl64(v, 4), 0x18);
  CHECK(rotl64(0x0123456789abcdefull, 32), 0x89abcdef01234567ll);

  uint16_t s = 0x8421;
  s <<= 1;
  CHECK(s, 0x0842);
  s >>= 4;
  CHECK(s, 0x84);
  int8_t b = -100;
  b >>= 2;
  CHECK(b, -25);
  b <<= 3;
  CHECK(b, 56);
  int64_t w = 1;
  w <<= 62;
  CHECK(w, 4611686018427387904ll);
  w >>= 61;
  CHECK(w, 2);
  uint64_t x = 0xfedcba9876543210ull;
  for (int byte = 0; byte < 8; byte++) CHECK((uint8_t)(x >> byte * 8), 0x10 + 0x22 * byte);
  unsigned count = 0;
  for (uint64_t rest = x; rest != 0; rest >>= 1) count += rest & 1;
  CHECK(count, 32);
  volatile int n = 33;
  CHECK((n & 31), 1);
  CHECK(5u << (n & 31), 10);
  DONE();
}
