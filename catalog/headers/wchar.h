/* Wide strings: declared with the narrow ones. */
#pragma once
#include <ctype.h>
#include <stdarg.h>
#include <string.h>
#include <stdint.h>
