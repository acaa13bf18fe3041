/* float and double: rounding of each type, comparisons, zero with a sign, infinities and what is not a number. */
#include "check.h"

static float third(void) { return 1.0f / 3; }
static double sum(const float *values, int count) {
  double total = 0;
  while (count-- > 0) total += *values++;
  return total;
}
static float sum_float(const float *values, int count) {
  float total = 0;
  for (int i = 0; i < count; i++) total += values[i];
  return total;
}
static double root(double x) {
  double guess = x;
  for (int i = 0; i < 60; i++) guess = (guess + x / guess) / 2;
  return guess;
}
static uint64_t bits_of(double d) {
  uint64_t bits;
  memcpy(&bits, &d, sizeof bits);
  return bits;
}
static uint32_t bits_of_float(float f) {
  union {
    float f;
    uint32_t u;
  } both = {f};
  return both.u;
}
static float global_float = 16777217;
static double global_double = 1.0f / 3;
static const double huge_value = 1e308;

int main(void) {
  volatile double zero = 0;
  float values[] = {0.1f, 0.2f, 0.3f, 1e8f, -1e8f, 0.7f};
  CHECK(sizeof(float), 4);
  CHECK(sizeof(double), 8);
  CHECK(bits_of(1.0), 0x3ff0000000000000ll);
  CHECK(bits_of(-0.1), (int64_t)0xbfb999999999999aull);
  CHECK(bits_of_float(0.1f), 0x3dcccccd);
  CHECK(bits_of_float(-1.5f), 0xbfc00000u);
  CHECK_DOUBLE(0.1 + 0.2, 0.30000000000000004);
  CHECK_DOUBLE(0.1f + 0.2f, 0.30000001192092896);
  CHECK_DOUBLE(third(), 0.3333333432674408);
  CHECK_DOUBLE(global_float, 16777216);
  CHECK_DOUBLE(global_double, 0.3333333432674408);
  CHECK(global_float + 1.0f == global_float, 1);
  CHECK(global_float + 1.0 == global_float, 0);
  CHECK_DOUBLE(0.1f, 0.10000000149011612);
  CHECK(0.1f == 0.1, 0);
  CHECK(0.5f == 0.5, 1);
  CHECK_DOUBLE((float)0.1, 0.1f);
  CHECK_DOUBLE((float)123456789, 123456792);
  CHECK_DOUBLE((double)9007199254740993ll, 9007199254740992.0);
  CHECK_DOUBLE((double)18446744073709551615ull, 18446744073709551616.0);
  CHECK_DOUBLE((float)9223372036854775807ll, 9223372036854775808.0);
  CHECK_DOUBLE((float)16777219u, 16777220);
  CHECK_DOUBLE((float)0xffffff7fffffffffull, 18446742974197923840.0);
  CHECK_DOUBLE(sum(values, 6), (double)0.1f + 0.2f + 0.3f + 1e8f + -1e8f + 0.7f);
  CHECK_DOUBLE(sum_float(values, 6), 0.7f);
  CHECK_TRUE(root(2) > 1.414213562373 && root(2) < 1.414213562374);
  CHECK_DOUBLE(1.0 / zero, 1e308 * 10);
  CHECK_DOUBLE(-1.0 / zero, -huge_value * 10);
  CHECK(1.0 / -zero < 0, 1);
  CHECK(-zero == zero, 1);
  CHECK(bits_of(-zero), (int64_t)(1ull << 63));
  CHECK(bits_of(0.0 * -1), (int64_t)(1ull << 63));
  CHECK(bits_of(zero - zero), 0);
  double nan = zero / zero;
  CHECK(nan == nan, 0);
  CHECK(nan != nan, 1);
  CHECK(nan < 1, 0);
  CHECK(nan > 1, 0);
  CHECK(nan <= nan, 0);
  CHECK(!(nan >= 1), 1);
  CHECK(nan ? 1 : 0, 1);
  CHECK(!nan, 0);
  CHECK(zero ? 1 : 0, 0);
  CHECK(-zero ? 1 : 0, 0);
  CHECK(zero || nan, 1);
  CHECK(zero && nan, 0);
  CHECK(1e-320 > 0, 1);
  CHECK(1e-30f * 1e-30f == 0, 1);
  CHECK((float)1e-46 == 0, 1);
  CHECK_DOUBLE((float)1e39, huge_value * 10);
  CHECK_DOUBLE(1e200 * 1e-200, 1);
  CHECK_DOUBLE(7.0 / 2, 3.5);
  CHECK_DOUBLE(7 / 2, 3);
  CHECK_DOUBLE(7 / 2 * 1.0, 3);
  CHECK_DOUBLE(7 / 2., 3.5);
  CHECK_DOUBLE(0x1.8p3, 12);
  CHECK_DOUBLE(0x.8p0, 0.5);
  CHECK_DOUBLE(1e2f, 100);
  CHECK_DOUBLE(.5e1, 5);
  CHECK_DOUBLE(5.e-1, 0.5);
  double d = 1;
  d += 0.25;
  d *= 4;
  d -= 1;
  d /= 8;
  CHECK_DOUBLE(d, 0.5);
  CHECK_DOUBLE(d++, 0.5);
  CHECK_DOUBLE(--d, 0.5);
  float f = 16777215;
  f++;
  CHECK_DOUBLE(f, 16777216);
  f++;
  CHECK_DOUBLE(f, 16777216);
  f = 0.1;
  CHECK(f == 0.1, 0);
  CHECK((f = 0.1) == 0.1f, 1);
  f *= 3.0;
  CHECK_DOUBLE(f, (float)((double)0.1f * 3.0));
  int i = 10;
  i *= 1.27;
  CHECK(i, 12);
  i += 0.9;
  CHECK(i, 12);
  CHECK_DOUBLE(1 ? 1 : 2.5, 1);
  CHECK(sizeof(1 ? 1 : 2.5f), 4);
  CHECK_DOUBLE(-(2.5), -2.5);
  CHECK_DOUBLE(+f, f);
  CHECK_DOUBLE(1e15 + 0.3 - 1e15, 0.25);
  DONE();
}
