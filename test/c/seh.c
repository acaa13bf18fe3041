/* gcc: no, it has no structured exceptions. __try with __except and __finally: filters, order, codes, leaving early. */
#include "check.h"
#include <ntddk.h>

static char trail[64];
static int at;
static int step(char c) { trail[at++] = c; trail[at] = 0; return c; }
static void restart(void) { at = 0; trail[0] = 0; }
static int filter(ULONG code, ULONG wanted) { step('f'); return code == wanted ? EXCEPTION_EXECUTE_HANDLER : EXCEPTION_CONTINUE_SEARCH; }

static int finally_order(int how) {
  int result = 0;
  restart();
  __try {
    step('a');
    if (how == 1) __leave;
    if (how == 2) return step('r');
    step('b');
    result = 1;
  } __finally {
    step(AbnormalTermination() ? 'X' : 'n');
  }
  step('c');
  return result;
}
static NTSTATUS catches(ULONG wanted) {
  NTSTATUS status = STATUS_SUCCESS;
  restart();
  __try {
    __try {
      step('1');
      ExRaiseStatus(STATUS_ACCESS_VIOLATION);
    } __except (filter(GetExceptionCode(), wanted)) {
      step('i');
      status = GetExceptionCode();
    }
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    step('o');
    status = STATUS_UNSUCCESSFUL;
  }
  return status;
}
static void raises(int depth) {
  __try {
    if (depth == 0) ExRaiseStatus(STATUS_NO_MEMORY);
    raises(depth - 1);
  } __finally {
    step((char)('0' + depth));
  }
}
static int loop_with_finally(void) {
  int n = 0;
  for (int i = 0; i < 5; i++) {
    __try {
      if (i == 1) continue;
      if (i == 3) break;
      n += 10;
    } __finally {
      n++;
    }
  }
  return n;
}
static int nothing_raised(int a) {
  __try { a += 5; } __except (step('!')) { a = -1; }
  return a;
}

int main(void) {
  CHECK(finally_order(0), 1); CHECK_TEXT(trail, "abnc");
  CHECK(finally_order(1), 0); CHECK_TEXT(trail, "anc");
  CHECK(finally_order(2), 'r'); CHECK_TEXT(trail, "arX");
  CHECK(catches(STATUS_ACCESS_VIOLATION), STATUS_ACCESS_VIOLATION); CHECK_TEXT(trail, "1fi");
  CHECK(catches(STATUS_NO_MEMORY), STATUS_UNSUCCESSFUL); CHECK_TEXT(trail, "1fo");
  restart();
  __try { raises(3); } __except (step('f'), EXCEPTION_EXECUTE_HANDLER) { step('h'); CHECK((NTSTATUS)GetExceptionCode(), STATUS_NO_MEMORY); }
  CHECK_TEXT(trail, "f0123h");
  CHECK(loop_with_finally(), 24);
  restart(); CHECK(nothing_raised(1), 6); CHECK_TEXT(trail, "");
  int kept = 1;
  __try { kept = 2; ExRaiseStatus(STATUS_UNSUCCESSFUL); kept = 3; } __except (EXCEPTION_EXECUTE_HANDLER) { kept *= 10; }
  CHECK(kept, 20);
  DONE();
}
