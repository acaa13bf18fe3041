/* Primes below 8,192 by the sieve of Eratosthenes, in a global array of bytes; once for each N. */
#include <stdio.h>

unsigned char composite[8192];

int main()
{
    int count = 0;
    int round, i, j;
    for (round = 0; round < N; round++) {
        for (i = 0; i < 8192; i++) {
            composite[i] = 0;
        }
        for (i = 2; i < 8192; i++) {
            if (composite[i] == 0) {
                count++;
                for (j = i + i; j < 8192; j += i) {
                    composite[j] = 1;
                }
            }
        }
    }
    printf("%d\n", count);
    return 0;
}
