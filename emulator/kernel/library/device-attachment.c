/* Attaching to a device by its name: the device is opened, attached to, and its file is closed again. */
#include <ntddk.h>
#include "ki.h"

NTSTATUS IoAttachDevice(PDEVICE_OBJECT SourceDevice, PUNICODE_STRING TargetDevice, PDEVICE_OBJECT *AttachedDevice) {
  KiCheckCaller(__func__);
  PFILE_OBJECT File;
  PDEVICE_OBJECT Target;
  NTSTATUS Status = IoGetDeviceObjectPointer(TargetDevice, FILE_READ_ATTRIBUTES, &File, &Target);
  if (!NT_SUCCESS(Status)) return Status;
  Status = IoAttachDeviceToDeviceStackSafe(SourceDevice, Target, AttachedDevice);
  ObDereferenceObject(File);
  return Status;
}
