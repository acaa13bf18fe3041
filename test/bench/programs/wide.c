/* 64-bit arithmetic: a linear congruential generator, xorshift, and FNV-1a; 1,000 rounds for each N. */
#include <stdio.h>

typedef unsigned long long ULONG64;

static ULONG64 xorshift(ULONG64 x)
{
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return x;
}

int main()
{
    ULONG64 state = 88172645463325252ull;
    ULONG64 random = 1;
    ULONG64 hash = 14695981039346656037ull;
    long long balance = 0;
    unsigned int i;
    for (i = 0; i < N * 1000u; i++) {
        state = xorshift(state);
        random = random * 6364136223846793005ull + 1442695040888963407ull;
        hash = (hash ^ (state & 0xff)) * 1099511628211ull;
        balance += (long long)(random >> 33) - 1073741824;
        if (balance < 0) {
            balance = -balance;
        }
        if ((i & 63) == 0) {
            hash += random / 1000003 + state % 65521;
        }
    }
    printf("%llu %llu %llu %lld\n", state, random, hash, balance);
    return 0;
}
