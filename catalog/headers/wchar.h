/* Wide strings: declared with the narrow ones. */
#pragma once
#include <stdarg.h>
#include <string.h>
#include <stdint.h>
wint_t __cdecl towlower(_In_ wint_t Character);
wint_t __cdecl towupper(_In_ wint_t Character);
