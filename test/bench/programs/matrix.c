/* Product of two 20 by 20 matrices of double; once for each N. */
#include <stdio.h>

double a[20][20];
double b[20][20];
double c[20][20];

int main()
{
    double trace = 0;
    int round, i, j, k;
    for (i = 0; i < 20; i++) {
        for (j = 0; j < 20; j++) {
            a[i][j] = i + j * 0.5;
            b[i][j] = i - j * 0.25;
        }
    }
    for (round = 0; round < N; round++) {
        for (i = 0; i < 20; i++) {
            for (j = 0; j < 20; j++) {
                double sum = 0;
                for (k = 0; k < 20; k++) {
                    sum += a[i][k] * b[k][j];
                }
                c[i][j] = sum;
            }
        }
        a[0][0] = c[1][1] / 4096.0;
        for (i = 0; i < 20; i++) {
            trace += c[i][i];
        }
    }
    printf("%d\n", (int)(trace / N));
    return 0;
}
