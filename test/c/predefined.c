/* Predefined names, #line, #pragma once, _Pragma, line splices, comments and digraphs-free spelling. */
#include "check.h"
#include "check.h"

#line 100 "renamed.c"
static int line_here = __LINE__;
static const char *file_here = __FILE__;
#line 8 "predefined.c"
static int line_macro(int line) { return line; }
#define WHERE line_macro(__LINE__)
#define UNIQUE_(a, b) a##b
#define UNIQUE__(a, b) UNIQUE_(a, b)
#define UNIQUE(a) UNIQUE__(a, __LINE__)
static int UNIQUE(name);
static int UNIQUE(name);
static int spliced_na\
me = 4; static int division = 10 / /* two */ 2 /
// a comment that goes on \
   = 99;
5;
_Pragma("pack(push, 1)")
struct packed { char c; int i; };
_Pragma("pack(pop)")

int main(void) {
  CHECK(line_here, 100); CHECK_TEXT(file_here, "renamed.c");
  int before = __LINE__; int after =
    __LINE__;
  CHECK(after - before, 1);
  CHECK(WHERE == __LINE__, 1);
  CHECK(sizeof __DATE__, 12); CHECK(sizeof __TIME__, 9);
  CHECK(spliced_name, 4); CHECK(division, 1); CHECK(sizeof(struct packed), 5);
  CHECK_TEXT(__func__, "main"); CHECK_TEXT(__FUNCTION__, "main");
  int counter = __COUNTER__; CHECK(__COUNTER__ - counter, 1);
  CHECK(1 //* not a comment start */
    + 1, 2);
  CHECK("/* not a comment */"[0], '/'); CHECK("//"[1], '/');
  CHECK(4 /**/ - /***/ 1, 3);
  int a = 5, b = 2, *p = &b;
  CHECK(a / *p, 2); CHECK(a+++b, 7); CHECK(a, 6); CHECK(a---b, 4); CHECK(a - -b, 7); CHECK(a-- - --b, 4);
  CHECK(a<b?1:0, 0); CHECK(a>>1<<1, 4); CHECK(.5+.5==1., 1);
  DONE();
}
