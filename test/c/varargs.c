/* Variable arguments: every promoted type, copies, va_list as a parameter, structures, none at all. */
#include "check.h"
#include <stdarg.h>

struct pair { int a, b; };
struct large { int64_t a[3]; };
static int64_t sum(int count, ...) {
  va_list list; int64_t s = 0;
  va_start(list, count);
  while (count--) s += va_arg(list, int);
  va_end(list);
  return s;
}
/* va_end does what else its operand says, once. */
static int stepped(int count, ...) {
  va_list lists[2], *list = lists;
  va_start(lists[0], count);
  int first = va_arg(*list, int);
  va_end(*list++);
  va_start(lists[1], count);
  first += va_arg(*list, int);
  va_end(*list);
  return first + (int)(list - lists) * 100;
}
static double mixed(const char *kinds, ...) {
  va_list list; double s = 0;
  va_start(list, kinds);
  for (; *kinds; kinds++) switch (*kinds) {
    case 'i': s += va_arg(list, int); break;
    case 'u': s += va_arg(list, unsigned); break;
    case 'l': s += va_arg(list, int64_t); break;
    case 'd': s += va_arg(list, double); break;
    case 's': s += strlen(va_arg(list, const char *)); break;
    case 'p': s += *va_arg(list, int *); break;
    case 'P': { struct pair p = va_arg(list, struct pair); s += p.a * p.b; break; }
    case 'L': s += va_arg(list, struct large).a[2]; break;
    case 'f': s += va_arg(list, int (*)(int))(3); break;
  }
  va_end(list);
  return s;
}
static int from_list(int n, va_list list) { int s = 0; while (n--) s = s * 10 + va_arg(list, int); return s; }
static int through(int n, ...) { va_list list; va_start(list, n); int r = from_list(n, list); va_end(list); return r; }
static int twice(int n, ...) {
  va_list list, again;
  va_start(list, n);
  int first = va_arg(list, int);
  va_copy(again, list);
  int r = va_arg(list, int) * 100 + va_arg(again, int) * 10 + first;
  va_end(again); va_end(list);
  return r;
}
static int restart(int n, ...) {
  va_list list; int s = 0;
  for (int round = 0; round < 2; round++) { va_start(list, n); for (int i = 0; i < n; i++) s += va_arg(list, int); va_end(list); }
  return s;
}
static int format(char *out, size_t size, const char *f, ...) { va_list list; va_start(list, f); int n = vsnprintf(out, size, f, list); va_end(list); return n; }
static int square(int n) { return n * n; }
static int last_is_short(short s, ...) { va_list list; va_start(list, s); int r = va_arg(list, int) + s; va_end(list); return r; }

int main(void) {
  CHECK(sum(0), 0); CHECK(sum(3, 1, 2, 3), 6); CHECK(sum(10, 1, 2, 3, 4, 5, 6, 7, 8, 9, -10), 35);
  char c = -5; short s = -300; unsigned char uc = 255; _Bool b = 1;
  CHECK(sum(4, c, s, uc, b), -49);
  int n = 1000; float f = 0.5f;
  CHECK_DOUBLE(mixed("iuldsp", -1, 4000000000u, (int64_t)1 << 40, 2.5, "four", &n), -1 + 4e9 + 1099511627776.0 + 2.5 + 4 + 1000);
  CHECK_DOUBLE(mixed("ddd", f, f * 2, 1.0 / 4), 1.75);
  CHECK_DOUBLE(mixed("dididididi", 1., 1, 2., 2, 3., 3, 4., 4, 5., 5), 30);
  CHECK_DOUBLE(mixed("iPid", 1, (struct pair){3, 4}, 2, 0.5), 15.5);
  CHECK_DOUBLE(mixed("LfL", (struct large){{1, 2, 3}}, square, (struct large){{4, 5, 6}}), 18);
  CHECK(through(4, 1, 2, 3, 4), 1234);
  CHECK(twice(2, 7, 9), 997);
  CHECK(restart(3, 1, 2, 3), 12);
  char text[30];
  CHECK(format(text, sizeof text, "%s-%d-%c", "a", 5, 'z'), 5); CHECK_TEXT(text, "a-5-z");
  CHECK(last_is_short(-1, 11), 10);
  CHECK(sum(2, sum(2, 1, 2), sum(1, 5)), 8);
  CHECK(stepped(1, 4), 108);
  DONE();
}
