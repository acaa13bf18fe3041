/* Unsigned arithmetic wraps; signed arithmetic wraps too, as this compiler (and gcc -fwrapv) does. */
#include "check.h"

static int32_t add(int32_t a, int32_t b) { return a + b; }
static int32_t subtract(int32_t a, int32_t b) { return a - b; }
static int32_t multiply(int32_t a, int32_t b) { return a * b; }
static int64_t multiply_wide(int64_t a, int64_t b) { return a * b; }
static uint32_t adler(const uint8_t *data, size_t length) {
  uint32_t a = 1, b = 0;
  for (size_t i = 0; i < length; i++) {
    a = (a + data[i]) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}
static uint32_t crc32(const uint8_t *data, size_t length) {
  uint32_t crc = ~0u;
  while (length--) {
    crc ^= *data++;
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (0xedb88320u & -(crc & 1));
  }
  return ~crc;
}

int main(void) {
  CHECK(4294967295u + 1, 0);
  CHECK(0u - 1, 4294967295u);
  CHECK(65536u * 65536u, 0);
  CHECK(0xffffffffu * 0xffffffffu, 1);
  CHECK(0x12345678u * 0x9abcdef0u, 0x242d2080u);
  CHECK((uint16_t)(65535 + 1), 0);
  CHECK((uint8_t)(255 * 255), 1);
  CHECK(-1u, 4294967295u);
  CHECK(-0x80000000u, 0x80000000u);
  CHECK(~0u, 4294967295u);
  CHECK_TRUE(0ull - 1 == 18446744073709551615ull);
  CHECK(18446744073709551615ull + 2, 1);
  CHECK(0x100000001ull * 0x100000001ull, 0x200000001ll);
  CHECK(0xfedcba9876543210ull * 0x0123456789abcdefull, 0x2236d88fe5618cf0ll);
  CHECK(multiply_wide(-0x123456789abcll, 0x10001), -1311788483462077116ll);
  CHECK(multiply_wide(3037000500ll, 3037000500ll), -9223372036709301616ll);
  CHECK(multiply_wide(-1, -9223372036854775807ll - 1), -9223372036854775807ll - 1);
  CHECK(add(2147483647, 1), -2147483647 - 1);
  CHECK(subtract(-2147483647, 2), 2147483647);
  CHECK(multiply(65536, 65536), 0);
  CHECK(multiply(46341, 46341), -2147479015);
  CHECK(multiply(0x7fffffff, 0x7fffffff), 1);
  int32_t most = 2147483647;
  CHECK(++most < 0, 1);
  int64_t longest = 9223372036854775807ll;
  longest++;
  CHECK(longest < 0, 1);
  CHECK(-longest == longest, 1);
  CHECK(crc32((const uint8_t *)"123456789", 9), 0xcbf43926u);
  CHECK(adler((const uint8_t *)"Wikipedia", 9), 0x11e60398u);
  uint32_t seed = 12345;
  for (int i = 0; i < 1000; i++) seed = seed * 1664525u + 1013904223u;
  CHECK(seed, 350778849);
  uint64_t state = 88172645463325252ull;
  for (int i = 0; i < 1000; i++) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
  }
  CHECK(state, 1363160026601443621ll);
  uint32_t before = 0xfffffff0u, after = 0x10u;
  CHECK(after - before, 0x20);
  CHECK((int32_t)(after - before) > 0, 1);
  CHECK(after < before, 1);
  size_t size = 0;
  size--;
  CHECK_TRUE(size > 1000000);
  CHECK(size + 1, 0);
  DONE();
}
