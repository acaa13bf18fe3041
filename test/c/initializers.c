/* Initialisers: braces left out, too few values, nested, addresses, what static and automatic objects have in common. */
#include "check.h"

struct inner { int a; char b[3]; };
struct outer { struct inner first; struct inner all[2]; int *pointer; int last; };

static int target = 9;
static int values[] = {1, 2, 3};
static struct outer flat = {1, 'a', 'b', 'c', 2, "xy", 3, {'d'}, &target, 4};
static struct outer braced = {{1, {'a', 'b', 'c'}}, {{2, "xy"}, {3, {'d'}}}, &target, 4};
static struct outer partial = {{1}, .last = 8};
static int *middle = &values[1];
static int *after = values + 3;
static char *inside = (char *)&flat.all[1].b[0];
static int (*function)(int);
static uintptr_t sized = sizeof(struct outer) * 2 + 1;
static const char *names[] = {"a", "bb", [4] = "eeeee"};
static int matrix[][3] = {1, 2, 3, 4, 5, 6, 7};
static int scalar = {5};
static char text_braced[] = {"braces"};
static char letters[2][3] = {"ab", "cd"};
static int zeros[100] = {0};
static struct { int n; int list[]; } flexible = {3, {1, 2, 3}};
static int expression = 3 * 4 + (5 > 2 ? 100 : 200) - (int)sizeof(int) + ('a' == 97);
static long long wide_expression = 1ll << 40 | 0xff & ~0x0f;
static double real = 1 / 2 + 1 / 4.0;
static int *null_pointer = 0, *also_null = (int *)0, *void_null = (void *)0;
static struct list { struct list *next; int n; } second = {NULL, 2}, head = {&second, 1}, self = {&self, 3};

static int sum(const int *p, int n) { int s = 0; while (n--) s += *p++; return s; }

int main(void) {
  CHECK(memcmp(&flat, &braced, sizeof flat), 0);
  CHECK(flat.first.b[2], 'c');
  CHECK(flat.all[0].b[1], 'y');
  CHECK(flat.all[0].b[2], 0);
  CHECK(flat.all[1].b[0], 'd');
  CHECK(flat.all[1].b[1], 0);
  CHECK(*flat.pointer, 9);
  CHECK(flat.last, 4);
  CHECK(partial.first.a, 1);
  CHECK(partial.pointer == NULL, 1);
  CHECK(partial.last, 8);
  CHECK(*middle, 2);
  CHECK(after - values, 3);
  CHECK(*inside, 'd');
  CHECK(function == NULL, 1);
  CHECK(sized, 2 * sizeof(struct outer) + 1);
  CHECK(sizeof names / sizeof *names, 5);
  CHECK(names[2] == NULL, 1);
  CHECK_TEXT(names[4], "eeeee");
  CHECK(sizeof matrix, 36);
  CHECK(matrix[2][0], 7);
  CHECK(matrix[2][2], 0);
  CHECK(scalar, 5);
  CHECK(sizeof text_braced, 7);
  CHECK(letters[1][0], 'c');
  CHECK(letters[0][2], 0);
  CHECK(sum(zeros, 100), 0);
  CHECK(flexible.list[2], 3);
  CHECK(expression, 12 + 100 - 4 + 1);
  CHECK(wide_expression, (1ll << 40) + 0xf0);
  CHECK_DOUBLE(real, 0.25);
  CHECK(null_pointer == also_null && also_null == void_null, 1);
  CHECK(head.next->n, 2);
  CHECK(self.next->next->n, 3);

  int x = 3;
  struct outer local = {x, x + 1, x + 2, .last = x * 2, .all[1].b = {x}};
  CHECK(local.first.b[0], 4);
  CHECK(local.first.b[1], 5);
  CHECK(local.first.b[2], 0);
  CHECK(local.last, 6);
  CHECK(local.all[1].b[0], 3);
  CHECK(local.all[0].a, 0);
  CHECK(local.pointer == NULL, 1);
  struct inner from = {7, "hi"};
  struct outer holds = {from, {from, {8}}, &x, 1};
  CHECK(holds.first.a, 7);
  CHECK_TEXT(holds.all[0].b, "hi");
  CHECK(holds.all[1].a, 8);
  struct inner whole = from;
  CHECK(whole.b[1], 'i');
  int a[3] = {x++, x++, x};
  CHECK(a[0] + a[1] + a[2], 12);
  int rest[10] = {1};
  CHECK(sum(rest, 10), 1);
  int trailing[] = {1, 2, 3,};
  CHECK(sizeof trailing, 12);
  char big[50] = "text";
  int nonzero = 0;
  for (int i = 4; i < 50; i++) nonzero |= big[i];
  CHECK(nonzero, 0);
  for (int i = 0; i < 3; i++) {
    int fresh[4] = {i};
    CHECK(fresh[0], i);
    CHECK(fresh[3], 0);
    fresh[3] = 5;
    struct inner again = {.b = "q"};
    CHECK(again.a, 0);
    again.a = 1;
  }
  int depends = x, on = depends + 1, *it = &on;
  CHECK(*it, 6);
  double converted = 7, cut[2] = {1, 2.5f};
  CHECK_DOUBLE(converted + cut[1], 9.5);
  uint8_t small[] = {255, 256 - 1, -1 & 0xff};
  CHECK(small[0] + small[1] + small[2], 765);
  union { int i; char c[4]; } u = {0x41424344};
  CHECK(u.c[0], 'D');
  char indexed[3] = {"Hello"[1], 46}, indexed_both[2][2] = {{"ab"[0], "cd" "ef"[2]}, "z"};
  CHECK(indexed[0], 'e'); CHECK(indexed[1], 46); CHECK(indexed[2], 0);
  CHECK(indexed_both[0][0], 'a'); CHECK(indexed_both[0][1], 'e'); CHECK(indexed_both[1][0], 'z');
  DONE();
}
