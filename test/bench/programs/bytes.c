/* Copying loops as drivers write them: 4,096 bytes one by one, through pointers, and by index; for each N. */
#include <stdio.h>

unsigned char from[4096];
unsigned char to[4096];

void copy_bytes(unsigned char *target, unsigned char *source, int length)
{
    while (length > 0) {
        *target = *source;
        target++;
        source++;
        length--;
    }
}

int main()
{
    int sum = 0;
    int round, i;
    for (i = 0; i < 4096; i++) {
        from[i] = i % 251;
    }
    for (round = 0; round < N; round++) {
        copy_bytes(to, from, 4096);
        from[round % 4096] = round % 7;
        for (i = 0; i < 4096; i++) {
            from[i] = to[4095 - i];
        }
        sum = (sum + to[round % 4096]) % 1000003;
    }
    printf("%d\n", sum);
    return 0;
}
