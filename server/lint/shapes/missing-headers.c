/* A header that is not there leaves names unknown; what stands around them is told where it is certain. */

//=== sizes of its
#include "not-here.h"
NTSTATUS Use(PDEVICE_OBJECT Device, ULONG bytes)
{
    PIRP irp = IoAllocateIrp(1, FALSE);

    if (irp == NULL) return STATUS_NO_MEMORY;
    if (bytes > sizeof(NOT_HERE)) DbgPrint("%u\n", bytes);
    IoFreeIrp(irp);
    return IoCallDriver(Device, irp); // error: irp-used-after-free
}

//=== what is compared with its names is not understood
#include "not-here.h"
NTSTATUS Touch(VOID)
{
    PIRP irp = IoAllocateIrp(1, FALSE);

    if (irp == NOTHING) return STATUS_NO_MEMORY;
    irp->Flags = 0;
    IoFreeIrp(irp);
    return STATUS_SUCCESS;
}

//=== a pointer of its types leads wherever that was
#include "not-here.h"
NTSTATUS Ask(PVOID, ULONG);

ULONG First(VOID)
{
    ULONG value;
    NOT_HERE_BYTES at = (NOT_HERE_BYTES)&value;

    for (ULONG i = 0; i < sizeof value; i++) Ask(at + i, 1);
    return value;
}

ULONG Second(VOID)
{
    ULONG value;

    Ask((NOT_HERE_BYTES)&value, sizeof value);
    return value;
}

//=== a name of its that stands alone may be anything
#include "not-here.h"
VOID Third(VOID)
{
    PVOID p = ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'abcd');

    NOT_HERE_FREES_P;
}
