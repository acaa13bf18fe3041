/* One helper, several callers: each mistake of a caller's own is told, at that caller. */

//=== two that lose what a helper allocates, and one that does not
static PVOID Take(SIZE_T n)
{
    return ExAllocatePool2(POOL_FLAG_NON_PAGED, n, 'abcd');
}

NTSTATUS First(SIZE_T n, BOOLEAN stop)
{
    PVOID p = Take(n);

    if (!p) return STATUS_NO_MEMORY;
    if (stop) return STATUS_UNSUCCESSFUL; // warning: pool-leak
    ExFreePoolWithTag(p, 'abcd');
    return STATUS_SUCCESS;
}

NTSTATUS Right(SIZE_T n)
{
    PVOID p = Take(n);

    if (!p) return STATUS_NO_MEMORY;
    ExFreePoolWithTag(p, 'abcd');
    return STATUS_SUCCESS;
}

NTSTATUS Second(SIZE_T n, BOOLEAN stop)
{
    PVOID p = Take(n);

    if (!p) return STATUS_NO_MEMORY;
    if (stop) return STATUS_UNSUCCESSFUL; // warning: pool-leak
    ExFreePoolWithTag(p, 'abcd');
    return STATUS_SUCCESS;
}

//=== one function that loses two
static PVOID Take(SIZE_T n)
{
    return ExAllocatePool2(POOL_FLAG_NON_PAGED, n, 'abcd');
}

NTSTATUS Both(SIZE_T n, BOOLEAN stop)
{
    PVOID p, q;

    p = Take(n);
    if (!p) return STATUS_NO_MEMORY;
    q = Take(n);
    if (!q) return STATUS_NO_MEMORY; // warning: pool-leak
    if (stop) {
        ExFreePoolWithTag(p, 'abcd');
        return STATUS_UNSUCCESSFUL; // warning: pool-leak
    }
    ExFreePoolWithTag(p, 'abcd');
    ExFreePoolWithTag(q, 'abcd');
    return STATUS_SUCCESS;
}

//=== two blocks that one helper frees
static VOID Drop(PVOID p)
{
    ExFreePoolWithTag(p, 'abcd');
}

int Sum(int *p, int *q)
{
    int sum;

    Drop(p);
    Drop(q);
    sum = *p; // error: use-after-free
    sum += *q; // error: use-after-free
    return sum;
}

//=== STATUS_PENDING given to a helper that completes
static VOID Finish(PIRP Irp, NTSTATUS status)
{
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

VOID First(PIRP Irp)
{
    Finish(Irp, STATUS_PENDING); // error: completed-with-pending-status
}

VOID Right(PIRP Irp)
{
    Finish(Irp, STATUS_SUCCESS);
}

VOID Second(PIRP Irp)
{
    Finish(Irp, STATUS_PENDING); // error: completed-with-pending-status
}

//=== a local given to a helper that sends
static NTSTATUS Set(PWSK_SOCKET s, PIRP Irp, PVOID value, ULONG size)
{
    return ((PWSK_PROVIDER_BASIC_DISPATCH)s->Dispatch)
        ->WskControlSocket(s, WskSetOption, SO_REUSEADDR, SOL_SOCKET, size, value, 0, NULL, NULL, Irp);
}

NTSTATUS First(PWSK_SOCKET s, PIRP Irp)
{
    ULONG on = 1;

    return Set(s, Irp, &on, sizeof on); // error: stack-buffer-outlives-call
}

NTSTATUS Right(PWSK_SOCKET s, PIRP Irp)
{
    static ULONG on = 1;

    return Set(s, Irp, &on, sizeof on);
}

NTSTATUS Second(PWSK_SOCKET s, PIRP Irp)
{
    ULONG off = 0;

    return Set(s, Irp, &off, sizeof off); // error: stack-buffer-outlives-call
}

//=== what is not set up before a helper sends it
static NTSTATUS Pass(PDEVICE_OBJECT device, PIRP Irp)
{
    return IoCallDriver(*(PDEVICE_OBJECT *)device->DeviceExtension, Irp);
}

DRIVER_DISPATCH First, Right, Second;
NTSTATUS First(PDEVICE_OBJECT device, PIRP Irp)
{
    return Pass(device, Irp); // error: stack-location-not-prepared
}

NTSTATUS Right(PDEVICE_OBJECT device, PIRP Irp)
{
    IoSkipCurrentIrpStackLocation(Irp);
    return Pass(device, Irp);
}

NTSTATUS Second(PDEVICE_OBJECT device, PIRP Irp)
{
    return Pass(device, Irp); // error: stack-location-not-prepared
}

//=== a tag and a size that callers give
static PVOID Take(SIZE_T n, ULONG tag)
{
    return ExAllocatePool2(POOL_FLAG_NON_PAGED, n, tag);
}

PVOID First(VOID)
{
    return Take(64, 0); // error: pool-tag-mismatch
}

PVOID Second(VOID)
{
    return Take(0, 'abcd'); // error: pool-size-zero
}

PVOID Right(SIZE_T n)
{
    return Take(n + 1, 'abcd');
}
