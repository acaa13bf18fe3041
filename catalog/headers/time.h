/* Time for programs that `wsk run --entry main` runs: it is the run's virtual time. */
#pragma once
#include <stddef.h>

#define CLOCKS_PER_SEC 1000
#define TIME_UTC 1
typedef __int64 time_t;
typedef long clock_t;
struct tm {
  int tm_sec;
  int tm_min;
  int tm_hour;
  int tm_mday;
  int tm_mon;
  int tm_year;
  int tm_wday;
  int tm_yday;
  int tm_isdst;
};

time_t __cdecl time(_Out_opt_ time_t *Time);
clock_t __cdecl clock(void);
double __cdecl difftime(_In_ time_t End, _In_ time_t Start);
time_t __cdecl mktime(_Inout_ struct tm *Time);
struct tm *__cdecl gmtime(_In_ const time_t *Time);
struct tm *__cdecl localtime(_In_ const time_t *Time);
size_t __cdecl strftime(_Out_writes_z_(Size) char *Buffer, _In_ size_t Size, _In_z_ const char *Format,
                        _In_ const struct tm *Time);
