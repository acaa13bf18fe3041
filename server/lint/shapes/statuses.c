/* Statuses that ways with several of them hand on. */

//=== one of failure ends a loop in a callback, and goes back
static NTSTATUS Take(PWSK_DATA_INDICATION indication)
{
    PVOID copy = ExAllocatePool2(POOL_FLAG_NON_PAGED, indication->Buffer.Length, 'ypoC');
    if (copy == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    ExFreePoolWithTag(copy, 'ypoC');
    return STATUS_SUCCESS;
}

NTSTATUS WSKAPI Received(PVOID context, ULONG flags, PWSK_DATA_INDICATION data, SIZE_T length, SIZE_T *accepted)
{
    NTSTATUS status = STATUS_SUCCESS;
    (void)context;
    (void)flags;
    (void)length;
    (void)accepted;
    while (data != NULL && NT_SUCCESS(status)) {
        status = Take(data);
        data = data->Next;
    }
    return status; // error: event-return-value
}

NTSTATUS WSKAPI ReceivedWell(PVOID context, ULONG flags, PWSK_DATA_INDICATION data, SIZE_T length, SIZE_T *accepted)
{
    NTSTATUS status = STATUS_SUCCESS;
    (void)context;
    (void)flags;
    (void)length;
    (void)accepted;
    while (data != NULL && NT_SUCCESS(status)) {
        if (!NT_SUCCESS(Take(data)))
            status = STATUS_DATA_NOT_ACCEPTED;
        data = data->Next;
    }
    return status;
}

const WSK_CLIENT_CONNECTION_DISPATCH Events = { Received, NULL, NULL };
const WSK_CLIENT_CONNECTION_DISPATCH Others = { ReceivedWell, NULL, NULL };

//=== a wait with a time-out, of which a declaration has the status
BOOLEAN Came(PKEVENT done)
{
    LARGE_INTEGER limit;
    limit.QuadPart = -10000000;
    {
        NTSTATUS status = KeWaitForSingleObject(done, Executive, KernelMode, FALSE, &limit);
        if (NT_SUCCESS(status)) // warning: status-confused
            return TRUE;
    }
    {
        NTSTATUS status = KeWaitForSingleObject(done, Executive, KernelMode, FALSE, NULL);
        if (NT_SUCCESS(status))
            return TRUE;
    }
    return FALSE;
}
