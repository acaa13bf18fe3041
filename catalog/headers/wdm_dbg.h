/* Debug output, assertions, PAGED_CODE. */
#pragma once
#include <wsk_internal.h>

#define DPFLTR_ERROR_LEVEL 0
#define DPFLTR_WARNING_LEVEL 1
#define DPFLTR_TRACE_LEVEL 2
#define DPFLTR_INFO_LEVEL 3
#define DPFLTR_MASK 0x80000000
typedef enum _DPFLTR_TYPE {
  DPFLTR_SYSTEM_ID = 0,
  DPFLTR_NETAPI_ID = 36,
  DPFLTR_WDM_ID = 52,
  DPFLTR_IHVDRIVER_ID = 77,
  DPFLTR_IHVVIDEO_ID = 78,
  DPFLTR_IHVAUDIO_ID = 79,
  DPFLTR_IHVNETWORK_ID = 80,
  DPFLTR_IHVSTREAMING_ID = 81,
  DPFLTR_IHVBUS_ID = 82,
  DPFLTR_DEFAULT_ID = 101
} DPFLTR_TYPE;

_IRQL_requires_max_(HIGH_LEVEL)
ULONG __cdecl DbgPrint(_In_z_ _Printf_format_string_ PCSTR Format, ...);
_IRQL_requires_max_(HIGH_LEVEL)
ULONG __cdecl DbgPrintEx(_In_ ULONG ComponentId, _In_ ULONG Level, _In_z_ _Printf_format_string_ PCSTR Format, ...);
_IRQL_requires_max_(HIGH_LEVEL)
NTSYSAPI ULONG NTAPI vDbgPrintEx(_In_ ULONG ComponentId, _In_ ULONG Level, _In_z_ PCCH Format, _In_ va_list arglist);
_IRQL_requires_max_(HIGH_LEVEL)
NTSYSAPI ULONG NTAPI vDbgPrintExWithPrefix(_In_z_ PCCH Prefix, _In_ ULONG ComponentId, _In_ ULONG Level,
                                           _In_z_ PCCH Format, _In_ va_list arglist);
#if DBG
#define KdPrint(_x_) DbgPrint _x_
#define KdPrintEx(_x_) DbgPrintEx _x_
#define KdBreakPoint() DbgBreakPoint()
#else
#define KdPrint(_x_)
#define KdPrintEx(_x_)
#define KdBreakPoint()
#endif
NTSYSAPI VOID NTAPI DbgBreakPoint(VOID);
#define DbgRaiseAssertionFailure() __int2c()
NTSYSAPI VOID NTAPI DbgBreakPointWithStatus(_In_ ULONG Status);
extern PBOOLEAN KdDebuggerEnabled;
extern PBOOLEAN KdDebuggerNotPresent;
_IRQL_requires_max_(HIGH_LEVEL)
NTKERNELAPI BOOLEAN NTAPI KdRefreshDebuggerNotPresent(VOID);
#define KD_DEBUGGER_ENABLED (*KdDebuggerEnabled)
#define KD_DEBUGGER_NOT_PRESENT (*KdDebuggerNotPresent)

NTSYSAPI VOID NTAPI RtlAssert(_In_ PVOID VoidFailedAssertion, _In_ PVOID VoidFileName, _In_ ULONG LineNumber,
                              _In_opt_ PSTR MutableMessage);
#if DBG
#define ASSERT(exp) ((exp) ? TRUE : (RtlAssert(#exp, __FILE__, __LINE__, NULL), FALSE))
#define ASSERTMSG(msg, exp) ((exp) ? TRUE : (RtlAssert(#exp, __FILE__, __LINE__, msg), FALSE))
#define RTL_SOFT_ASSERT(exp) ((exp) ? TRUE : (DbgPrint("%s(%d): %s\n", __FILE__, __LINE__, #exp), FALSE))
#define RTL_SOFT_ASSERTMSG(msg, exp) ((exp) ? TRUE : (DbgPrint("%s(%d): %s %s\n", __FILE__, __LINE__, #exp, msg), FALSE))
#define NT_ASSERT(exp) ASSERT(exp)
#define NT_ASSERTMSG(msg, exp) ASSERTMSG(msg, exp)
#define NT_VERIFY(exp) ASSERT(exp)
#define NT_VERIFYMSG(msg, exp) ASSERTMSG(msg, exp)
#define RTL_VERIFY(exp) ASSERT(exp)
#else
#define ASSERT(exp) ((void)0)
#define ASSERTMSG(msg, exp) ((void)0)
#define RTL_SOFT_ASSERT(exp) ((void)0)
#define RTL_SOFT_ASSERTMSG(msg, exp) ((void)0)
#define NT_ASSERT(exp) ((void)0)
#define NT_ASSERTMSG(msg, exp) ((void)0)
#define NT_VERIFY(exp) ((exp) ? TRUE : FALSE)
#define NT_VERIFYMSG(msg, exp) ((exp) ? TRUE : FALSE)
#define RTL_VERIFY(exp) ((exp) ? TRUE : FALSE)
#endif
#define NT_ASSERTASSUME NT_ASSERT
#define NT_ANALYSIS_ASSUME(exp) _Analysis_assume_(exp)
#define NT_FRE_ASSERT(exp) ((exp) ? TRUE : (RtlAssert(#exp, __FILE__, __LINE__, NULL), FALSE))

/* Only pageable functions contain these: they must not run at DISPATCH_LEVEL or above. The semicolons are the WDK's. */
#define PAGED_CODE() __wsk_paged_code();
#define PAGED_CODE_LOCKED() ((void)0);
#define PAGED_ASSERT(exp) ASSERT(exp)
#define NON_PAGED_CODE() ((void)0)
#define ALLOC_PRAGMA 1
#define ALLOC_DATA_PRAGMA 1
