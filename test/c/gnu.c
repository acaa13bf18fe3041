/* What compilers add to C: statement expressions, typeof, ranges, ?: without a middle, empty structures' absence. */
#include "check.h"

#define MAX(a, b) ({ typeof(a) a_ = (a); __typeof__(b) b_ = (b); a_ > b_ ? a_ : b_; })
#define SWAP(a, b) do { __typeof__(a) t_ = a; a = b; b = t_; } while (0)
#define CONTAINER(p, type, member) ({ const typeof(((type *)0)->member) *m_ = (p); (type *)((char *)m_ - offsetof(type, member)); })
struct outer { int a; char b; int64_t c; };
static int calls;
static int once(int n) { calls++; return n; }
static typeof(int *) pointer; static __typeof__(calls) same_type = 7;

int main(void) {
  CHECK(MAX(once(3), once(5)), 5); CHECK(calls, 2);
  CHECK(({ int s = 0; for (int i = 0; i < 5; i++) s += i; s; }), 10);
  CHECK(({ struct outer o = {1, 2, 3}; o; }).c, 3);
  int x = 1, y = 2; SWAP(x, y); CHECK(x, 2);
  double d = 1.5, e = 2.5; SWAP(d, e); CHECK_DOUBLE(d, 2.5);
  struct outer o = {4, 5, 6}; CHECK(CONTAINER(&o.c, struct outer, c)->a, 4);
  typeof(o) copy = o; CHECK(copy.b, 5); typeof(o.c) wide = 1ll << 40; CHECK(wide, 1ll << 40);
  typeof(int[3]) list = {1, 2, 3}; CHECK(sizeof list, 12); CHECK(pointer == NULL && same_type == 7, 1);
  typeof(once) *f = once; CHECK(f(9), 9);
  CHECK(once(4) ?: 5, 4); calls = 0; CHECK(once(0) ?: 5, 5); CHECK(calls, 1);
  CHECK(({ ; 5; }), 5); int r = ({ if (x) goto out; 3; });
  CHECK(r, 99);
out:
  CHECK(MAX(MAX(1, 2), MAX(4, 3)), 4);
  CHECK(sizeof(typeof(1 + 1ll)), 8); CHECK(({ int x = 100; x + y; }), 101); CHECK(x, 2);
  for (int i = 0; i < 3; i++) { int n = ({ if (i == 1) continue; i * 10; }); calls += n; } CHECK(calls, 21);
  CHECK(__builtin_offsetof(struct outer, c), 8); CHECK(__builtin_expect(x, 0), 2);
  { int hint = 7; CHECK(__builtin_expect(x + 1, hint++) + hint, 3 + 8); }
  __extension__ int quiet = 3; CHECK(quiet, 3);
  CHECK(0b1010, 10); __auto_type guess = 2.5; CHECK(sizeof guess, 8);
  DONE();
}
