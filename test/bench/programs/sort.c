/* Shell sort of 1,024 numbers through a pointer argument; once for each N. */
#include <stdio.h>

int values[1024];

void shell_sort(int *v, int count)
{
    int gap, i, j, held;
    for (gap = count / 2; gap > 0; gap /= 2) {
        for (i = gap; i < count; i++) {
            held = v[i];
            for (j = i - gap; j >= 0 && v[j] > held; j -= gap) {
                v[j + gap] = v[j];
            }
            v[j + gap] = held;
        }
    }
}

int main()
{
    int sum = 0;
    int seed = 12345;
    int round, i;
    for (round = 0; round < N; round++) {
        for (i = 0; i < 1024; i++) {
            seed = (seed * 1103 + 12345) % 65536;
            values[i] = seed;
        }
        shell_sort(values, 1024);
        for (i = 0; i < 1024; i += 64) {
            sum = (sum * 3 + values[i]) % 1000003;
        }
    }
    printf("%d\n", sum);
    return 0;
}
