/*
 * Stands in for every *.tmh file, which the trace preprocessor would make. A trace call becomes a call of
 * __wsk_trace_event; its flag and level go along as text, because only the real preprocessor knows those names.
 * WPP_CONTROL_GUIDS is never expanded. Functions named in a WPP configuration comment (FUNC Trace{…}) are made into such macros by the reader.
 */
#pragma once
#include <evntrace.h>
#include <wsk_internal.h>

#define WPP_INIT_TRACING(...) ((void)0)
#define WPP_CLEANUP(...) ((void)0)
#define WPP_SYSTEMCONTROL(...)
#define WPP_SYSTEMCONTROL2(...)
#define DoTraceMessage(Flags, ...) __wsk_trace_event("", #Flags, __VA_ARGS__)
#define DoTraceLevelMessage(Level, Flags, ...) __wsk_trace_event(#Level, #Flags, __VA_ARGS__)
#define TraceEvents(Level, Flags, ...) __wsk_trace_event(#Level, #Flags, __VA_ARGS__)
#define WPP_ENABLED() 1
#define WPP_LEVEL_ENABLED(Flags) 1
#define WPP_LEVEL_LOGGER(Flags) 0,
#define WPP_FLAG_ENABLED(Flags) 1
#define WPP_FLAG_LOGGER(Flags) 0,

#ifndef TRACE_LEVEL_NONE
#define TRACE_LEVEL_NONE 0
#define TRACE_LEVEL_CRITICAL 1
#define TRACE_LEVEL_FATAL 1
#define TRACE_LEVEL_ERROR 2
#define TRACE_LEVEL_WARNING 3
#define TRACE_LEVEL_INFORMATION 4
#define TRACE_LEVEL_VERBOSE 5
#endif
