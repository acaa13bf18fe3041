/* setjmp and longjmp, for programs that `wsk run --entry main` runs. The buffer's content is the emulator's own. */
#pragma once

#define _JBLEN 16
typedef struct _SETJMP_FLOAT128 {
  unsigned __int64 Part[2];
} SETJMP_FLOAT128;
typedef SETJMP_FLOAT128 _JBTYPE;
typedef _JBTYPE jmp_buf[_JBLEN];

int __cdecl _setjmp(_Out_ jmp_buf Buffer);
__declspec(noreturn) void __cdecl longjmp(_In_ jmp_buf Buffer, _In_ int Value);
#define setjmp _setjmp
