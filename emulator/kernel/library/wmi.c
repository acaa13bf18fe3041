/*
 * WMI as a driver sends it: events, which nobody here collects, are taken and their memory freed, as WMI does with it; a
 * request of WMI is completed with the size of its data.
 */
#include <wmilib.h>
#include "ki.h"

ULONG IoWMIDeviceObjectToProviderId(PDEVICE_OBJECT DeviceObject) {
  KiCheckCaller(__func__);
  return (ULONG)(ULONG_PTR)DeviceObject;
}

NTSTATUS IoWMIWriteEvent(PVOID WnodeEventItem) {
  KiCheckCaller(__func__);
  if ((((PWNODE_HEADER)WnodeEventItem)->Flags & WNODE_FLAG_TRACED_GUID) == 0) ExFreePool(WnodeEventItem);
  return STATUS_SUCCESS;
}

NTSTATUS WmiFireEvent(PDEVICE_OBJECT DeviceObject, LPCGUID Guid, ULONG InstanceIndex, ULONG EventDataSize, PVOID EventData) {
  KiCheckCaller(__func__);
  (void)DeviceObject, (void)Guid, (void)InstanceIndex, (void)EventDataSize;
  if (EventData != NULL) ExFreePool(EventData);
  return STATUS_SUCCESS;
}

NTSTATUS WmiCompleteRequest(PDEVICE_OBJECT DeviceObject, PIRP Irp, NTSTATUS Status, ULONG BufferUsed, CCHAR PriorityBoost) {
  KiCheckCaller(__func__);
  (void)DeviceObject;
  Irp->IoStatus.Status = Status;
  Irp->IoStatus.Information = BufferUsed;
  IoCompleteRequest(Irp, PriorityBoost);
  return Status;
}
