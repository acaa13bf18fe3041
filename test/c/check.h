/* What every program here says its expectations with. A failure prints its place and both values; the last line counts. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int checks_done, checks_failed;

static void check_integer(const char *file, int line, const char *what, long long is, long long should) {
  checks_done++;
  if (is == should) return;
  checks_failed++;
  printf("%s:%d: %s is %lld, should be %lld\n", file, line, what, is, should);
}

static void check_double(const char *file, int line, const char *what, double is, double should) {
  checks_done++;
  if (is == should || (is != is && should != should)) return;
  checks_failed++;
  printf("%s:%d: %s is %.17g, should be %.17g\n", file, line, what, is, should);
}

static void check_text(const char *file, int line, const char *what, const char *is, const char *should) {
  checks_done++;
  if (strcmp(is, should) == 0) return;
  checks_failed++;
  printf("%s:%d: %s is \"%s\", should be \"%s\"\n", file, line, what, is, should);
}

#define CHECK(is, should) check_integer(__FILE__, __LINE__, #is, (long long)(is), (long long)(should))
#define CHECK_TRUE(is) check_integer(__FILE__, __LINE__, #is, !!(is), 1)
#define CHECK_DOUBLE(is, should) check_double(__FILE__, __LINE__, #is, (is), (should))
#define CHECK_TEXT(is, should) check_text(__FILE__, __LINE__, #is, (is), (should))

/* The last statement of main: the count on a line of its own, and the exit status. */
#define DONE() return printf("%d checks, %d failed\n", checks_done, checks_failed), checks_failed != 0
