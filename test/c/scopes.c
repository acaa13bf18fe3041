/* Scopes and name spaces: shadowing, tags against variables against labels against members, declarations in heads. */
#include "check.h"

int x = 1;
struct x { int x; };
typedef int T;
enum { CONSTANT = 5 };
static int f(int x) { { int x = 3; return x; } }
static int g(T T) { return T + 1; }
static int h(void) { int T = 5; T++; return T; }
static int parameter(int CONSTANT) { return CONSTANT; }
static struct later *forward(void) { return NULL; }
struct later { int n; };

int main(void) {
  CHECK(x, 1); struct x s = {2}; CHECK(s.x, 2);
  int x = 3; CHECK(x, 3); { int x = 4; CHECK(x, 4); { extern int x; CHECK(x, 1); } } CHECK(x, 3);
  x: x++; if (x == 4) goto x; CHECK(x, 5);
  CHECK(f(9), 3); CHECK(g(4), 5); CHECK(h(), 6); CHECK(parameter(8), 8);
  for (int x = 0; x < 2; x++) { int x = 50; CHECK(x, 50); } CHECK(x, 5);
  { struct x { char c[3]; }; CHECK(sizeof(struct x), 3); } CHECK(sizeof(struct x), 4);
  { typedef char T; CHECK(sizeof(T), 1); } CHECK(sizeof(T), 4); { T T = 6; CHECK(T, 6); CHECK(sizeof T, 4); }
  { enum { CONSTANT = 6 }; CHECK(CONSTANT, 6); } CHECK(CONSTANT, 5); { int CONSTANT = 7; CONSTANT++; CHECK(CONSTANT, 8); }
  int y = y = 4; CHECK(y, 4); int z = sizeof z; CHECK(z, 4);
  { int a = 1; { int b = a + 1; { int a = b + 1; CHECK(a, 3); } CHECK(a, 1); } }
  if (x) { int x = -1; CHECK(x, -1); } else { int x = -2; CHECK(x, 0); }
  switch (1) { int q; case 1: q = 3; CHECK(q, 3); }
  struct inner { struct deep { int n; } d; } in = {{8}}; struct deep out = in.d; CHECK(out.n, 8);
  struct node { struct node *next; int node; } node = {&node, 9}; CHECK(node.next->node, 9);
  CHECK(forward() == NULL, 1); typedef struct { int x; } anonymous; anonymous an = {x}; CHECK(an.x, 5);
  int sizeof_like = 1; CHECK(sizeof(sizeof_like), 4);
  { static int x = 100; x++; CHECK(x, 101); } while (x) { int y = x--; if (y == 3) break; } CHECK(x, 2);
  int (T) = 4; CHECK(T, 4);
  DONE();
}
