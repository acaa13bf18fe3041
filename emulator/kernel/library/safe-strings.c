/*
 * The safe string functions of the N and Ex families, for characters of both sizes.
 */
#include <ntddk.h>
#include <ntstrsafe.h>
#include "ki.h"

enum { KNOWN_FLAGS = 0x1FFF };

#define FILL_BYTE(Flags) ((int)((Flags) & 0xFF))

#define CHARACTER char
#define OF_CHARACTER(Name) Name##A
#include "safe-strings.h"
#undef CHARACTER
#undef OF_CHARACTER

#define CHARACTER wchar_t
#define OF_CHARACTER(Name) Name##W
#include "safe-strings.h"
