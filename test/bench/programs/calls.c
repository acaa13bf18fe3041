/* Recursive calls: fib(16) is 3,193 of them; once for each N. */
#include <stdio.h>

int fib(int n)
{
    if (n < 2) {
        return n;
    }
    return fib(n - 1) + fib(n - 2);
}

int main()
{
    int sum = 0;
    int i;
    for (i = 0; i < N; i++) {
        sum = (sum + fib(16)) % 1000003;
    }
    printf("%d\n", sum);
    return 0;
}
