/*
 * A device answers requests for a slot of a table, under an IRQL that keeps DPCs out.
 * Wrong: A request for a slot that is not there leaves the dispatch routine at DISPATCH_LEVEL.
 * Right: Every way out of the dispatch routine restores the IRQL.
 */
#include "control-device.h"

static ULONG Slots[4];

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PULONG slot = (PULONG)Irp->AssociatedIrp.SystemBuffer;
    KIRQL irql;

    UNREFERENCED_PARAMETER(DeviceObject);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    if (*slot >= RTL_NUMBER_OF(Slots)) {
#ifndef WRONG
        KeLowerIrql(irql);
#endif
        return DeviceComplete(Irp, STATUS_INVALID_PARAMETER, 0); /* finding: irql-not-restored 0xC9/0x5 */
    }
    *slot = ++Slots[*slot];
    KeLowerIrql(irql);
    return DeviceComplete(Irp, STATUS_SUCCESS, sizeof(*slot));
}
