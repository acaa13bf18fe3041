/*
 * PoRequestPowerIrp: the power manager makes an IRP, sends it down the device's whole stack, and tells the requester
 * when it is done. The IRP is the power manager's; the requester never frees it.
 */
#include <ntddk.h>
#include "ki.h"

#define POWER_TAG 'rwoP'

typedef struct _POWER_REQUEST {
  PDEVICE_OBJECT DeviceObject;
  PDEVICE_OBJECT Top;
  UCHAR MinorFunction;
  POWER_STATE PowerState;
  PREQUEST_POWER_COMPLETE Routine;
  PVOID Context;
} POWER_REQUEST, *PPOWER_REQUEST;

static IO_COMPLETION_ROUTINE PowerRequestDone;
static NTSTATUS PowerRequestDone(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context) {
  PPOWER_REQUEST Request = Context;
  UNREFERENCED_PARAMETER(DeviceObject);
  if (Request->Routine != NULL)
    Request->Routine(Request->DeviceObject, Request->MinorFunction, Request->PowerState, Request->Context,
                     &Irp->IoStatus);
  ObDereferenceObject(Request->Top);
  ExFreePoolWithTag(Request, POWER_TAG);
  IoFreeIrp(Irp);
  return STATUS_MORE_PROCESSING_REQUIRED;
}

NTSTATUS PoRequestPowerIrp(PDEVICE_OBJECT DeviceObject, UCHAR MinorFunction, POWER_STATE PowerState,
                           PREQUEST_POWER_COMPLETE CompletionFunction, PVOID Context, PIRP *Irp) {
  KiCheckCaller(__func__);
  PPOWER_REQUEST Request;
  PIO_STACK_LOCATION Location;
  PIRP Made;
  if (MinorFunction != IRP_MN_SET_POWER && MinorFunction != IRP_MN_QUERY_POWER && MinorFunction != IRP_MN_WAIT_WAKE)
    return STATUS_INVALID_PARAMETER_2;
  Request = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*Request), POWER_TAG);
  if (Request == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  Request->Top = IoGetAttachedDeviceReference(DeviceObject);
  Made = IoAllocateIrp(Request->Top->StackSize, FALSE);
  if (Made == NULL) {
    ObDereferenceObject(Request->Top);
    ExFreePoolWithTag(Request, POWER_TAG);
    return STATUS_INSUFFICIENT_RESOURCES;
  }
  Request->DeviceObject = DeviceObject;
  Request->MinorFunction = MinorFunction;
  Request->PowerState = PowerState;
  Request->Routine = CompletionFunction;
  Request->Context = Context;
  Made->IoStatus.Status = STATUS_NOT_SUPPORTED;
  Location = IoGetNextIrpStackLocation(Made);
  Location->MajorFunction = IRP_MJ_POWER;
  Location->MinorFunction = MinorFunction;
  if (MinorFunction == IRP_MN_WAIT_WAKE) {
    Location->Parameters.WaitWake.PowerState = PowerState.SystemState;
  } else {
    Location->Parameters.Power.Type = DevicePowerState;
    Location->Parameters.Power.State = PowerState;
  }
  IoSetCompletionRoutine(Made, PowerRequestDone, Request, TRUE, TRUE, TRUE);
  if (MinorFunction == IRP_MN_WAIT_WAKE && Irp != NULL) *Irp = Made;
  PoCallDriver(Request->Top, Made);
  return STATUS_PENDING;
}
