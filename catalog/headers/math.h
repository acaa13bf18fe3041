/* Floating-point functions of the C library. */
#pragma once

#define M_PI 3.14159265358979323846
#define M_PI_2 1.57079632679489661923
#define M_PI_4 0.785398163397448309616
#define M_E 2.71828182845904523536
#define M_LN2 0.693147180559945309417
#define M_LN10 2.30258509299404568402
#define M_SQRT2 1.41421356237309504880
#define HUGE_VAL ((double)(1e+308 * 1e+308))
#define HUGE_VALF ((float)HUGE_VAL)
#define INFINITY ((float)(1e+308 * 1e+308))
#define NAN ((float)(INFINITY * 0.0F))
#define FP_NAN 2
#define FP_INFINITE 1
#define FP_ZERO 0
#define FP_SUBNORMAL (-2)
#define FP_NORMAL (-1)

#define WSK_DECLARE_MATH_1_(Name)           \
  double __cdecl Name(_In_ double x);       \
  float __cdecl Name##f(_In_ float x);
#define WSK_DECLARE_MATH_2_(Name)                      \
  double __cdecl Name(_In_ double x, _In_ double y);   \
  float __cdecl Name##f(_In_ float x, _In_ float y);
WSK_DECLARE_MATH_1_(acos)
WSK_DECLARE_MATH_1_(acosh)
WSK_DECLARE_MATH_1_(asin)
WSK_DECLARE_MATH_1_(asinh)
WSK_DECLARE_MATH_1_(atan)
WSK_DECLARE_MATH_1_(atanh)
WSK_DECLARE_MATH_1_(cbrt)
WSK_DECLARE_MATH_1_(ceil)
WSK_DECLARE_MATH_1_(cos)
WSK_DECLARE_MATH_1_(cosh)
WSK_DECLARE_MATH_1_(exp)
WSK_DECLARE_MATH_1_(exp2)
WSK_DECLARE_MATH_1_(expm1)
WSK_DECLARE_MATH_1_(fabs)
WSK_DECLARE_MATH_1_(floor)
WSK_DECLARE_MATH_1_(log)
WSK_DECLARE_MATH_1_(log10)
WSK_DECLARE_MATH_1_(log1p)
WSK_DECLARE_MATH_1_(log2)
WSK_DECLARE_MATH_1_(nearbyint)
WSK_DECLARE_MATH_1_(rint)
WSK_DECLARE_MATH_1_(round)
WSK_DECLARE_MATH_1_(sin)
WSK_DECLARE_MATH_1_(sinh)
WSK_DECLARE_MATH_1_(sqrt)
WSK_DECLARE_MATH_1_(tan)
WSK_DECLARE_MATH_1_(tanh)
WSK_DECLARE_MATH_1_(trunc)
WSK_DECLARE_MATH_2_(atan2)
WSK_DECLARE_MATH_2_(copysign)
WSK_DECLARE_MATH_2_(fdim)
WSK_DECLARE_MATH_2_(fmax)
WSK_DECLARE_MATH_2_(fmin)
WSK_DECLARE_MATH_2_(fmod)
WSK_DECLARE_MATH_2_(hypot)
WSK_DECLARE_MATH_2_(pow)
#undef WSK_DECLARE_MATH_1_
#undef WSK_DECLARE_MATH_2_

double __cdecl frexp(_In_ double x, _Out_ int *y);
double __cdecl ldexp(_In_ double x, _In_ int y);
double __cdecl modf(_In_ double x, _Out_ double *y);
long __cdecl lround(_In_ double x);
long long __cdecl llround(_In_ double x);
int __cdecl _isnan(_In_ double x);
int __cdecl _finite(_In_ double x);
int __cdecl __wsk_is_infinite(_In_ double x);
int __cdecl __wsk_sign_bit(_In_ double x);

#define isnan(x) (_isnan((double)(x)) != 0)
#define isfinite(x) (_finite((double)(x)) != 0)
#define isinf(x) (__wsk_is_infinite((double)(x)) != 0)
#define signbit(x) (__wsk_sign_bit((double)(x)) != 0)
