/* RegistryPath is counted: a function that reads it up to a zero reads what nobody promised. */
#include <ntddk.h>
#include <ntstrsafe.h>

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD DriverUnload;

static WCHAR Path[256];

VOID DriverUnload(PDRIVER_OBJECT DriverObject) { UNREFERENCED_PARAMETER(DriverObject); }

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  UNICODE_STRING Copy;
  DriverObject->DriverUnload = DriverUnload;
#ifdef WRONG
  if (!NT_SUCCESS(RtlStringCbCopyW(Path, sizeof(Path), RegistryPath->Buffer))) return STATUS_NAME_TOO_LONG; /* finding: string-not-terminated */
  DbgPrint("%ws\n", Path);
#else
  RtlInitEmptyUnicodeString(&Copy, Path, sizeof(Path));
  RtlCopyUnicodeString(&Copy, RegistryPath);
  DbgPrint("%wZ %.*ws\n", RegistryPath, RegistryPath->Length / sizeof(WCHAR), RegistryPath->Buffer);
#endif
  UNREFERENCED_PARAMETER(Copy);
  return STATUS_SUCCESS;
}
