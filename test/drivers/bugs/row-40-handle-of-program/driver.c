/*
 * A program gives the handle of an event that the driver is to set.
 * Wrong: The handle is referenced in KernelMode, so that any number that the program makes up is taken.
 * Right: It is referenced in the mode of the request: a number that is no handle of the program's is refused.
 */
#include "control-device.h"

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(Irp);
    PKEVENT event;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (location->Parameters.DeviceIoControl.InputBufferLength < sizeof(HANDLE)) {
        return DeviceComplete(Irp, STATUS_INVALID_PARAMETER, 0);
    }
#ifdef WRONG
    status = ObReferenceObjectByHandle(*(PHANDLE)Irp->AssociatedIrp.SystemBuffer, EVENT_MODIFY_STATE, *ExEventObjectType, KernelMode, (PVOID *)&event, NULL); /* finding: bad-handle 0xC4/0x3C */
#else
    status = ObReferenceObjectByHandle(*(PHANDLE)Irp->AssociatedIrp.SystemBuffer, EVENT_MODIFY_STATE, *ExEventObjectType, Irp->RequestorMode, (PVOID *)&event, NULL);
#endif
    if (NT_SUCCESS(status)) {
        KeSetEvent(event, IO_NO_INCREMENT, FALSE);
        ObDereferenceObject(event);
    }
    return DeviceComplete(Irp, status, 0);
}
