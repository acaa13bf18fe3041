/* Signals: there are none in the emulator, so a call of signal or raise stops the run and names itself. */
#pragma once

typedef int sig_atomic_t;
#define SIGINT 2
#define SIGILL 4
#define SIGFPE 8
#define SIGSEGV 11
#define SIGTERM 15
#define SIGABRT 22
#define SIG_DFL ((void(__cdecl *)(int))0)
#define SIG_IGN ((void(__cdecl *)(int))1)
#define SIG_ERR ((void(__cdecl *)(int)) - 1)

void(__cdecl *__cdecl signal(_In_ int Signal, void(__cdecl *Function)(int)))(int);
int __cdecl raise(_In_ int Signal);
