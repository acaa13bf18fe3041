/* Our own functions behind WDK macros. Drivers never name them; the emulator implements them, lint sees them as calls. */
#pragma once

/* PAGED_CODE(): the caller is in pageable memory, so the IRQL must be at most APC_LEVEL. */
void __wsk_paged_code(void);
/* A WPP trace message: format with %!TYPE! extensions, then the arguments. */
void __cdecl __wsk_trace(_In_z_ const char *Format, ...);
