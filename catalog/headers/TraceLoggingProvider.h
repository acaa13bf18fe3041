/*
 * TraceLogging: events that say their own names. A field is a run of arguments (what it is, its name, its value), and an
 * event is one call with all of them; the emulator writes it into the run's log. TraceLoggingValue is C++'s in the WDK.
 */
#pragma once
#include <wdm.h>
#include <wsk_internal.h>

struct _tlgProvider_t {
  const char *Name;
  ULONG IsRegistered;
};
typedef struct _tlgProvider_t const *TraceLoggingHProvider;

#define TRACELOGGING_DECLARE_PROVIDER(handle) extern TraceLoggingHProvider const handle
#define TRACELOGGING_DEFINE_PROVIDER(handle, name, id, ...)      \
  static struct _tlgProvider_t __wsk_provider_##handle = {name}; \
  TraceLoggingHProvider const handle = &__wsk_provider_##handle
#define TRACELOGGING_DEFINE_PROVIDER_STORAGE(storage, name, id, ...) static struct _tlgProvider_t storage = {name}

#define TraceLoggingRegister(handle) __wsk_trace_register(handle)
#define TraceLoggingRegisterEx(handle, callback, context) ((void)(callback), (void)(context), __wsk_trace_register(handle))
#define TraceLoggingUnregister(handle) __wsk_trace_unregister(handle)
#define TraceLoggingProviderEnabled(handle, level, keyword) \
  ((void)(level), (void)(keyword), (BOOLEAN)((handle)->IsRegistered != 0))

