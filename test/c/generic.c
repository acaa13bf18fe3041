/* _Generic and _Static_assert: which association, lvalue conversion, no evaluation, and in macros. */
#include "check.h"
#include <assert.h>

_Static_assert(sizeof(int) == 4, "int has 32 bits");
_Static_assert(1, "");
static_assert((char)-1 < 0, "char has a sign");
struct s { _Static_assert(sizeof(short) == 2, "in a structure"); int a; };
typedef struct s s_type;
#define NAME(x) _Generic((x), int: "int", unsigned: "unsigned", char *: "char *", const char *: "const char *", double: "double", struct s: "struct s", struct s *: "struct s *", void *: "void *", int (*)(int): "function", default: "other")
static int twice(int n) { return n * 2; }
static int of_int(int n) { return n + 1; }
static double of_double(double d) { return d / 2; }
#define CALL(x) _Generic((x), int: of_int, double: of_double)(x)
static int touched;
static int touch(void) { return ++touched; }

int main(void) {
  _Static_assert(_Alignof(double) == 8, "in a block");
  const int ci = 1; volatile unsigned vu = 2; char text[4] = "abc"; const char *cp = text; struct s s = {1}; s_type t = {2}; short sh = 3;
  CHECK_TEXT(NAME(1), "int"); CHECK_TEXT(NAME(ci), "int"); CHECK_TEXT(NAME(vu), "unsigned"); CHECK_TEXT(NAME(text), "char *");
  CHECK_TEXT(NAME(cp), "const char *"); CHECK_TEXT(NAME("literal"), "char *"); CHECK_TEXT(NAME(1.5), "double"); CHECK_TEXT(NAME(1.5f), "other");
  CHECK_TEXT(NAME(s), "struct s"); CHECK_TEXT(NAME(t), "struct s"); CHECK_TEXT(NAME(&t), "struct s *"); CHECK_TEXT(NAME((void *)0), "void *");
  CHECK_TEXT(NAME(twice), "function"); CHECK_TEXT(NAME(&twice), "function"); CHECK_TEXT(NAME(sh), "other"); CHECK_TEXT(NAME(+sh), "int"); CHECK_TEXT(NAME('c'), "int");
  CHECK(CALL(4), 5); CHECK_DOUBLE(CALL(5.0), 2.5);
  CHECK(_Generic(touch(), int: 7), 7); CHECK(touched, 0);
  CHECK(_Generic(1, int: touch(), default: touch() + 100), 1); CHECK(touched, 1);
  CHECK(_Generic((char)1, default: 1, char: 2, signed char: 3), 2);
  CHECK(_Generic(1ll, long: 1, long long: 2), 2); CHECK(_Generic(0u, unsigned int: 1, unsigned long: 2), 1);
  int n = 0; _Generic(n, int: n) = 5; CHECK(n, 5);
  CHECK(_Generic((int[3]){0}, int *: 1, default: 0), 1); CHECK(_Generic(1 == 1.0, int: 1, default: 0), 1);
  CHECK(_Generic(1, int: _Generic(1.0, double: 11, default: 12), default: 13), 11);
  DONE();
}
