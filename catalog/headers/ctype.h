/* Classes of characters (ASCII), and upper and lower case of wide ones. */
#pragma once
#include <stddef.h>

int __cdecl isalnum(_In_ int Character);
int __cdecl isalpha(_In_ int Character);
int __cdecl isblank(_In_ int Character);
int __cdecl iscntrl(_In_ int Character);
int __cdecl isdigit(_In_ int Character);
int __cdecl isgraph(_In_ int Character);
int __cdecl islower(_In_ int Character);
int __cdecl isprint(_In_ int Character);
int __cdecl ispunct(_In_ int Character);
int __cdecl isspace(_In_ int Character);
int __cdecl isupper(_In_ int Character);
int __cdecl isxdigit(_In_ int Character);
int __cdecl tolower(_In_ int Character);
int __cdecl toupper(_In_ int Character);

wint_t __cdecl towlower(_In_ wint_t Character);
wint_t __cdecl towupper(_In_ wint_t Character);
