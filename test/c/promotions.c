/* Integer promotions and the usual arithmetic conversions: which type an operation is done in. */
#include "check.h"

#define KIND(e)                                                                                                        \
  _Generic((e), _Bool: 1, char: 2, signed char: 3, unsigned char: 4, short: 5, unsigned short: 6, int: 7, unsigned: 8,  \
      long: 9, unsigned long: 10, long long: 11, unsigned long long: 12, float: 13, double: 14, default: 99)

struct bits {
  unsigned narrow : 3;
  unsigned whole : 32;
  signed int with_sign : 5;
};

int main(void) {
  char c = 1;
  signed char sc = -1;
  unsigned char uc = 255;
  short s = -2;
  unsigned short us = 65535;
  int i = -3;
  unsigned u = 3000000000u;
  long long ll = -5;
  unsigned long long ull = 5;
  _Bool b = 1;
  float f = 1.5f;
  double d = 2.5;
  struct bits bits = {7, 0xffffffffu, -1};

  CHECK(KIND(c + c), 7);
  CHECK(KIND(sc), 3);
  CHECK(KIND(+sc), 7);
  CHECK(KIND(uc + uc), 7);
  CHECK(KIND(us + us), 7);
  CHECK(KIND(~us), 7);
  CHECK(KIND(-uc), 7);
  CHECK(KIND(!d), 7);
  CHECK(KIND(b + b), 7);
  CHECK(KIND(s << ll), 7);
  CHECK(KIND(ll << s), 11);
  CHECK(KIND(u + i), 8);
  CHECK(KIND(ll + u), 11);
  CHECK(KIND(ll + ull), 12);
  CHECK(KIND(i + f), 13);
  CHECK(KIND(ull + f), 13);
  CHECK(KIND(f + d), 14);
  CHECK(KIND(f * 1), 13);
  CHECK(KIND(f * 1.0), 14);
  CHECK(KIND(1 ? s : c), 7);
  CHECK(KIND(1 ? s : u), 8);
  CHECK(KIND(1 ? i : ll), 11);
  CHECK(KIND(1 ? f : i), 13);
  CHECK(KIND((s, c)), 2);
  CHECK(KIND(c = ll), 2);
  CHECK(KIND(s += ll), 5);
  CHECK(KIND(i == d), 7);
  CHECK(KIND(i && ll), 7);
  CHECK(KIND(sizeof i), sizeof(size_t) == sizeof(unsigned long) ? 10 : 12);

  CHECK(uc + 1, 256);
  CHECK(us * 2, 131070);
  CHECK(~uc, -256);
  CHECK((unsigned char)~uc, 0);
  CHECK(-us, -65535);
  CHECK(uc << 8, 65280);
  CHECK(sc < uc, 1);
  CHECK(sc == 255, 0);
  CHECK((unsigned char)sc == 255, 1);
  CHECK(-1 < 1u, 0);
  CHECK((short)-1 < (unsigned short)1, 1);
  CHECK(-1 < (unsigned char)1, 1);
  CHECK((long long)-1 < 1u, 1);
  CHECK((long long)-1 < 1ull, 0);
  CHECK(i + u > 0, 1);
  CHECK(i + u, 2999999997u);
  CHECK((1 ? -1 : 0u) > 0, 1);
  CHECK(b + b, 2);
  CHECK(bits.narrow - 8 < 0, 1);
  CHECK(bits.whole > 0, 1);
  CHECK(bits.whole + 1 == 0, 1);
  CHECK(bits.with_sign < 0, 1);
  CHECK(-bits.narrow, -7);
  CHECK(uc++ == 255 && uc == 0, 1);
  CHECK(--us, 65534);
  CHECK('a' + 0, 97);
  CHECK(sizeof('a'), sizeof(int));
  CHECK((us ^ us) - 1 < 0, 1);
  CHECK(sizeof(uc + uc), 4);
  CHECK(sizeof(char), 1);
  CHECK(0x7fffffff + 1u, 0x80000000u);
  CHECK(0x80000000 > 0, 1);
  CHECK(2147483648 > 0, 1);
  CHECK(-2147483647 - 1 < 0, 1);
  CHECK(KIND(2147483647), 7);
  CHECK(KIND(0x80000000), 8);
  CHECK(sizeof(4294967296), 8);
  CHECK(KIND(1u), 8);
  CHECK(KIND(1ll), 11);
  CHECK(KIND(1ull), 12);
  CHECK(KIND(0xffffffffffffffffll), 12);
  CHECK(KIND(077777777777), 11 - 2 * (sizeof(long) == 8));
  CHECK(KIND(1.0f), 13);
  CHECK(KIND(1.), 14);
  DONE();
}
