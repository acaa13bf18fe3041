/* Functions: parameters of every type, more than registers hold, results, prototypes, recursion through each other. */
#include "check.h"

static int many(int8_t a, uint8_t b, int16_t c, uint16_t d, int32_t e, uint32_t f, int64_t g, uint64_t h, float i, double j, _Bool k, char *l) {
  return a + b + c + d + e + f + (int)g + (int)h + (int)(i * 2) + (int)(j * 4) + k + (l != NULL);
}
static void nothing(void) {}
static int declared_later(int);
static int even(unsigned n);
static int odd(unsigned n) { return n == 0 ? 0 : even(n - 1); }
static int even(unsigned n) { return n == 0 ? 1 : odd(n - 1); }
static int8_t small_result(int n) { return n; }
static uint16_t wraps(int n) { return n; }
static _Bool truth(int n) { return n; }
static float single(double d) { return d; }
static const char *text(int n) { return n ? "yes" : "no"; }
static void out(int in, int *result, int64_t *square) { *result = -in; *square = (int64_t)in * in; }
static int ackermann(int m, int n) { return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1)); }
static uint64_t fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }
static void hanoi(int n, char from, char to, char by, int *moves) {
  if (n == 0) return;
  hanoi(n - 1, from, by, to, moves);
  ++*moves;
  hanoi(n - 1, by, to, from, moves);
}
static int parameter_is_local(int n) { n *= 2; { int n = 100; n++; } return n; }
static void permute(char *s, int from, int *count) {
  if (s[from] == 0) { ++*count; return; }
  for (int i = from; s[i] != 0; i++) {
    char t = s[from]; s[from] = s[i]; s[i] = t;
    permute(s, from + 1, count);
    t = s[from]; s[from] = s[i]; s[i] = t;
  }
}
int (external_name)(int a) { return a + 1; }
static int no_prototype();
static int calls;
static int effect(int n) { calls++; return n; }

int main(void) {
  CHECK(many(-1, 255, -300, 65535, -70000, 4000000000u, 5, 6, 1.5f, 2.25, 7, "x"), -1 + 255 - 300 + 65535 - 70000 + (int)4000000000u + 5 + 6 + 3 + 9 + 1 + 1);
  CHECK(many(257, -1, 65536, -1, 1.9, -1, 'a', 1u, 1, 1, 0, 0), 1 + 255 + 0 + 65535 + 1 - 1 + 97 + 1 + 2 + 4);
  nothing();
  (void)nothing();
  CHECK(declared_later(4), 16);
  CHECK(even(100), 1); CHECK(odd(100), 0);
  CHECK(small_result(200), -56); CHECK(wraps(-1), 65535); CHECK(truth(256), 1);
  CHECK(single(0.1) == 0.1f, 1); CHECK(single(0.1) == 0.1, 0);
  CHECK_TEXT(text(1), "yes"); CHECK(text(0)[1], 'o');
  int n; int64_t square;
  out(100000, &n, &square);
  CHECK(n, -100000); CHECK(square, 10000000000ll);
  CHECK(ackermann(2, 3), 9);
  CHECK(fibonacci(15), 610);
  int moves = 0; hanoi(8, 'a', 'c', 'b', &moves); CHECK(moves, 255);
  CHECK(parameter_is_local(21), 42);
  char letters[] = "abcde"; int count = 0; permute(letters, 0, &count); CHECK(count, 120); CHECK_TEXT(letters, "abcde");
  CHECK(external_name(1), 2);
  CHECK(no_prototype(3, 4), 7);
  CHECK(effect(1) + effect(2) * effect(3), 7); CHECK(calls, 3);
  CHECK(external_name(external_name(external_name(0))), 3);
  extern int defined_below; CHECK(defined_below, 12);
  DONE();
}
static int declared_later(int n) { return n * n; }
static int no_prototype(int a, int b) { return a + b; }
int defined_below = 12;
