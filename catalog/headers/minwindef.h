/* Names of the Windows types that some kernel headers share with user mode. All are in ntdef.h already. */
#pragma once
#include <ntdef.h>
#define CALLBACK __stdcall
#define WINAPI __stdcall
#define APIENTRY WINAPI
#define PASCAL __stdcall
#define MAX_PATH 260
typedef HANDLE HINSTANCE, HMODULE;
typedef UINT_PTR WPARAM;
typedef LONG_PTR LPARAM, LRESULT;
