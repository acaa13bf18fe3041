/* The loop of the bench: gcc runs the same text. */
#include <stdio.h>

int main(void)
{
    unsigned int sum = 0;
    for (unsigned int i = 0; i < 5000000u; i++) {
        sum += i ^ (sum << 3);
        if (sum & 1u) {
            sum -= 7u;
        }
    }
    printf("%u\n", sum);
    return 0;
}
