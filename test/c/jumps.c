/* goto and labels: forward, backward, out of and into blocks, past declarations, cleanup chains, a label's own space. */
#include "check.h"

static int cleanup(int fail_at, int *log) {
  int status = -1;
  *log = 0;
  if (fail_at == 1) goto done;
  *log += 1;
  if (fail_at == 2) goto undo_one;
  *log += 10;
  if (fail_at == 3) goto undo_two;
  status = 0;
  goto done;
undo_two:
  *log += 100;
undo_one:
  *log += 1000;
done:
  return status;
}
static int collatz(unsigned n) {
  int steps = 0;
again:
  if (n == 1) return steps;
  steps++;
  if (n & 1) { n = 3 * n + 1; goto again; }
  n /= 2;
  goto again;
}
static int find(int grid[3][3], int wanted) {
  int r, c;
  for (r = 0; r < 3; r++)
    for (c = 0; c < 3; c++)
      if (grid[r][c] == wanted) goto found;
  return -1;
found:
  return r * 10 + c;
}
static int into_block(int skip) {
  int n = 0;
  if (skip) goto inside;
  n = 100;
  {
    n += 10;
  inside:
    n += 1;
  }
  return n;
}
static int into_loop(void) {
  int i = 5, n = 0;
  goto middle;
  for (i = 0; i < 8; i++) {
    n += 10;
  middle:
    n += 1;
  }
  return n;
}

int main(void) {
  int log;
  CHECK(cleanup(0, &log), 0); CHECK(log, 11);
  CHECK(cleanup(1, &log), -1); CHECK(log, 0);
  CHECK(cleanup(2, &log), -1); CHECK(log, 1001);
  CHECK(cleanup(3, &log), -1); CHECK(log, 1111);
  CHECK(collatz(27), 111);
  int grid[3][3] = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
  CHECK(find(grid, 6), 12); CHECK(find(grid, 10), -1);
  CHECK(into_block(0), 111); CHECK(into_block(1), 1);
  CHECK(into_loop(), 1 + 2 * 11);
  int same = 3;
  goto same;
  same = 4;
same:
  CHECK(same, 3);
  int count = 0;
back:;
  int fresh = count * 2;
  if (++count < 5) goto back;
  CHECK(fresh, 8);
  if (0) { unreachable_label: count = 50; }
  else if (count == 5) goto unreachable_label;
  CHECK(count, 50);
  do { count--; if (count > 45) continue; break; } while (1);
  CHECK(count, 45);
  goto last;
last:
  DONE();
}
