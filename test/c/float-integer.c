/* From floating to integer and back: toward zero, at the edges of each type. */
#include "check.h"

static int32_t to32(double d) { return d; }
static int64_t to64(double d) { return d; }
static uint32_t tou32(double d) { return d; }
static uint64_t tou64(double d) { return d; }
static double from64(int64_t i) { return i; }
static double fromu64(uint64_t i) { return i; }
static float float64(int64_t i) { return i; }
static float floatu64(uint64_t i) { return i; }
static int32_t initial = -2.9;
static uint8_t initial_byte = 200.7;

int main(void) {
  CHECK(to32(2.9), 2);
  CHECK(to32(-2.9), -2);
  CHECK(to32(0.999999), 0);
  CHECK(to32(-0.999999), 0);
  CHECK(to32(2147483647.5), 2147483647);
  CHECK(to32(-2147483648.9), -2147483647 - 1);
  CHECK(tou32(4294967295.9), 4294967295u);
  CHECK(tou32(2147483648.0), 2147483648u);
  CHECK(to64(9007199254740993.0), 9007199254740992ll);
  CHECK(to64(-9223372036854775808.0), -9223372036854775807ll - 1);
  CHECK(to64(9223372036854774784.0), 9223372036854774784ll);
  CHECK_TRUE(tou64(18446744073709549568.0) == 18446744073709549568ull);
  CHECK_TRUE(tou64(9223372036854775808.0) == 9223372036854775808ull);
  CHECK(tou64(1e18), 1000000000000000000ll);
  CHECK(tou64(4294967296.0), 4294967296ll);
  CHECK_DOUBLE(from64(-9223372036854775807ll - 1), -9223372036854775808.0);
  CHECK_DOUBLE(from64(9007199254740993ll), 9007199254740992.0);
  CHECK_DOUBLE(from64(9007199254740995ll), 9007199254740996.0);
  CHECK_DOUBLE(fromu64(18446744073709551615ull), 18446744073709551616.0);
  CHECK_DOUBLE(fromu64(9223372036854775809ull), 9223372036854775808.0);
  CHECK_DOUBLE(fromu64(0x8000000000000401ull), 9223372036854777856.0);
  CHECK_DOUBLE(float64(16777217), 16777216);
  CHECK_DOUBLE(float64(16777219), 16777220);
  CHECK_DOUBLE(float64(-16777219), -16777220);
  /* To float in one step: through double it would be rounded twice. */
  CHECK_DOUBLE(float64(0x2000002000000001ll), 2305843284091600896.0);
  CHECK_DOUBLE(float64(9007199791611905ll), 9007200328482816.0);
  CHECK_DOUBLE(floatu64(0xffffff8000000001ull), 18446744073709551616.0f);
  CHECK_DOUBLE(floatu64(0xffffff7fffffffffull), 18446742974197923840.0f);
  CHECK((int8_t)-100.9, -100);
  CHECK((uint8_t)255.9, 255);
  CHECK((int16_t)32767.9f, 32767);
  CHECK((_Bool)0.1, 1);
  CHECK((char)65.9, 'A');
  CHECK((int)1e9f, 1000000000);
  CHECK((int)(0.1 * 3 * 10), 3);
  CHECK((int)((0.1 + 0.7) * 10), 7);
  CHECK((int)16777217.0f, 16777216);
  CHECK((int64_t)0.1e19, 1000000000000000000ll);
  CHECK(initial, -2);
  CHECK(initial_byte, 200);
  for (int i = -50; i <= 50; i++) {
    double d = i / 4.0;
    CHECK(to32(d), i / 4);
    CHECK(to64(d), i / 4);
    CHECK_DOUBLE((double)i / 4, d);
    CHECK((int)(d < 0 ? d - 0.5 : d + 0.5), (i < 0 ? i - 2 : i + 2) / 4);
  }
  int array[4] = {1, 2, 3, 4};
  CHECK(array[(int)2.7], 3);
  uint64_t u = 10;
  u *= 0.35;
  CHECK(u, 3);
  int32_t n = 7;
  n /= 2.0;
  CHECK(n, 3);
  CHECK((n = 3.99) == 3, 1);
  CHECK_DOUBLE((n = 3.99), 3);
  CHECK(1 + 0.5 > 1, 1);
  CHECK(3 == 3.0f, 1);
  CHECK(16777217 == 16777217.0f, 1);
  CHECK((double)16777217 == 16777217.0f, 0);
  DONE();
}
