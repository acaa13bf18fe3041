/* The auxiliary library, which asks the kernel for its list of modules and tells it in its own form. */
#include <ntifs.h>
#include <aux_klib.h>
#include "ki.h"

#define MODULE_TAG 'lKxA'
#define SystemModuleInformation 11

typedef struct _RTL_PROCESS_MODULE_INFORMATION {
  HANDLE Section;
  PVOID MappedBase;
  PVOID ImageBase;
  ULONG ImageSize;
  ULONG Flags;
  USHORT LoadOrderIndex;
  USHORT InitOrderIndex;
  USHORT LoadCount;
  USHORT OffsetToFileName;
  UCHAR FullPathName[AUX_KLIB_MODULE_PATH_LEN];
} RTL_PROCESS_MODULE_INFORMATION;

typedef struct _RTL_PROCESS_MODULES {
  ULONG NumberOfModules;
  RTL_PROCESS_MODULE_INFORMATION Modules[1];
} RTL_PROCESS_MODULES, *PRTL_PROCESS_MODULES;

NTSTATUS ZwQuerySystemInformation(ULONG Class, PVOID Information, ULONG Length, PULONG ReturnLength);

NTSTATUS AuxKlibInitialize(VOID) {
  KiCheckCaller(__func__);
  return STATUS_SUCCESS;
}

static VOID Copy(const RTL_PROCESS_MODULES *List, ULONG ElementSize, PVOID QueryInfo) {
  for (ULONG i = 0; i < List->NumberOfModules; i++) {
    const RTL_PROCESS_MODULE_INFORMATION *From = &List->Modules[i];
    PAUX_MODULE_EXTENDED_INFO To = (PVOID)((PUCHAR)QueryInfo + i * ElementSize);
    To->BasicInfo.ImageBase = From->ImageBase;
    if (ElementSize == sizeof(AUX_MODULE_BASIC_INFO)) continue;
    To->ImageSize = From->ImageSize;
    To->FileNameOffset = From->OffsetToFileName;
    RtlCopyMemory(To->FullPathName, From->FullPathName, AUX_KLIB_MODULE_PATH_LEN);
  }
}

NTSTATUS AuxKlibQueryModuleInformation(PULONG BufferSize, ULONG ElementSize, PVOID QueryInfo) {
  KiCheckCaller(__func__);
  ULONG Length = 0, Needed;
  PRTL_PROCESS_MODULES List;
  NTSTATUS Status = STATUS_SUCCESS;
  if (ElementSize != sizeof(AUX_MODULE_BASIC_INFO) && ElementSize != sizeof(AUX_MODULE_EXTENDED_INFO))
    return STATUS_INVALID_PARAMETER;
  ZwQuerySystemInformation(SystemModuleInformation, NULL, 0, &Length);
  List = ExAllocatePoolWithTag(PagedPool, Length, MODULE_TAG);
  if (List == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  ZwQuerySystemInformation(SystemModuleInformation, List, Length, &Length);
  Needed = List->NumberOfModules * ElementSize;
  if (QueryInfo != NULL && *BufferSize < Needed) Status = STATUS_BUFFER_TOO_SMALL;
  else if (QueryInfo != NULL) Copy(List, ElementSize, QueryInfo);
  *BufferSize = Needed;
  ExFreePoolWithTag(List, MODULE_TAG);
  return Status;
}

/* The system has not stopped while this runs. */
NTSTATUS AuxKlibGetBugCheckData(PKBUGCHECK_DATA BugCheckData) {
  KiCheckCaller(__func__);
  if (BugCheckData->BugCheckDataSize != sizeof(*BugCheckData)) return STATUS_INFO_LENGTH_MISMATCH;
  RtlZeroMemory(BugCheckData, sizeof(*BugCheckData));
  BugCheckData->BugCheckDataSize = sizeof(*BugCheckData);
  return STATUS_SUCCESS;
}
