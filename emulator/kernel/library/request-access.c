/*
 * What the opener of a device may do with it, held against what a request needs; and a sum of 64 bits as a union, which C
 * passes and returns best.
 */
#include <ntddk.h>
#include "ki.h"

NTSTATUS IoValidateDeviceIoControlAccess(PIRP Irp, ULONG RequiredAccess) {
  KiCheckCaller(__func__);
  PIO_STACK_LOCATION Location = IoGetCurrentIrpStackLocation(Irp);
  PFILE_OBJECT File = Location->FileObject;
  if ((RequiredAccess & ~(FILE_READ_ACCESS | FILE_WRITE_ACCESS)) != 0) return STATUS_INVALID_PARAMETER;
  if (Location->MajorFunction != IRP_MJ_DEVICE_CONTROL && Location->MajorFunction != IRP_MJ_FILE_SYSTEM_CONTROL)
    return STATUS_INVALID_PARAMETER;
  /* Nobody limits the kernel, nor a request that was sent past the file. */
  if (Irp->RequestorMode == KernelMode || File == NULL) return STATUS_SUCCESS;
  if ((RequiredAccess & FILE_READ_ACCESS) != 0 && !File->ReadAccess) return STATUS_ACCESS_DENIED;
  if ((RequiredAccess & FILE_WRITE_ACCESS) != 0 && !File->WriteAccess) return STATUS_ACCESS_DENIED;
  return STATUS_SUCCESS;
}

/* Under the caller's spin lock, as all users of that number: one indivisible addition is what they see. */
LARGE_INTEGER ExInterlockedAddLargeInteger(PLARGE_INTEGER Addend, LARGE_INTEGER Increment, PKSPIN_LOCK Lock) {
  KiCheckCaller(__func__);
  LARGE_INTEGER Before;
  UNREFERENCED_PARAMETER(Lock);
  Before.QuadPart = InterlockedExchangeAdd64(&Addend->QuadPart, Increment.QuadPart);
  return Before;
}
