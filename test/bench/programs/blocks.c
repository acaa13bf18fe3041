/* Copying and comparing by eight bytes, as in RtlCopyMemory's own loop, over 4,096 bytes; for each N. */
#include <stdio.h>

typedef unsigned long long ULONG64;
typedef unsigned char UCHAR;

static ULONG64 first[512];
static ULONG64 second[512];

static unsigned int copy(void *to, const void *from, unsigned int length)
{
    ULONG64 *target = to;
    const ULONG64 *source = from;
    while (length >= sizeof(ULONG64)) {
        *target++ = *source++;
        length -= sizeof(ULONG64);
    }
    return length;
}

static unsigned int equal(const void *left, const void *right, unsigned int length)
{
    const ULONG64 *a = left;
    const ULONG64 *b = right;
    unsigned int i;
    for (i = 0; i < length / sizeof(ULONG64); i++) {
        if (a[i] != b[i]) {
            break;
        }
    }
    return i * sizeof(ULONG64);
}

int main()
{
    ULONG64 sum = 0;
    unsigned int round, i;
    for (i = 0; i < 512; i++) {
        first[i] = (ULONG64)i * 0x0101010101010101ull;
    }
    for (round = 0; round < N; round++) {
        sum += copy(second, first, sizeof first);
        ((UCHAR *)second)[round & 4095] ^= 0x55;
        sum += equal(first, second, sizeof first);
        first[round & 511] += round;
    }
    printf("%llu\n", sum);
    return 0;
}
