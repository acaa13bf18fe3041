/* Designated initialisers: of members, elements, nested, overriding, continuing after, in unions, in ranges. */
#include "check.h"

enum colour { RED, GREEN, BLUE, COLOURS };
static const char *const colour_names[COLOURS] = {[BLUE] = "blue", [RED] = "red", [GREEN] = "green"};
struct operations {
  int (*add)(int, int);
  int (*subtract)(int, int);
  const char *name;
};
static int add(int a, int b) { return a + b; }
static int subtract(int a, int b) { return a - b; }
static struct operations operations = {.name = "integers", .subtract = subtract, .add = add};
struct deep {
  struct { int x, y; } points[3];
  union { int i; float f; char text[8]; };
  int tail[4];
};
static struct deep deep = {.points[1].y = 5, .points[2] = {6, 7}, .text = "union", .tail = {[2] = 1, 2}};
static int sparse[] = {[5] = 50, 60, [2] = 20, 30, [9] = 90};
static int overridden[4] = {1, 2, 3, 4, [1] = 20, 30};
static struct deep continued = {.points[0].x = 1, 2, 3, 4, {5, 6}, .tail[1] = 9, 8};
static int grid[3][3] = {[1] = {[1] = 5}, [2][0] = 7, 8};
static int ranged[10] = {[2 ... 4] = 3, [7 ... 8] = 1, 9};
static char table[256] = {['a'] = 1, ['z'] = 26, ['0'] = 100};

int main(void) {
  CHECK_TEXT(colour_names[GREEN], "green");
  CHECK_TEXT(colour_names[RED], "red");
  CHECK(operations.add(2, 3), 5);
  CHECK(operations.subtract(2, 3), -1);
  CHECK_TEXT(operations.name, "integers");
  CHECK(deep.points[0].x, 0);
  CHECK(deep.points[1].y, 5);
  CHECK(deep.points[2].x, 6);
  CHECK_TEXT(deep.text, "union");
  CHECK(deep.tail[2], 1);
  CHECK(deep.tail[3], 2);
  CHECK(sizeof sparse / sizeof *sparse, 10);
  CHECK(sparse[6], 60);
  CHECK(sparse[3], 30);
  CHECK(sparse[4], 0);
  CHECK(overridden[1], 20);
  CHECK(overridden[2], 30);
  CHECK(overridden[3], 4);
  CHECK(continued.points[0].y, 2);
  CHECK(continued.points[1].x, 3);
  CHECK(continued.points[1].y, 4);
  CHECK(continued.points[2].y, 6);
  CHECK(continued.tail[2], 8);
  CHECK(grid[1][1], 5);
  CHECK(grid[2][1], 8);
  CHECK(grid[0][0] + grid[1][0] + grid[2][2], 0);
  CHECK(ranged[1] + ranged[2] + ranged[4] + ranged[5] + ranged[8] + ranged[9], 16);
  CHECK(table['z'] + table['b'], 26);
  CHECK(table['0'], 100);
  int n = 4;
  struct deep local = {.tail = {n, n + 1}, .i = n * 2, .points[2].x = n};
  CHECK(local.tail[1], 5);
  CHECK(local.i, 8);
  CHECK(local.points[2].x, 4);
  CHECK(local.points[2].y, 0);
  struct deep all[2] = {[1] = {.i = 3}, [0].tail[3] = 2, [1].tail[0] = 1};
  CHECK(all[0].tail[3], 2);
  CHECK(all[1].tail[0], 1);
  CHECK(all[1].i, 3);
  struct operations o = {subtract, .name = "half"};
  CHECK(o.add(1, 1), 0);
  CHECK(o.subtract == NULL, 1);
  struct deep *p = &(struct deep){.tail[0] = 77};
  CHECK(p->tail[0], 77);
  struct { int a, b, c; } tri = {.c = 3, .a = 1, 2};
  CHECK(tri.b, 2);
  CHECK(tri.c, 3);
  DONE();
}
