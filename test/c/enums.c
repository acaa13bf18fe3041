/* Enumerations: values, their type, use as indices, in switches, bit-fields and constant expressions. */
#include "check.h"

enum first { A, B, C = 10, D, E = -3, F, G = C + D, H = 'h', I = sizeof(int) * 2 };
enum { UNNAMED = 77, FLAG_A = 1 << 0, FLAG_B = 1 << 1, FLAG_C = FLAG_A | FLAG_B };
typedef enum _STATE { StateIdle, StateBusy = 5, StateMax } STATE, *PSTATE;
enum trailing { LAST = 0x7fffffff, };
static int sized[StateMax] = {[StateBusy] = 3};
static STATE global = StateBusy;
struct with { STATE state; enum { IN_STRUCT = 4 } own; enum first f : 5; };

/* Constants of a list of parameters hide those around, and end with it. */
static int in_list(enum { A = 4, H = 5 } letter, int (*table)[H]);
static STATE next(STATE s) { return s == StateIdle ? StateBusy : StateIdle; }
static const char *name(enum first f) {
  switch (f) {
  case A: return "A";
  case C: return "C";
  case E: return "E";
  case G: return "G";
  default: return "other";
  }
}

int main(void) {
  CHECK(A, 0); CHECK(B, 1); CHECK(C, 10); CHECK(D, 11); CHECK(E, -3); CHECK(F, -2); CHECK(G, 21); CHECK(H, 104); CHECK(I, 8);
  CHECK(UNNAMED, 77);
  CHECK(FLAG_C & ~FLAG_A, FLAG_B);
  CHECK(sizeof(enum first), 4);
  CHECK(sizeof(STATE), 4);
  CHECK(sizeof A, 4);
  CHECK(LAST, 2147483647);
  CHECK(sizeof sized, 24);
  CHECK(sized[StateBusy], 3);
  CHECK(next(global), StateIdle);
  CHECK(next(next(global)), StateBusy);
  CHECK_TEXT(name(E), "E");
  CHECK_TEXT(name(21), "G");
  CHECK_TEXT(name((enum first)50), "other");
  enum first e = C;
  e++;
  CHECK(e, D);
  e += 10;
  CHECK(e, 21);
  e = -3;
  CHECK(e, E);
  CHECK(E < 0, 1);
  struct with w = {StateMax, IN_STRUCT, B};
  CHECK(w.state + w.own + w.f, 11);
  PSTATE p = &w.state;
  *p = StateBusy;
  CHECK(w.state, 5);
  enum { LOCAL = A + 5 } local = LOCAL;
  CHECK(local, 5);
  { enum { A = 100 }; CHECK(A, 100); }
  CHECK(A, 0);
  int array[G - D];
  CHECK(sizeof array, 40);
  CHECK(_Generic(A, int: 1, default: 0), 1);
  CHECK(1 ? A : 2.5 > 1, 0);
  for (STATE s = StateIdle; s < StateMax; s++) sized[s]++;
  CHECK(sized[0] + sized[5], 5);
  DONE();
}
