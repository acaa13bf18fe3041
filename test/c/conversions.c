/* Conversions between integer types: what is cut off, what keeps its sign, what becomes a _Bool. */
#include "check.h"

static int8_t narrow(int64_t value) { return value; }
static uint16_t halve(int32_t value) { return value; }
static _Bool truth(double value) { return value; }
static int64_t widen(int32_t value) { return value; }
static uint64_t widen_unsigned(uint32_t value) { return value; }
static uint64_t sign_then_size(int8_t value) { return value; }

int main(void) {
  static const int64_t values[] = {0, 1, -1, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2147483647, 2147483648,
                                   4294967295, 4294967296, -128, -129, -32768, -32769, -2147483648, -2147483649};
  static const int8_t as8[] = {0, 1, -1, 127, -128, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -128, 127, 0, -1, 0, -1};
  static const uint8_t asu8[] = {0, 1, 255, 127, 128, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 128, 127, 0, 255, 0, 255};
  static const int16_t as16[] = {0, 1, -1, 127, 128, 255, 256, 32767, -32768, -1, 0, -1, 0, -1, 0, -128, -129, -32768, 32767, 0, -1};
  static const uint32_t asu32[] = {0, 1, 4294967295u, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2147483647,
                                   2147483648u, 4294967295u, 0, 4294967168u, 4294967167u, 4294934528u, 4294934527u,
                                   2147483648u, 2147483647u};
  for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
    CHECK((int8_t)values[i], as8[i]);
    CHECK((uint8_t)values[i], asu8[i]);
    CHECK((int16_t)values[i], as16[i]);
    CHECK((uint16_t)values[i], (uint16_t)as16[i]);
    CHECK((uint32_t)values[i], asu32[i]);
    CHECK((int32_t)values[i], (int32_t)asu32[i]);
    CHECK((_Bool)values[i], i != 0);
    CHECK(narrow(values[i]), as8[i]);
  }
  CHECK(halve(-1), 65535);
  CHECK(halve(0x12345678), 0x5678);
  CHECK(truth(0.5), 1);
  CHECK(truth(-0.0), 0);
  CHECK(truth(1e-300), 1);
  CHECK((_Bool)256, 1);
  CHECK((_Bool)(1ll << 40), 1);
  CHECK((_Bool)"", 1);
  CHECK((_Bool)(void *)0, 0);
  CHECK(widen(-1), -1);
  CHECK(widen_unsigned(0xffffffffu), 4294967295ll);
  CHECK(sign_then_size(-1) == 0xffffffffffffffffull, 1);
  CHECK((uint64_t)(int8_t)0x80 == 0xffffffffffffff80ull, 1);
  CHECK((uint64_t)(uint8_t)0x80, 128);
  CHECK((int64_t)(uint32_t)-1, 4294967295ll);
  CHECK((int64_t)(int32_t)0xffffffffu, -1);
  CHECK((uint64_t)-1 >> 63, 1);
  CHECK((int8_t)(uint8_t)200, -56);
  CHECK((uint8_t)(int8_t)-56, 200);

  int8_t small = 100;
  small += 100;
  CHECK(small, -56);
  small = 127;
  small++;
  CHECK(small, -128);
  uint8_t byte = 0;
  byte--;
  CHECK(byte, 255);
  byte += 1.5;
  CHECK(byte, 0);
  byte = 10;
  byte *= 30;
  CHECK(byte, 44);
  int16_t half = 0x7fff;
  CHECK(half += 1, -32768);
  CHECK(half, -32768);
  uint16_t mask = 0xff00;
  mask = ~mask;
  CHECK(mask, 0xff);
  CHECK((mask <<= 9), 0xfe00);
  _Bool flag = 5;
  CHECK(flag, 1);
  flag += 5;
  CHECK(flag, 1);
  flag--;
  CHECK(flag, 0);
  flag = 0.1f;
  CHECK(flag, 1);
  uint64_t wide = 0x1234567890abcdefull;
  CHECK((uint32_t)wide, 0x90abcdef);
  CHECK((uint16_t)(wide >> 16), 0x90ab);
  CHECK((int32_t)(wide >> 32), 0x12345678);
  int32_t word = (int32_t)wide;
  CHECK(word, (int32_t)0x90abcdef);
  CHECK(word < 0, 1);
  CHECK(sizeof(uintptr_t), sizeof(void *));
  int object;
  CHECK((int *)(uintptr_t)&object == &object, 1);
  CHECK((int8_t)(int *)0, 0);
  DONE();
}
