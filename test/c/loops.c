/* while, do and for: every part left out, break and continue, declarations in the head, nested, no iteration at all. */
#include "check.h"

static int primes(int limit) {
  int count = 0;
  for (int n = 2; n <= limit; n++) {
    int prime = 1;
    for (int d = 2; d * d <= n; d++)
      if (n % d == 0) { prime = 0; break; }
    if (!prime) continue;
    count++;
  }
  return count;
}
static int counted;
static int tick(void) { return ++counted; }

int main(void) {
  int i, n = 0;
  for (i = 0; i < 10; i++) n += i;
  CHECK(n, 45); CHECK(i, 10);
  for (i = 0, n = 100; i < n; i++, n--);
  CHECK(i, 50); CHECK(n, 50);
  for (;;) { if (++i > 60) break; }
  CHECK(i, 61);
  for (int i = 0, j = 10; i < j; i += 2, j--) n = i * 100 + j;
  CHECK(n, 607); CHECK(i, 61);
  while (i > 50) { i--; if (i % 2) continue; n++; }
  CHECK(i, 50); CHECK(n, 613);
  while (0) n = -1;
  do n = 1; while (0);
  CHECK(n, 1);
  do { n *= 2; if (n == 64) continue; if (n > 500) break; } while (n < 1000);
  CHECK(n, 512);
  CHECK(primes(1000), 168);
  for (uint8_t b = 250; b != 3; b++) n++;
  CHECK(n, 521);
  for (unsigned u = 5; u-- > 0;) n += u;
  CHECK(n, 531);
  for (double d = 0; d < 1; d += 0.25) n++;
  CHECK(n, 535);
  for (char *p = "abc"; *p; p++) n += *p - 'a';
  CHECK(n, 538);
  while (tick() < 5) if (counted == 3) continue;
  CHECK(counted, 5);
  for (i = 0; i < 3; i++) { int i = 7; i++; n += i; }
  CHECK(n, 562);
  for (i = 0; i < 3; i++) for (int j = 0; j < 3; j++) { if (j == 1) continue; if (i == 2) break; n += 10 * i + j; }
  CHECK(n, 562 + 0 + 2 + 10 + 12);
  int depth = 0;
  for (int a = 0; a < 3; a++) for (int b = 0; b < 3; b++) for (int c = 0; c < 3; c++) for (int d = 0; d < 3; d++) depth++;
  CHECK(depth, 81);
  for (struct { int a, b; } s = {0, 10}; s.a < s.b; s.a++) s.b--, depth++;
  CHECK(depth, 86);
  int64_t wide = 0;
  for (int64_t w = 1ll << 40; w > 1ll << 35; w >>= 1) wide++;
  CHECK(wide, 5);
  i = 5;
  while (i --> 0) depth += i;
  CHECK(depth, 96);
  if (i) if (i > 0) depth = 1; else depth = 2; else depth = 3;
  CHECK(depth, 2);
  DONE();
}
