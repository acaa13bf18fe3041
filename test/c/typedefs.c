/* Declarators: typedefs of every shape, qualifiers, parentheses, functions returning pointers, several in a line. */
#include "check.h"

typedef int number, *pointer, list[4], function(int), *pointers[3];
typedef const char *const fixed_text;
typedef struct _NODE NODE, *PNODE; struct _NODE { PNODE next; number n; };
typedef pointer (*maker)(number *);
typedef int (*table[2])(int);
typedef list matrix[3];
typedef unsigned long long int u64; typedef long long unsigned u64_too; typedef int unsigned short odd_short; typedef signed s; typedef unsigned u;
typedef void handler(int *, ...), (*phandler)(int *, ...);
function twice; static function thrice;
int twice(int n) { return n * 2; } static int thrice(int n) { return n * 3; }
static pointer self(number *n) { return n; }
static table both = {twice, thrice};
static int *(*const *nowhere)(void);
static char (*complicated(int n))[3][2] { static char grid[2][3][2] = {{{1, 2}, {3, 4}, {5, 6}}, {{7, 8}, {9, 10}, {11, 12}}}; return &grid[n]; }
static number a = 1, *b = &a, **c = &b, d[2] = {3, 4}, (*e)[2] = &d, (*f)(int) = twice;
int const volatile static qualified = 5; const int *const volatile p = &qualified;

int main(void) {
  list l = {1, 2}; matrix m = {{1}, {2, 3}}; pointers ps = {&l[1]}; maker mk = self; fixed_text t = "t"; NODE n2 = {NULL, 2}, n1 = {&n2, 1};
  CHECK(sizeof(list), 16); CHECK(sizeof m, 48); CHECK(m[1][1], 3); CHECK(*ps[0], 2); CHECK(*mk(&l[0]), 1); CHECK_TEXT(t, "t"); CHECK(n1.next->n, 2);
  CHECK(both[0](5) + both[1](5), 25); CHECK(nowhere == NULL, 1); CHECK((*complicated(1))[2][1], 12); CHECK(sizeof *complicated(0), 6);
  CHECK(**c + d[1] + (*e)[0] + f(10), 28); CHECK(*p, 5); CHECK(sizeof(u64) + sizeof(u64_too) + sizeof(odd_short) + sizeof(s) + sizeof(u), 26);
  int (*(x)) = &a, ((y)) = 4; CHECK(*x + y, 5); int (*grid)[4] = m; CHECK(grid[1][0], 2); const list cl = {7}; CHECK(cl[0], 7);
  int *q, r, *(*w)[2]; pointer pp[2] = {&a, &y}; w = &pp; q = (*w)[1]; r = *q; CHECK(r, 4);
  unsigned char typedef byte; byte bb = 300; CHECK(bb, 44); long int static li = 3; CHECK(li, 3);
  CHECK((int (*)(int))twice == f, 1); CHECK(((function *)thrice)(2), 6); CHECK(sizeof(int *[3]) + sizeof(int (*)[3]), 32); CHECK(sizeof(function *), 8);
  phandler nothing = 0; handler *none = nothing; CHECK(none == 0, 1); char *s1 = "a", s2[] = "b", s3 = 'c'; CHECK(s1[0] + s2[0] + s3, 294);
  const struct { const int k; int *const kp; } ks = {3, &a}; CHECK(ks.k + *ks.kp, 4);
  DONE();
}
