/* Compound literals: objects of their own, as arguments, arrays, addresses, in loops and at file scope. */
#include "check.h"

struct pair { int a, b; };
static struct pair *kept = &(struct pair){3, 4};
static int *numbers = (int[]){10, 20, 30};
static const char *text = (char[]){"literal"};

static int sum(struct pair p) { return p.a + p.b; }
static int sum_pointer(const struct pair *p) { return p->a + p->b; }
static int total(const int *list) { int s = 0; while (*list) s += *list++; return s; }
static struct pair make(int a, int b) { return (struct pair){.b = b, .a = a}; }

int main(void) {
  CHECK(kept->a, 3);
  kept->a = 5;
  CHECK(sum_pointer(kept), 9);
  CHECK(numbers[2], 30);
  CHECK_TEXT(text, "literal");
  CHECK(sum((struct pair){1, 2}), 3);
  CHECK(sum_pointer(&(struct pair){.b = 7}), 7);
  CHECK(total((int[]){1, 2, 3, 0}), 6);
  CHECK(make(8, 9).b, 9);
  CHECK(((struct pair){4, 5}.b), 5);
  CHECK(((int[]){7, 8, 9}[1]), 8);
  CHECK(sizeof((int[]){1, 2, 3}), 12);
  CHECK((int){5} + 1, 6);
  int *p = &(int){41};
  ++*p;
  CHECK(*p, 42);
  struct pair q = {1, 1};
  q = (struct pair){q.a + 1, q.b + 2};
  CHECK(q.b, 3);
  (struct pair){0, 0} = q;
  int seen = 0;
  for (int i = 0; i < 3; i++) {
    int *each = (int[]){i, 0};
    CHECK(each[0], i);
    CHECK(each[1], 0);
    each[1] = 5;
    seen += each[0];
  }
  CHECK(seen, 3);
  CHECK((char[4]){'a'}[2], 0);
  CHECK_TEXT((char[]){"mutable"}, "mutable");
  char *m = (char[]){"mutable"};
  m[0] = 'M';
  CHECK_TEXT(m, "Mutable");
  CHECK((union { int i; char c; }){.i = 0x141}.c, 0x41);
  struct pair list[] = {(struct pair){1, 2}, make(3, 4), {5, 6}};
  CHECK(list[1].b + list[0].a, 5);
  int (*rows)[2] = (int[][2]){{1, 2}, {3, 4}};
  CHECK(rows[1][1], 4);
  CHECK((_Bool){5}, 1);
  CHECK(*(&(int){3}), 3);
  DONE();
}
