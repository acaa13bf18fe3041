/* switch: fall-through, default anywhere, nested, ranges, cases inside loops (Duff), of every integer type. */
#include "check.h"

static int classify(int c) {
  switch (c) {
  case 'a': case 'e': case 'i': case 'o': case 'u': return 1;
  case '0' ... '9': return 2;
  case -1: return 3;
  default: return 4;
  case ' ': return 5;
  }
}
static int fall(int n) {
  int result = 0;
  switch (n) {
  default: result += 1000;
  case 3: result += 100;
  case 2: result += 10; break;
  case 1: result += 1;
  }
  return result;
}
static void duff(char *to, const char *from, int count) {
  int n = (count + 3) / 4;
  switch (count % 4) {
  case 0: do { *to++ = *from++;
  case 3:      *to++ = *from++;
  case 2:      *to++ = *from++;
  case 1:      *to++ = *from++;
          } while (--n > 0);
  }
}
static int nested(int a, int b) {
  switch (a) {
  case 1:
    switch (b) { case 1: return 11; case 2: break; default: return 19; }
    return 12;
  case 2: {
    int b = 5;
    switch (b) { case 5: return 25; }
  }
  }
  return 0;
}
static int wide(uint64_t v) {
  switch (v) {
  case 0x100000000ull: return 1;
  case 0xffffffffffffffffull: return 2;
  case 0: return 3;
  }
  return 4;
}
static int negative(int8_t v) {
  switch (v) { case -128: return 1; case 127: return 2; case -1: return 3; case 255: return 4; default: return 5; }
}
static int dense(unsigned n) {
  switch (n) {
  case 0: return 10; case 1: return 11; case 2: return 12; case 3: return 13; case 4: return 14; case 5: return 15;
  case 6: return 16; case 7: return 17; case 9: return 19; case 1000000: return 20; case 0xffffffff: return 21;
  }
  return -1;
}

int main(void) {
  CHECK(classify('e'), 1); CHECK(classify('5'), 2); CHECK(classify(-1), 3); CHECK(classify('z'), 4); CHECK(classify(' '), 5);
  CHECK(fall(1), 1); CHECK(fall(2), 10); CHECK(fall(3), 110); CHECK(fall(9), 1110);
  char text[12] = "";
  duff(text, "duff device", 11);
  CHECK_TEXT(text, "duff device");
  CHECK(nested(1, 1), 11); CHECK(nested(1, 2), 12); CHECK(nested(1, 3), 19); CHECK(nested(2, 9), 25); CHECK(nested(3, 3), 0);
  CHECK(wide(1ull << 32), 1); CHECK(wide(~0ull), 2); CHECK(wide(0), 3); CHECK(wide(0xffffffffu), 4);
  CHECK(negative(-128), 1); CHECK(negative(127), 2); CHECK(negative(-1), 3); CHECK(negative(0), 5);
  for (int i = 0; i < 8; i++) CHECK(dense(i), 10 + i);
  CHECK(dense(8), -1); CHECK(dense(9), 19); CHECK(dense(1000000), 20); CHECK(dense(-1), 21);
  int loops = 0, kept = 0;
  for (int i = 0; i < 10; i++) {
    switch (i & 3) {
    case 0: continue;
    case 1: loops++;
    case 2: kept += i; break;
    case 3: if (i > 6) goto out;
    }
    loops++;
  }
out:
  CHECK(loops, 7); CHECK(kept, 14);
  int x = 3;
  switch (x) case 3: x = 30;
  CHECK(x, 30);
  switch (x) { int unreached; x = -1; case 30: unreached = 4; CHECK(unreached, 4); }
  CHECK(x, 30);
  switch (x++) { case 30: CHECK(x, 31); }
  switch (0) { }
  switch (1) { default: ; }
  _Bool b = 1;
  switch (b) { case 0: x = 0; break; case 1: x = 1; }
  CHECK(x, 1);
  while (1) { switch (x) { case 1: x = 2; break; default: x = 3; } if (x == 3) break; }
  CHECK(x, 3);
  DONE();
}
