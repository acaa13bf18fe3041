/* Our own functions behind WDK macros. Drivers never name them; the emulator implements them, lint sees them as calls. */
#pragma once

/* PAGED_CODE(): the caller is in pageable memory, so the IRQL must be at most APC_LEVEL. */
void __wsk_paged_code(void);
/* A WPP trace message: format with %!TYPE! extensions, then the arguments. */
void __cdecl __wsk_trace(_In_z_ const char *Format, ...);
/* The same with the names of its level and its flag, as the driver writes them; "" where it has none. */
void __cdecl __wsk_trace_event(_In_z_ const char *Level, _In_z_ const char *Flags, _In_z_ const char *Format, ...);
struct _tlgProvider_t;
/* A TraceLogging event: kind, name and value of each field, up to a kind of 0. */
void __cdecl __wsk_trace_logging(const struct _tlgProvider_t *Provider, _In_z_ const char *Name, ...);
/* Begins and ends the registration of a TraceLogging provider. */
long __wsk_trace_register(const struct _tlgProvider_t *Provider);
void __wsk_trace_unregister(const struct _tlgProvider_t *Provider);
