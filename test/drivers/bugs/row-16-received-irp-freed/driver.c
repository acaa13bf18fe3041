/*
 * A device refuses requests without input.
 * Wrong: It frees the IRP that it received instead of completing it.
 */
#include "control-device.h"

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    if (Irp->AssociatedIrp.SystemBuffer == NULL) {
#ifdef WRONG
        IoFreeIrp(Irp); /* finding: irp-freed-not-owned 0xC9/0x2 */
        return STATUS_INVALID_PARAMETER;
#else
        return DeviceComplete(Irp, STATUS_INVALID_PARAMETER, 0);
#endif
    }
    return DeviceComplete(Irp, STATUS_SUCCESS, 0);
}
