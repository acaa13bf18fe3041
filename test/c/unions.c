/* Unions: the same bytes read as another type, in every direction; unions in structures, passed and returned. */
#include "check.h"

union number {
  uint8_t bytes[8];
  uint16_t halves[4];
  uint32_t words[2];
  uint64_t whole;
  int8_t small;
  float f;
  double d;
};
struct tagged {
  enum { INTEGER, REAL, TEXT } kind;
  union {
    int64_t integer;
    double real;
    const char *text;
  } value;
};
typedef union {
  int i;
  struct {
    int16_t low, high;
  } parts;
} pair;
union large {
  char c;
  struct {
    int a[5];
  } s;
};

static union number make(uint64_t whole) {
  union number n = {.whole = whole};
  return n;
}
static double weigh(struct tagged t) {
  switch (t.kind) {
  case INTEGER: return t.value.integer;
  case REAL: return t.value.real;
  case TEXT: return strlen(t.value.text);
  }
  return -1;
}
static int high(pair p) { return p.parts.high; }
static union number global = {{1, 2, 3, 4, 5, 6, 7, 8}};
static union number by_name = {.d = 1.0};

int main(void) {
  union number n = make(0x8877665544332211ull);
  CHECK(n.bytes[0], 0x11);
  CHECK(n.bytes[7], 0x88);
  CHECK(n.halves[1], 0x4433);
  CHECK(n.words[1], 0x88776655u);
  CHECK(n.small, 0x11);
  n.words[0] = 0;
  CHECK(n.whole, (int64_t)0x8877665500000000ull);
  n.f = 1.0f;
  CHECK(n.words[0], 0x3f800000);
  CHECK(n.words[1], 0x88776655u);
  n.d = -2.0;
  CHECK(n.whole, (int64_t)0xc000000000000000ull);
  n.small = -1;
  CHECK(n.whole, (int64_t)0xc0000000000000ffull);
  CHECK(global.whole, 0x0807060504030201ll);
  CHECK(by_name.whole, 0x3ff0000000000000ll);
  CHECK(make(5).words[0], 5);
  CHECK(sizeof(union number), 8);
  CHECK(sizeof(union large), 20);
  CHECK((void *)&n.bytes == (void *)&n.d, 1);
  struct tagged all[] = {{INTEGER, {42}}, {REAL, {.real = 2.5}}, {TEXT, {.text = "seven"}}};
  double total = 0;
  for (int i = 0; i < 3; i++) total += weigh(all[i]);
  CHECK_DOUBLE(total, 49.5);
  all[0] = all[2];
  CHECK_TEXT(all[0].value.text, "seven");
  pair p = {0x12345678};
  CHECK(p.parts.low, 0x5678);
  CHECK(high(p), 0x1234);
  p.parts.high = -1;
  CHECK(p.i, (int32_t)0xffff5678);
  CHECK(high((pair){.parts = {1, 2}}), 2);
  union large x = {.s = {{1, 2, 3, 4, 5}}}, y = x;
  y.c = 9;
  CHECK(y.s.a[0], 9);
  CHECK(y.s.a[4], 5);
  CHECK(x.s.a[0], 1);
  union {
    union {
      int inner;
      char c[4];
    } u;
    unsigned outer;
  } nested = {{-1}};
  CHECK(nested.outer, 4294967295u);
  nested.u.c[3] = 0;
  CHECK(nested.outer, 0xffffff);
  union number *pn = &n;
  pn->whole = 0;
  for (int i = 0; i < 8; i++) pn->bytes[i] = i * i;
  CHECK(n.whole, 0x3124191009040100ll);
  n = global;
  CHECK(n.halves[0], 0x0201);
  DONE();
}
