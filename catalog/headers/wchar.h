/* Wide strings: declared with the narrow ones. */
#pragma once
#include <stdarg.h>
#include <string.h>
#include <stdint.h>
