/* Definitions of before C89: parameters declared after the list, default promotions, calls without a prototype. */
#include "check.h"

static int sum(a, b, c) int a; short b; char c; { return a + b + c; }
static double half(f) float f; { return f / 2; }
static char *pick(list, n) char **list; int n; { return list[n]; }
static int defaults(x, y) int x, y; { return x * 10 + y; }
static int apply(function, value) int (*function)(); int value; { return function(value); }
static int twice(n) int n; { return n * 2; }
static int array(a, n) int a[], n; { int s = 0; while (n--) s += a[n]; return s; }
struct pair { int a, b; };
static int of_pair(p) struct pair p; { return p.a - p.b; }
static int none() { return 5; }
/* No type before the name either: an int. */
typedef struct pair BOX;
of_box(box, scale) BOX *box; double scale; { return (int)((box->a - box->b) * scale); }
of_words(a, b) const BOX *a; unsigned char b; { return a->a + b; }

int main(void) {
  CHECK(sum(1, 2, 3), 6);
  CHECK(sum(1, 65537, 'a' + 256), 1 + 1 + 97);
  CHECK_DOUBLE(half(3.0), 1.5);
  CHECK_DOUBLE(half(1.0f), 0.5);
  char *list[] = {"a", "b"};
  CHECK_TEXT(pick(list, 1), "b");
  CHECK(defaults(1, 2), 12);
  CHECK(apply(twice, 21), 42);
  int a[] = {1, 2, 3};
  CHECK(array(a, 3), 6);
  struct pair p = {9, 4};
  CHECK(of_pair(p), 5);
  CHECK(none(), 5);
  CHECK(of_box(&p, 2.0), 10);
  CHECK(of_words(&p, 3), 12);
  DONE();
}
