/* The C locale, which is the only one. */
#pragma once
#include <stddef.h>

#define LC_ALL 0
#define LC_COLLATE 1
#define LC_CTYPE 2
#define LC_MONETARY 3
#define LC_NUMERIC 4
#define LC_TIME 5
struct lconv {
  char *decimal_point;
  char *thousands_sep;
  char *grouping;
};

char *__cdecl setlocale(_In_ int Category, _In_opt_z_ const char *Locale);
struct lconv *__cdecl localeconv(void);
