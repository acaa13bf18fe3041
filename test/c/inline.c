/* inline, static inline, extern inline, and functions that never return. */
#include "check.h"

static inline int add(int a, int b) { return a + b; }
inline int doubled(int n) { return n * 2; }
extern inline int doubled(int n);
static inline int recursive(int n) { return n < 2 ? 1 : n * recursive(n - 1); }
inline static uint32_t swap(uint32_t v) { return v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24; }
static inline int counts(void) { static int n; return ++n; }
static int inline odd_order(void) { return 5; }
static inline void set(int *p) { *p = 9; }
static _Noreturn void never(void) { for (;;) ; }
static int maybe(int n) { if (n < 0) never(); return n; }

int main(void) {
  CHECK(add(1, 2), 3); CHECK(doubled(4), 8); CHECK(recursive(6), 720); CHECK(swap(0x11223344), 0x44332211);
  counts(); CHECK(counts(), 2); CHECK(odd_order(), 5);
  int n; set(&n); CHECK(n, 9); CHECK(maybe(3), 3);
  int (*p)(int) = doubled; CHECK(p(21), 42);
  DONE();
}
