/* What a macro of the driver's own asserts holds, as what ASSERT says does; one that leaves is a check like any other. */

//=== a failed assertion is only told of
extern ULONG g_Checks;

#define DRIVER_ASSERT(e)                                                                                               \
    do {                                                                                                               \
        if (!(g_Checks & 1)) break;                                                                                    \
        if (!(e)) DbgPrint("%s does not hold\n", #e);                                                                  \
    } while (0, 0)

NTSTATUS Ask(PDEVICE_OBJECT Device, PULONG Answer)
{
    KEVENT done;
    IO_STATUS_BLOCK result;
    NTSTATUS status;
    PIRP irp;

    DRIVER_ASSERT(Answer != NULL);
    KeInitializeEvent(&done, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(0x222000, Device, NULL, 0, Answer, sizeof *Answer, FALSE, &done, &result);
    if (irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    status = IoCallDriver(Device, irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
        status = result.Status;
    }
    return status;
}

//=== one that leaves
#define ASSERT_OR_LEAVE(e)                                                                                             \
    do {                                                                                                               \
        if (!(e)) return STATUS_UNSUCCESSFUL;                                                                          \
    } while (0, 0)

NTSTATUS Use(SIZE_T n, BOOLEAN goesOn)
{
    PVOID p = ExAllocatePool2(POOL_FLAG_NON_PAGED, n, 'abcd');

    if (p == NULL) return STATUS_NO_MEMORY;
    ASSERT_OR_LEAVE(goesOn); // warning: pool-leak
    ExFreePoolWithTag(p, 'abcd');
    return STATUS_SUCCESS;
}
