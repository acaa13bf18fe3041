/* TraceLogging: a provider handle and events that go nowhere. */
#pragma once

typedef struct _tlgProvider_t const *TraceLoggingHProvider;
#define TRACELOGGING_DECLARE_PROVIDER(handle) extern TraceLoggingHProvider const handle
#define TRACELOGGING_DEFINE_PROVIDER(handle, name, id, ...) TraceLoggingHProvider const handle = 0
#define TraceLoggingRegister(handle) ((NTSTATUS)0)
#define TraceLoggingUnregister(handle) ((void)0)
#define TraceLoggingWrite(handle, name, ...) ((void)0)
#define TraceLoggingProviderEnabled(handle, level, keyword) 0
