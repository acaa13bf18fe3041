/* Variable arguments: the compiler's own words for them. */
#pragma once

#ifndef _VA_LIST_DEFINED
#define _VA_LIST_DEFINED
typedef __builtin_va_list va_list;
#endif
#define va_start(ap, x) __builtin_va_start(ap, x)
#define va_arg(ap, t) __builtin_va_arg(ap, t)
#define va_end(ap) __builtin_va_end(ap)
#define va_copy(destination, source) __builtin_va_copy(destination, source)
