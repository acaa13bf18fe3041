/* size_t, wchar_t, NULL, offsetof. */
#pragma once

#ifndef NULL
#define NULL ((void *)0)
#endif

#ifndef _SIZE_T_DEFINED
#define _SIZE_T_DEFINED
typedef unsigned __int64 size_t;
#endif
#ifndef _PTRDIFF_T_DEFINED
#define _PTRDIFF_T_DEFINED
typedef __int64 ptrdiff_t;
typedef __int64 intptr_t;
typedef unsigned __int64 uintptr_t;
#endif
#if !defined(_WCHAR_T_DEFINED) && !defined(__cplusplus)
#define _WCHAR_T_DEFINED
typedef unsigned short wchar_t;
#endif
typedef unsigned short wint_t;
typedef unsigned short wctype_t;
typedef int errno_t;
typedef double max_align_t;

#define offsetof(s, m) ((size_t)&(((s *)0)->m))
