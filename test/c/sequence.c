/* Order of effects: comma, &&, ||, ?:, full expressions, increments, compound assignments, volatile. */
#include "check.h"

static char trail[64];
static int at;
static int step(char c, int value) { trail[at++] = c; trail[at] = 0; return value; }
static const char *trace(void) { at = 0; return trail; }
static volatile int port;
static int read_port(void) { return port++; }
static int pass(int a) { return a; }

int main(void) {
  int a = 1, b = 2, c;
  c = (a++, b++, a * 10 + b); CHECK(c, 23);
  c = a, b; CHECK(c, 2);
  CHECK(step('a', 0) && step('b', 1), 0); CHECK_TEXT(trace(), "a");
  CHECK(step('a', 1) && step('b', 5), 1); CHECK_TEXT(trace(), "ab");
  CHECK(step('a', 2) || step('b', 1), 1); CHECK_TEXT(trace(), "a");
  CHECK(step('a', 0) || step('b', 0), 0); CHECK_TEXT(trace(), "ab");
  CHECK(step('a', 1) ? step('b', 2) : step('c', 3), 2); CHECK_TEXT(trace(), "ab");
  CHECK(step('a', 0) ? step('b', 2) : step('c', 3), 3); CHECK_TEXT(trace(), "ac");
  CHECK((step('a', 1), step('b', 2), step('c', 3)), 3); CHECK_TEXT(trace(), "abc");
  CHECK(step('a', 0) || step('b', 1) && step('c', 0) || step('d', 4), 1); CHECK_TEXT(trace(), "abcd");
  CHECK(!step('a', 0) && !(step('b', 0) || step('c', 0)), 1); CHECK_TEXT(trace(), "abc");
  if (step('a', 1) && (step('b', 0) || step('c', 1))) step('d', 0); CHECK_TEXT(trace(), "abcd");
  for (step('i', 0); step('c', at < 6); step('s', 0)) step('b', 0); CHECK_TEXT(trace(), "icbscbsc");
  a = 3; b = a++ + 10; CHECK(a * 100 + b, 413); b = ++a + 10; CHECK(b, 15); b = a-- - 1; CHECK(a * 10 + b, 44); b = --a; CHECK(b, 3);
  int list[5] = {0, 10, 20, 30, 40}; int i = 1;
  CHECK(list[i++], 10); CHECK(list[++i], 30); int *p = list; CHECK(*p++, 0); CHECK(*++p, 20); CHECK((*p)--, 20); CHECK(list[2], 19);
  i = 0; list[i] = i + 7; CHECK(list[0], 7);
  CHECK((a = 5) + (b = 6), 11); a = b = c = 9; CHECK(a + b + c, 27); a = (b = 4) * 2; CHECK(a, 8); a += b -= 1; CHECK(a * 10 + b, 113);
  a = 1 ? 2 : 0 ? 3 : 4; CHECK(a, 2); a = 0 ? 2 : 0 ? 3 : 4; CHECK(a, 4); a = (1, 0) ? 1 : 2; CHECK(a, 2);
  port = 5; CHECK(port, 5); port; CHECK(read_port(), 5); CHECK(read_port(), 6); CHECK(port, 7);
  volatile int *vp = &port; *vp = *vp + *vp; CHECK(port, 14); (*vp)++; CHECK(port, 15);
  CHECK(pass((a = 3, a + 1)), 4); CHECK(sizeof(a = 100, a), 4); CHECK(a, 3); sizeof(a++); CHECK(a, 3);
  CHECK(1 + 2 * 3 - 4 / 2 % 3 << 1 & 0xff ^ 3 | 8, 9);
  CHECK(1 < 2 == 1, 1); CHECK(5 & 3 == 3, 1); CHECK(!1 == 0, 1); CHECK(-1 < 0 && ~0 < 0, 1); CHECK(2 - 1 - 1, 0); CHECK(-2 * -3, 6);
  DONE();
}
