/* Arrays: several dimensions, decay, sizes, pointers to arrays, negative indices, parameters. */
#include "check.h"

static int grid[3][4] = {{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}};
static int sum_row(int row[4]) { int s = 0; for (int i = 0; i < 4; i++) s += row[i]; return s; }
static int sum_all(int (*rows)[4], int count) {
  int s = 0;
  while (count--) s += sum_row(*rows++);
  return s;
}
static size_t parameter_size(char text[100]) { return sizeof text; }
static int cube(int c[][2][2]) { return c[1][1][1] * 100 + (*c)[0][1] * 10 + ***c; }
static int at_least(int a[static 2]) { return a[1]; }
static void reverse(int *a, size_t n) {
  for (size_t i = 0; i < n / 2; i++) {
    int t = a[i];
    a[i] = a[n - 1 - i];
    a[n - 1 - i] = t;
  }
}
static int (*choose(int which))[4] { return &grid[which]; }

int main(void) {
  CHECK(sizeof grid, 48);
  CHECK(sizeof grid[0], 16);
  CHECK(sizeof grid / sizeof grid[0], 3);
  CHECK(sizeof &grid, 8);
  CHECK(grid[2][3], 12);
  CHECK(*(*(grid + 1) + 2), 7);
  CHECK(2 [grid][1], 10);
  CHECK(1 [2 [grid]], 10);
  CHECK((&grid[0][0])[7], 8);
  CHECK(sum_row(grid[1]), 26);
  CHECK(sum_all(grid, 3), 78);
  CHECK(sum_all(grid + 1, 2), 68);
  CHECK((*choose(2))[1], 10);
  CHECK((*choose(0) + 1)[0], 2);
  CHECK(parameter_size("x"), sizeof(char *));
  int c[2][2][2] = {{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}};
  CHECK(cube(c), 821);
  CHECK(at_least(c[1][1]), 8);
  int (*pc)[2][2] = c;
  CHECK(pc[1][0][1], 6);
  CHECK((char *)(pc + 1) - (char *)pc, 16);
  int (*whole)[2][2][2] = &c;
  CHECK((*whole)[1][1][0], 7);
  CHECK((char *)(whole + 1) - (char *)whole, 32);
  int a[] = {1, 2, 3, 4, 5, 6, 7};
  CHECK(sizeof a / sizeof *a, 7);
  reverse(a, 7);
  CHECK(a[0], 7);
  CHECK(a[6], 1);
  int *middle = a + 3;
  CHECK(middle[-2], 6);
  CHECK(*(middle - 3), 7);
  CHECK(middle[3], 1);
  CHECK(&a[7] - a, 7);
  CHECK(&middle[-3] == a, 1);
  int *pointers[3] = {a, a + 2, &a[6]};
  CHECK(*pointers[1], 5);
  CHECK(**(pointers + 2), 1);
  CHECK(pointers[1][1], 4);
  *pointers[0] = 70;
  CHECK(a[0], 70);
  a[a[6]] = 99;
  CHECK(a[1], 99);
  int i = 0;
  a[i++] = i;
  CHECK(i, 1);
  char text[][4] = {"abc", "de", ""};
  CHECK(sizeof text, 12);
  CHECK(text[1][2], 0);
  CHECK_TEXT(text[1], "de");
  char exact[3] = "xyz";
  CHECK(exact[2], 'z');
  int triangle[5][5] = {{0}};
  for (int r = 0; r < 5; r++)
    for (int k = 0; k <= r; k++) triangle[r][k] = k == 0 || k == r ? 1 : triangle[r - 1][k - 1] + triangle[r - 1][k];
  CHECK(triangle[4][2], 6);
  CHECK(triangle[4][4] + triangle[0][4], 1);
  int64_t wide[3] = {-1, 0, 1};
  CHECK(wide[(uint8_t)258], 1);
  signed char minus = -1;
  CHECK((wide + 1)[minus], -1);
  CHECK((wide + 2)[(int64_t)-2], -1);
  typedef int row[4];
  row r = {1};
  row *pr = &r;
  CHECK((*pr)[0], 1);
  CHECK(sizeof(row[2]), 32);
  const row constant = {5, 6};
  CHECK(constant[1] + constant[3], 6);
  _Bool flags[10] = {[3] = 1};
  flags[4] = 2;
  CHECK(flags[3] + flags[4] + flags[5], 2);
  struct { int n[3]; } holder = {{1, 2, 3}};
  CHECK(holder.n[1], 2);
  CHECK(sizeof holder.n, 12);
  DONE();
}
