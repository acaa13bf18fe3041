/* sizeof and offsetof: of types, expressions, arrays, literals; nothing in them is evaluated. */
#include "check.h"

struct s { char a; int64_t b; short c[3]; struct { int d; union { char e; double f; }; } g[2]; };
static int evaluated;
static int effect(void) { return ++evaluated; }
static char array[10][20];
typedef char buffer[128];
enum { SIZE = sizeof(struct s) / sizeof(int), OFFSET = offsetof(struct s, g[1].f) };
static char by_size[sizeof(int) * 3];

int main(void) {
  CHECK(sizeof(char) + sizeof(short) + sizeof(int) + sizeof(int64_t), 15); CHECK(sizeof(float) + sizeof(double), 12);
  CHECK(sizeof(void *) + sizeof(int (*)(void)), 16); CHECK(sizeof(_Bool), 1); CHECK(sizeof(struct s), 56);
  CHECK(offsetof(struct s, a), 0); CHECK(offsetof(struct s, b), 8); CHECK(offsetof(struct s, c), 16); CHECK(offsetof(struct s, c[2]), 20);
  CHECK(offsetof(struct s, g), 24); CHECK(offsetof(struct s, g[1]), 40); CHECK(OFFSET, 48); CHECK(SIZE, 14);
  CHECK(sizeof array, 200); CHECK(sizeof array[0], 20); CHECK(sizeof array[0][0], 1); CHECK(sizeof &array[0], 8); CHECK(sizeof *array, 20); CHECK(sizeof(array + 0), 8);
  CHECK(sizeof(buffer), 128); CHECK(sizeof(buffer *), 8); CHECK(sizeof(buffer[2]), 256);
  CHECK(sizeof effect(), 4); CHECK(sizeof(effect() + 1ll), 8); CHECK(evaluated, 0);
  CHECK(sizeof "text", 5); CHECK(sizeof("a" "b"), 3); CHECK(sizeof 'a', 4); CHECK(sizeof 1.0f, 4); CHECK(sizeof 1ull, 8);
  char c = 1; short s = 1; CHECK(sizeof c, 1); CHECK(sizeof +c, 4); CHECK(sizeof(c + c), 4); CHECK(sizeof(s = 1), 2); CHECK(sizeof c++, 1); CHECK(c, 1);
  CHECK(sizeof(char)*2, 2); CHECK(sizeof(int) - 5 > 100, 1); CHECK(sizeof(c) == 1 ? 1 : 0, 1);
  struct s v, *p = &v; CHECK(sizeof v.c, 6); CHECK(sizeof p->g, 32); CHECK(sizeof *p, 56); CHECK(sizeof((struct s *)0)->g[0].f, 8); CHECK(sizeof p->g[0], 16);
  CHECK(sizeof by_size, 12); int list[] = {1, 2, 3, 4}; CHECK(sizeof list / sizeof list[0], 4); CHECK(sizeof(int[sizeof(int)]), 16);
  CHECK(sizeof(struct { char a; struct { char b; }; int : 0; char c; }) >= 3, 1); CHECK(sizeof(union { char a[5]; short b; }), 6);
  CHECK(sizeof(1 ? c : s), 4); CHECK(sizeof(0, c), sizeof(0, c)); CHECK(sizeof !c, 4); CHECK(sizeof(c == s), 4); CHECK(sizeof(c && s), 4);
  CHECK((int)sizeof(int) * -1 < 0, 1); CHECK(sizeof(const volatile int), 4); CHECK(sizeof(wchar_t), 2); CHECK(sizeof(size_t), 8); CHECK(sizeof(ptrdiff_t), 8);
  CHECK((char *)&((struct s *)0)->c - (char *)0, 16); CHECK((size_t)&((struct s *)0)->b, 8);
  DONE();
}
