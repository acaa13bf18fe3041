/* Arithmetic and branches in one loop, within the range of int (JSCPP wraps nothing); 10,000 rounds for each N. */
#include <stdio.h>

int main()
{
    int sum = 1;
    int i;
    for (i = 0; i < N * 10000; i++) {
        sum = ((sum << 3) ^ i) & 0xffffff;
        if (sum & 1) {
            sum -= 7;
        }
    }
    printf("%d\n", sum);
    return 0;
}
