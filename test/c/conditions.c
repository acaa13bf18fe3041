/* Conditional text: #if arithmetic, defined, nesting, #elif, skipped garbage, and 64-bit and unsigned rules. */
#include "check.h"

#define YES 1
#define EMPTY
#define F(x) ((x) * 2)
#if YES && !defined(NO) && defined YES
#define A 1
#else
#define A 0
#endif
#if NO
#define B 0
#elif F(2) == 4
#define B 1
#elif 1 / 0
#define B 2
#else
#define B 3
#endif
#ifdef NO
#if garbage ( " unfinished
#else
#endif
it's not C @ all
#elif 0
#else
#define C 1
#endif
#ifndef YES
#define D 0
#else
# ifdef EMPTY
#  define D 1
# endif
#endif
#if (-1 < 0u) || 0xffffffffffffffff != -1 || -1 > 1u == 0
#define E 0
#else
#define E 1
#endif
#if 1 ? 2 : (1 / 0)
#define G 1
#endif
#if 0 && (1 / 0) || 1 || (1 % 0)
#define H 1
#endif
#if 'a' == 97 && '\0' == 0 && 'ab' != 0
#define I 1
#endif
#if (1 << 40) == 1099511627776 && 0x7fffffff + 1 > 0 && 2147483648 > 0 && 010 == 8 && 0b101 == 5
#define J 1
#endif
#if undefined_word == 0 && !undefined_word
#define K 1
#endif
#if (2 + 3 * 4 - 10 / 2 % 3 << 1 & 0xff | 1 ^ 2) == 27
#define L 1
#else
#define L 0
#endif
#if defined(YES) + defined(NO) + defined YES == 2
#define M 1
#endif
#if -5 / 2 == -2 && -5 % 2 == -1 && ~0 == -1 && -1 >> 1 == -1
#define N 1
#endif
#if 0
#elif 0
#elif 1
#define O 1
#elif 1
#define O 2
#endif
#if 0 /* comment
#endif */
#define P 0
#else // not this
#define P 1
#endif
#if 1 == 1L && 1u == 1ull && 5 > 3 == 1
#define Q 1
#endif
#if !(defined NO || YES - 1)
#define R 1
#endif

int main(void) {
  CHECK(A, 1); CHECK(B, 1); CHECK(C, 1); CHECK(D, 1); CHECK(E, 1); CHECK(G, 1); CHECK(H, 1); CHECK(I, 1); CHECK(J, 1); CHECK(K, 1);
  CHECK(L, 1); CHECK(M, 1); CHECK(N, 1); CHECK(O, 1); CHECK(P, 1); CHECK(Q, 1); CHECK(R, 1);
  int n = 0;
#if 1
  n += 1;
# if 0
  n += 10;
# else
  n += 100;
# endif
#else
  n += 1000;
#endif
  CHECK(n, 101);
  DONE();
}
