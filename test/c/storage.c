/* Storage duration and linkage: static locals, tentative definitions, extern in blocks, const, addresses that stay. */
#include "check.h"

int tentative;
int tentative;
static int file_static;
extern int defined_later;
static int first(void) { static int n; return ++n; }
static int second(void) { static int n = 10; return ++n; }
static int *kept(void) { static int cell = 5; return &cell; }
static int recursive(int depth) { static int deepest; if (depth > deepest) deepest = depth; return depth < 7 ? recursive(depth + 1) : deepest; }
static const int constant = 42;
static const struct { int a; const char *b; } record = {1, "b"};
static int automatic(int depth, int *outer) { int local = depth; if (outer != NULL && outer == &local) return -1; return depth == 0 ? local : automatic(depth - 1, &local) + local; }
static int use_extern(void) { extern int defined_later; return defined_later++; }
static int counter(int reset) {
  static int n = 100;
  if (reset) { static int n = 7; return n++; }
  return n++;
}

int main(void) {
  CHECK(tentative, 0); tentative = 3; CHECK(tentative, 3);
  CHECK(file_static, 0);
  first(); first(); CHECK(first(), 3);
  second(); CHECK(second(), 12);
  *kept() += 5; CHECK(*kept(), 10); CHECK(kept() == kept(), 1);
  CHECK(recursive(0), 7);
  CHECK(constant + record.a, 43); CHECK_TEXT(record.b, "b");
  CHECK(automatic(4, NULL), 10);
  CHECK(use_extern(), 9); CHECK(defined_later, 10);
  CHECK(counter(0), 100); CHECK(counter(1), 7); CHECK(counter(0), 101); CHECK(counter(1), 8);
  int shadow = 1;
  { extern int shadowed; CHECK(shadowed, 55); }
  for (int i = 0; i < 3; i++) { static int total; total += i; if (i == 2) CHECK(total, 3); }
  register int quick = 4; auto int ordinary = 5; CHECK(quick * ordinary, 20);
  static int *points = &tentative; CHECK(*points, 3);
  static int list[] = {1, 2, 3}; list[0]++; CHECK(list[0], 2);
  { int same = 1; CHECK(same, 1); } { int same; same = 2; CHECK(same, 2); }
  CHECK(shadow, 1);
  static char zero[1000]; int any = 0; for (int i = 0; i < 1000; i++) any |= zero[i]; CHECK(any, 0);
  DONE();
}
int defined_later = 9;
int shadowed = 55;
