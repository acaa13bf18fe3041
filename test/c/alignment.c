/* _Alignas, _Alignof and what they do to variables, members and whole structures. */
#include "check.h"
#include <stdalign.h>

static _Alignas(64) char line[64];
static alignas(8) char text[3];
_Alignas(double) static char like_double;
static alignas(32) alignas(4) int strictest;
static struct { char c; } alignas(16) loose;
struct cache {
  int hot;
  alignas(64) int cold;
};
struct aligned_whole {
  alignas(int64_t) char bytes[12];
};

static int aligned_to(const volatile void *p, unsigned alignment) { return (uintptr_t)p % alignment == 0; }
static int local_alignment(int depth) {
  char filler = depth;
  alignas(32) char buffer[5] = {filler};
  alignas(16) int64_t number = depth;
  int good = aligned_to(buffer, 32) && aligned_to(&number, 16) && buffer[0] == depth && number == depth;
  return depth == 0 ? good : good && local_alignment(depth - 1);
}

int main(void) {
  CHECK(aligned_to(line, 64), 1);
  CHECK(aligned_to(text, 8), 1);
  CHECK(aligned_to(&like_double, 8), 1);
  CHECK(aligned_to(&strictest, 32), 1);
  CHECK(aligned_to(&loose, 1), 1);
  CHECK(sizeof(line), 64);
  CHECK(sizeof(text), 3);
  CHECK(sizeof(struct cache), 128);
  CHECK(offsetof(struct cache, cold), 64);
  CHECK(alignof(struct cache), 64);
  CHECK(sizeof(struct aligned_whole), 16);
  CHECK(_Alignof(struct aligned_whole), 8);
  static struct cache caches[3];
  CHECK(aligned_to(&caches[2].cold, 64), 1);
  CHECK(sizeof caches, 384);
  struct cache local;
  CHECK(aligned_to(&local, 64), 1);
  CHECK(local_alignment(10), 1);
  CHECK(alignof(char), 1);
  CHECK(alignof(int), 4);
  CHECK(alignof(void *), 8);
  CHECK(alignof(float), 4);
  CHECK(alignof(double), 8);
  CHECK(alignof(int[10]), 4);
  CHECK(aligned_to(&(int){5}, 4), 1);
  int i;
  int64_t l;
  double d;
  short s;
  CHECK(aligned_to(&i, alignof(int)) && aligned_to(&l, 8) && aligned_to(&d, 8) && aligned_to(&s, 2), 1);
  DONE();
}
