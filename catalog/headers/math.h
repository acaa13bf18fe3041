/* Floating-point functions of the C library. */
#pragma once

#define M_PI 3.14159265358979323846
#define M_E 2.71828182845904523536
#define HUGE_VAL ((double)(1e+308 * 1e+308))
#define INFINITY ((float)(1e+308 * 1e+308))

double __cdecl acos(_In_ double x);
double __cdecl asin(_In_ double x);
double __cdecl atan(_In_ double x);
double __cdecl atan2(_In_ double y, _In_ double x);
double __cdecl ceil(_In_ double x);
double __cdecl cos(_In_ double x);
double __cdecl cosh(_In_ double x);
double __cdecl exp(_In_ double x);
double __cdecl fabs(_In_ double x);
double __cdecl floor(_In_ double x);
double __cdecl fmod(_In_ double x, _In_ double y);
double __cdecl log(_In_ double x);
double __cdecl log10(_In_ double x);
double __cdecl pow(_In_ double x, _In_ double y);
double __cdecl round(_In_ double x);
double __cdecl sin(_In_ double x);
double __cdecl sinh(_In_ double x);
double __cdecl sqrt(_In_ double x);
double __cdecl tan(_In_ double x);
double __cdecl tanh(_In_ double x);
double __cdecl trunc(_In_ double x);
