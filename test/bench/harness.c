/*
 * Around a program of the bench for the native compilers, which read its main as `program_main`: prints the processor
 * time that it took, in nanoseconds, to stderr. Compiling and the start of the process are not in it.
 */
#include <stdio.h>
#include <time.h>

int program_main();

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(void)
{
    double start = now();
    program_main();
    fprintf(stderr, "%.0f\n", now() - start);
    return 0;
}
