/* A hash that is not destroyed keeps its memory, and so does an algorithm that is not closed. */
#include <ntddk.h>
#include <bcrypt.h>

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD DriverUnload;

VOID DriverUnload(PDRIVER_OBJECT DriverObject) { UNREFERENCED_PARAMETER(DriverObject); }

static NTSTATUS Digest(PUCHAR Data, ULONG Length, UCHAR Result[32]) {
  BCRYPT_ALG_HANDLE algorithm;
  BCRYPT_HASH_HANDLE hash;
  NTSTATUS status = BCryptOpenAlgorithmProvider(&algorithm, BCRYPT_SHA256_ALGORITHM, NULL, 0); /* finding: handle-leak */
  if (!NT_SUCCESS(status)) return status;
  status = BCryptCreateHash(algorithm, &hash, NULL, 0, NULL, 0, 0); /* finding: handle-leak */
  if (NT_SUCCESS(status)) {
    status = BCryptHashData(hash, Data, Length, 0);
    if (NT_SUCCESS(status)) status = BCryptFinishHash(hash, Result, 32, 0);
#ifndef WRONG
    BCryptDestroyHash(hash);
#endif
  }
#ifndef WRONG
  BCryptCloseAlgorithmProvider(algorithm, 0);
#endif
  return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  UCHAR result[32];
  UNREFERENCED_PARAMETER(RegistryPath);
  DriverObject->DriverUnload = DriverUnload;
  return Digest((PUCHAR)"abc", 3, result);
}
