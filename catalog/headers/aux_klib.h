/* What is loaded, and why the system stopped: a library that drivers link for old and new Windows alike. */
#pragma once
#include <ntddk.h>

#define AUX_KLIB_MODULE_PATH_LEN 256

typedef struct _AUX_MODULE_BASIC_INFO {
  PVOID ImageBase;
} AUX_MODULE_BASIC_INFO, *PAUX_MODULE_BASIC_INFO;

typedef struct _AUX_MODULE_EXTENDED_INFO {
  AUX_MODULE_BASIC_INFO BasicInfo;
  ULONG ImageSize;
  USHORT FileNameOffset;
  UCHAR FullPathName[AUX_KLIB_MODULE_PATH_LEN];
} AUX_MODULE_EXTENDED_INFO, *PAUX_MODULE_EXTENDED_INFO;

typedef struct _KBUGCHECK_DATA {
  ULONG BugCheckDataSize;
  ULONG BugCheckCode;
  ULONG_PTR Parameter1;
  ULONG_PTR Parameter2;
  ULONG_PTR Parameter3;
  ULONG_PTR Parameter4;
} KBUGCHECK_DATA, *PKBUGCHECK_DATA;

_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS AuxKlibInitialize(VOID);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS AuxKlibQueryModuleInformation(_Inout_ PULONG BufferSize, _In_ ULONG ElementSize, _Out_opt_ PVOID QueryInfo);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS AuxKlibGetBugCheckData(_Inout_ PKBUGCHECK_DATA BugCheckData);
