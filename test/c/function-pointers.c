/* Pointers to functions: tables, parameters, results, in structures, compared, called in every spelling. */
#include "check.h"
#include <stdlib.h>

typedef int operation(int, int);
typedef int (*operation_pointer)(int, int);
static int add(int a, int b) { return a + b; }
static int subtract(int a, int b) { return a - b; }
static int multiply(int a, int b) { return a * b; }
static operation_pointer const table[] = {add, subtract, &multiply};
static operation declared;
struct device { const char *name; struct { operation_pointer run; void (*log)(const char *, int *); } dispatch; };
static void count(const char *text, int *n) { *n += (int)strlen(text); }
static struct device device = {"device", {.run = declared, .log = count}};
static int declared(int a, int b) { return a * 100 + b; }
static int apply(operation f, int a, int b) { return f(a, b); }
static operation_pointer choose(char c) { return c == '+' ? add : c == '-' ? subtract : NULL; }
static int (*choose_plain(int i))(int, int) { return table[i]; }
static int fold(const int *list, int n, int start, int (*f)(int, int)) { while (n--) start = f(start, *list++); return start; }
static int descending(const void *a, const void *b) { return *(const int *)b - *(const int *)a; }
static double real(float f, double d) { return f * d; }
typedef struct { int64_t a, b, c; } triple;
static triple make(int n) { return (triple){n, n * 2, n * 3}; }
struct machine;
typedef void state_function(struct machine *);
struct machine { state_function *state; int steps; };
static void stop(struct machine *m) { m->state = NULL; }
static void go(struct machine *m) { m->state = ++m->steps < 5 ? go : stop; }

int main(void) {
  CHECK(table[0](2, 3), 5); CHECK((*table[1])(2, 3), -1); CHECK((**table[2])(2, 3), 6); CHECK((&add)(1, 1), 2); CHECK((*&*add)(1, 2), 3);
  CHECK(device.dispatch.run(1, 2), 102);
  int n = 0; device.dispatch.log("four", &n); (*device.dispatch.log)("", &n); CHECK(n, 4);
  CHECK(apply(add, 1, 2), 3); CHECK(apply(&multiply, 3, 4), 12);
  CHECK(choose('+')(4, 4), 8); CHECK(choose('?') == NULL, 1);
  CHECK(choose_plain(1)(4, 1), 3);
  CHECK(choose('+') == add, 1); CHECK(choose('+') != &subtract, 1);
  int list[] = {3, 1, 2, 5, 4};
  CHECK(fold(list, 5, 0, add), 15); CHECK(fold(list, 5, 1, multiply), 120);
  qsort(list, 5, sizeof *list, descending);
  CHECK(list[0] * 10 + list[4], 51);
  double (*f)(float, double) = real; CHECK_DOUBLE(f(1.5, 2), 3);
  triple (*m)(int) = make; CHECK(m(5).c, 15);
  operation_pointer p = NULL; CHECK(!p, 1); p = add; CHECK(p ? p(1, 1) : 0, 2);
  p = n > 100 ? add : subtract; CHECK(p(9, 4), 5);
  operation_pointer local[2] = {add}; CHECK(local[1] == NULL, 1); local[1] = local[0]; CHECK(local[1](1, 5), 6);
  void *erased = (void *)multiply; CHECK(((operation_pointer)erased)(6, 7), 42);
  uintptr_t number = (uintptr_t)add; CHECK(((int (*)(int, int))number)(2, 2), 4);
  struct machine machine = {go, 0}; while (machine.state) machine.state(&machine); CHECK(machine.steps, 5);
  int (*(*getter)(int))(int, int) = choose_plain; CHECK(getter(0)(1, 2), 3);
  int (**pp)(int, int) = local; CHECK(pp[0](3, 3), 6); CHECK((*pp)(3, 4), 7);
  operation_pointer (*by_char)(char) = &choose; CHECK(by_char('-')(1, 2), -1);
  CHECK(sizeof(p), 8); CHECK(sizeof(&add), 8);
  DONE();
}
