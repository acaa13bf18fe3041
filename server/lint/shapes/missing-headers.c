/* A header that is not there leaves names unknown, and not what stands around them. */

//=== constants and sizes of its
#include "not-here.h"
NTSTATUS Use(PDEVICE_OBJECT Device, ULONG kind)
{
    PIRP irp = IoAllocateIrp(NOT_HERE_LOCATIONS, FALSE);

    if (irp == NULL) return STATUS_NO_MEMORY;
    if (kind > NOT_HERE_MAX) kind = sizeof(NOT_HERE);
    IoFreeIrp(irp);
    return IoCallDriver(Device, irp); // error: irp-used-after-free
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
