/* Bit-fields: what is cut off, what sign they have, what assignments give back. Where they lie is in layout.test.ts. */
#include "check.h"

struct flags {
  unsigned a : 1, b : 3, c : 4;
  signed int d : 5;
  unsigned : 3;
  unsigned e : 16;
  unsigned : 0;
  unsigned f : 32;
  _Bool g : 1;
  unsigned char h : 7;
  unsigned long long i : 31;
  long long j : 20;
};
struct nested {
  int before;
  struct flags flags;
  int after;
};
union view {
  struct {
    unsigned low : 8, middle : 16, high : 8;
  };
  uint32_t all;
};

static struct flags aimed;
static struct flags *global_pointer = &aimed;
static struct flags initial = {1, 5, 9, -3, 0xbeef, 0xdeadbeef, 7, 100, 0x7fffffff, -1};
static struct flags change(struct flags f) {
  f.b++;
  f.d--;
  return f;
}

int main(void) {
  struct flags f = {0};
  f.a = 3;
  CHECK(f.a, 1);
  f.b = 15;
  CHECK(f.b, 7);
  CHECK(f.b = 9, 1);
  f.d = 15;
  CHECK(f.d, 15);
  f.d = 16;
  CHECK(f.d, -16);
  CHECK(f.d = 31, -1);
  CHECK(f.d++, -1);
  CHECK(f.d, 0);
  CHECK(--f.d, -1);
  CHECK(f.d -= 16, 15);
  f.e = 0x12345;
  CHECK(f.e, 0x2345);
  f.f = 0x123456789ull;
  CHECK(f.f, 0x23456789);
  f.g = 4;
  CHECK(f.g, 1);
  CHECK(f.g = 0, 0);
  CHECK(f.g = 0.5, 1);
  f.h = 255;
  CHECK(f.h, 127);
  CHECK(++f.h, 0);
  f.i = 0xffffffffull;
  CHECK(f.i, 0x7fffffff);
  f.j = 0x80000;
  CHECK(f.j, -0x80000);
  CHECK(f.j >> 4, -0x8000);
  CHECK(f.a + f.b * 10 + f.c * 100, 11);

  CHECK(initial.a, 1);
  CHECK(initial.b, 5);
  CHECK(initial.c, 9);
  CHECK(initial.d, -3);
  CHECK(initial.e, 0xbeef);
  CHECK(initial.f, 0xdeadbeef);
  CHECK(initial.g, 1);
  CHECK(initial.h, 100);
  CHECK(initial.i, 0x7fffffff);
  CHECK(initial.j, -1);
  struct flags copy = change(initial);
  CHECK(copy.b, 6);
  CHECK(copy.d, -4);
  CHECK(initial.b, 5);
  CHECK(copy.e, 0xbeef);
  copy.b += 10;
  CHECK(copy.b, 0);
  copy.c ^= 0xff;
  CHECK(copy.c, 6);
  copy.c <<= 2;
  CHECK(copy.c, 8);
  copy.e = copy.f = copy.b = 9;
  CHECK(copy.f, 1);
  CHECK(copy.e, 1);
  CHECK((copy.d = 20, copy.d), -12);

  struct nested n = {1, {.c = 3, .d = -1, .j = 77}, 2};
  struct nested *p = &n;
  CHECK(p->flags.c, 3);
  CHECK(p->flags.d, -1);
  CHECK(p->flags.j, 77);
  CHECK(p->flags.a, 0);
  p->flags.a = 1;
  p->flags.e = ~0;
  CHECK(n.flags.e, 0xffff);
  CHECK(n.before, 1);
  CHECK(n.after, 2);
  for (int i = 0; i < 100; i++) p->flags.c++;
  CHECK(p->flags.c, 103 % 16);
  CHECK(p->flags.d, -1);
  CHECK(p->flags.b, 0);

  global_pointer->d += 7;
  global_pointer->d++;
  global_pointer->d <<= 1;
  CHECK(aimed.d, -16);
  CHECK(global_pointer->e--, 0);
  CHECK(--global_pointer->e, 65534);
  CHECK((global_pointer->i ^= 5) - 6 < 0, 1);
  global_pointer->h = 100;
  CHECK((0, aimed.h) % -7, 2);
  CHECK((aimed.h = 5) - 6 < 0, 1);
  CHECK(++aimed.h - 7 < 0, 1);

  union view view = {.all = 0xaabbccdd};
  CHECK(view.low, 0xdd);
  CHECK(view.middle, 0xbbcc);
  CHECK(view.high, 0xaa);
  view.middle = 0x1234;
  CHECK(view.all, 0xaa1234dd);
  CHECK(view.low - 0x100 < 0, 1);
  CHECK(-view.low < 0, 1);
  struct { unsigned u : 9; unsigned long long w : 10; } narrow = {300};
  CHECK((0, narrow.u) % -7, 300 % 7);
  CHECK((narrow.u = 5) - 6 < 0, 1);
  CHECK(++narrow.u - 7 < 0, 1);
  CHECK(narrow.u++ - 7 < 0, 1);
  CHECK((narrow.u += 2) - 10 < 0, 1);
  CHECK((1, (narrow.u, narrow.u = 1)) - 2 < 0, 1);
  CHECK(sizeof(+(narrow.w = 0)), 4);
  int index[] = {10, 20, 30, 40};
  struct { unsigned at : 2; } cursor = {3};
  CHECK(index[cursor.at], 40);
  CHECK(index[++cursor.at], 10);
  CHECK(cursor.at ? 1 : 2, 2);
  switch (copy.d) {
  case -12:
    CHECK(1, 1);
    break;
  default:
    CHECK(0, 1);
  }
  DONE();
}