/* The arguments of an event are evaluated only where somebody listens: here, where the provider is registered. */
#define TraceLoggingWrite(handle, name, ...) \
  ((handle)->IsRegistered ? __wsk_trace_logging(handle, name, ##__VA_ARGS__, 0) : (void)0)
#define TraceLoggingWriteActivity(handle, name, activity, related, ...) \
  TraceLoggingWrite(handle, name, ##__VA_ARGS__)

/* What is said of the whole event. */
#define TraceLoggingLevel(level) 1, (ULONG)(level)
#define TraceLoggingKeyword(keyword) 2, (ULONGLONG)(keyword)
#define TraceLoggingOpcode(opcode) 3, (ULONG)(opcode)
#define TraceLoggingChannel(channel) 4, (ULONG)(channel)
#define TraceLoggingEventTag(tag) 4, (ULONG)(tag)
#define TraceLoggingDescription(text) 5, text
#define TraceLoggingCustomAttribute(name, value) 5, value
/* The next `count` fields belong together. */
#define TraceLoggingStruct(count, ...) 6, _tlgName("", ##__VA_ARGS__, ""), (ULONG)(count)

/* A field's name, where it is given, is the first argument after its value. */
#define _tlgName(text, ...) _tlgSecond(text, ##__VA_ARGS__, text)
#define _tlgSecond(first, second, ...) second

#define TraceLoggingInt8(value, ...) 10, _tlgName(#value, ##__VA_ARGS__), (LONGLONG)(CHAR)(value)
#define TraceLoggingInt16(value, ...) 10, _tlgName(#value, ##__VA_ARGS__), (LONGLONG)(SHORT)(value)
#define TraceLoggingInt32(value, ...) 10, _tlgName(#value, ##__VA_ARGS__), (LONGLONG)(LONG)(value)
#define TraceLoggingInt64(value, ...) 10, _tlgName(#value, ##__VA_ARGS__), (LONGLONG)(value)
#define TraceLoggingIntPtr(value, ...) 10, _tlgName(#value, ##__VA_ARGS__), (LONGLONG)(value)
#define TraceLoggingLong(value, ...) 10, _tlgName(#value, ##__VA_ARGS__), (LONGLONG)(LONG)(value)
#define TraceLoggingUInt8(value, ...) 11, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(UCHAR)(value)
#define TraceLoggingUInt16(value, ...) 11, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(USHORT)(value)
#define TraceLoggingUInt32(value, ...) 11, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(ULONG)(value)
#define TraceLoggingUInt64(value, ...) 11, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(value)
#define TraceLoggingUIntPtr(value, ...) 11, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(value)
#define TraceLoggingULong(value, ...) 11, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(ULONG)(value)
#define TraceLoggingPid(value, ...) 11, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(ULONG)(value)
#define TraceLoggingTid(value, ...) 11, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(ULONG)(value)
#define TraceLoggingHexInt8(value, ...) 12, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(UCHAR)(value)
#define TraceLoggingHexInt16(value, ...) 12, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(USHORT)(value)
#define TraceLoggingHexInt32(value, ...) 12, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(ULONG)(value)
#define TraceLoggingHexInt64(value, ...) 12, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(value)
#define TraceLoggingHexLong(value, ...) 12, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(ULONG)(value)
#define TraceLoggingHexUInt8(value, ...) 12, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(UCHAR)(value)
#define TraceLoggingHexUInt16(value, ...) 12, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(USHORT)(value)
#define TraceLoggingHexUInt32(value, ...) 12, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(ULONG)(value)
#define TraceLoggingHexUInt64(value, ...) 12, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(value)
#define TraceLoggingHexULong(value, ...) 12, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(ULONG)(value)
#define TraceLoggingHexUIntPtr(value, ...) 12, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(value)
#define TraceLoggingPointer(value, ...) 12, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(ULONG_PTR)(value)
#define TraceLoggingCodePointer(value, ...) 12, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(ULONG_PTR)(value)
#define TraceLoggingWinError(value, ...) 11, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(ULONG)(value)
#define TraceLoggingHResult(value, ...) 12, _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(ULONG)(value)
#define TraceLoggingNTStatus(value, ...) 13, _tlgName(#value, ##__VA_ARGS__), (LONG)(value)
#define TraceLoggingBool(value, ...) 14, _tlgName(#value, ##__VA_ARGS__), (LONG)(value)
#define TraceLoggingBoolean(value, ...) 14, _tlgName(#value, ##__VA_ARGS__), (LONG)(UCHAR)(value)
#define TraceLoggingFloat32(value, ...) 15, _tlgName(#value, ##__VA_ARGS__), (double)(value)
#define TraceLoggingFloat64(value, ...) 15, _tlgName(#value, ##__VA_ARGS__), (double)(value)
#define TraceLoggingChar(value, ...) 16, _tlgName(#value, ##__VA_ARGS__), (ULONG)(UCHAR)(value)
#define TraceLoggingWChar(value, ...) 16, _tlgName(#value, ##__VA_ARGS__), (ULONG)(WCHAR)(value)
#define TraceLoggingString(value, ...) 20, _tlgName(#value, ##__VA_ARGS__), (const char *)(value)
#define TraceLoggingUtf8String(value, ...) 20, _tlgName(#value, ##__VA_ARGS__), (const char *)(value)
#define TraceLoggingWideString(value, ...) 21, _tlgName(#value, ##__VA_ARGS__), (const WCHAR *)(value)
#define TraceLoggingCountedString(value, count, ...) \
  22, _tlgName(#value, ##__VA_ARGS__), (const char *)(value), (ULONG)(count)
#define TraceLoggingCountedUtf8String(value, count, ...) \
  22, _tlgName(#value, ##__VA_ARGS__), (const char *)(value), (ULONG)(count)
#define TraceLoggingCountedWideString(value, count, ...) \
  23, _tlgName(#value, ##__VA_ARGS__), (const WCHAR *)(value), (ULONG)(count)
#define TraceLoggingUnicodeString(value, ...) 24, _tlgName(#value, ##__VA_ARGS__), (const UNICODE_STRING *)(value)
#define TraceLoggingAnsiString(value, ...) 25, _tlgName(#value, ##__VA_ARGS__), (const ANSI_STRING *)(value)
#define TraceLoggingGuid(value, ...) 26, _tlgName(#value, ##__VA_ARGS__), (const GUID *)&(value)
#define TraceLoggingBinary(value, size, ...) 27, _tlgName(#value, ##__VA_ARGS__), (const void *)(value), (ULONG)(size)
#define TraceLoggingSocketAddress(value, size, ...) \
  27, _tlgName(#value, ##__VA_ARGS__), (const void *)(value), (ULONG)(size)
#define TraceLoggingIPv4Address(value, ...) 28, _tlgName(#value, ##__VA_ARGS__), (ULONG)(value)
#define TraceLoggingIPv6Address(value, ...) 29, _tlgName(#value, ##__VA_ARGS__), (const void *)(value)
#define TraceLoggingPort(value, ...) 30, _tlgName(#value, ##__VA_ARGS__), (ULONG)(USHORT)(value)
#define TraceLoggingFileTime(value, ...) 11, _tlgName(#value, ##__VA_ARGS__), *(const ULONGLONG *)&(value)

/* Whatever it is: an integer or a pointer by its value, a text as a text. */
#define TraceLoggingValue(value, ...)                                                                             \
  _Generic((value), char *: 20, const char *: 20, WCHAR *: 21, const WCHAR *: 21, signed char: 10, short: 10, int: 10, \
           long: 10, long long: 10, default: 11),                                                                 \
      _tlgName(#value, ##__VA_ARGS__), (ULONGLONG)(value)

/* Arrays: the size of an element stands behind the count. */
#define TraceLoggingInt8Array(value, count, ...) 40, _tlgName(#value, ##__VA_ARGS__), (const void *)(value), (ULONG)(count), -1
#define TraceLoggingInt16Array(value, count, ...) 40, _tlgName(#value, ##__VA_ARGS__), (const void *)(value), (ULONG)(count), -2
#define TraceLoggingInt32Array(value, count, ...) 40, _tlgName(#value, ##__VA_ARGS__), (const void *)(value), (ULONG)(count), -4
#define TraceLoggingInt64Array(value, count, ...) 40, _tlgName(#value, ##__VA_ARGS__), (const void *)(value), (ULONG)(count), -8
#define TraceLoggingUInt8Array(value, count, ...) 40, _tlgName(#value, ##__VA_ARGS__), (const void *)(value), (ULONG)(count), 1
#define TraceLoggingUInt16Array(value, count, ...) 40, _tlgName(#value, ##__VA_ARGS__), (const void *)(value), (ULONG)(count), 2
#define TraceLoggingUInt32Array(value, count, ...) 40, _tlgName(#value, ##__VA_ARGS__), (const void *)(value), (ULONG)(count), 4
#define TraceLoggingUInt64Array(value, count, ...) 40, _tlgName(#value, ##__VA_ARGS__), (const void *)(value), (ULONG)(count), 8
