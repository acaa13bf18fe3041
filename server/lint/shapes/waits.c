/* What drivers wait for, in structures and by routines. */

//=== an event in a structure that goes to a completion routine, which only counts
static struct { KEVENT Gone; KEVENT Done; PIRP Irp; PDEVICE_OBJECT Lower; LONG Count; } Server;

static IO_COMPLETION_ROUTINE Complete;
static NTSTATUS Complete(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    (void)device;
    (void)irp;
    (void)context;
    InterlockedDecrement(&Server.Count);
    KeSetEvent(&Server.Gone, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

DRIVER_UNLOAD Unload;
VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    KeWaitForSingleObject(&Server.Gone, Executive, KernelMode, FALSE, NULL);
    KeWaitForSingleObject(&Server.Done, Executive, KernelMode, FALSE, NULL); // error: wait-without-signal
    IoFreeIrp(Server.Irp);
    ObDereferenceObject(Server.Lower);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    PFILE_OBJECT file;
    NTSTATUS status;

    KeInitializeEvent(&Server.Gone, NotificationEvent, FALSE);
    KeInitializeEvent(&Server.Done, NotificationEvent, FALSE);
    status = IoGetDeviceObjectPointer(path, FILE_READ_DATA, &file, &Server.Lower);
    if (!NT_SUCCESS(status))
        return status;
    ObReferenceObject(Server.Lower);
    ObDereferenceObject(file);
    Server.Irp = IoAllocateIrp(Server.Lower->StackSize, FALSE);
    if (Server.Irp == NULL) {
        ObDereferenceObject(Server.Lower);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    IoSetCompletionRoutine(Server.Irp, Complete, &Server.Done, TRUE, TRUE, TRUE);
    (void)IoCallDriver(Server.Lower, Server.Irp);
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}

//=== the system sets one, one is there from the start, one has a time limit, and one is set by a helper
typedef struct { KEVENT Built; KEVENT Free; KEVENT Limited; KEVENT Helped; IO_STATUS_BLOCK Block; } EXT;
static EXT Ext;

static VOID Signal(EXT *ext)
{
    KeSetEvent(&ext->Helped, IO_NO_INCREMENT, FALSE);
}

static NTSTATUS Ask(PDEVICE_OBJECT lower)
{
    PIRP irp = IoBuildDeviceIoControlRequest(0x222000, lower, NULL, 0, NULL, 0, FALSE, &Ext.Built, &Ext.Block);
    NTSTATUS status;

    if (irp == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    status = IoCallDriver(lower, irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&Ext.Built, Executive, KernelMode, FALSE, NULL);
        status = Ext.Block.Status;
    }
    return status;
}

DRIVER_UNLOAD Unload;
VOID Unload(PDRIVER_OBJECT driver)
{
    LARGE_INTEGER limit;

    (void)driver;
    limit.QuadPart = -10000000;
    KeWaitForSingleObject(&Ext.Free, Executive, KernelMode, FALSE, NULL);
    KeWaitForSingleObject(&Ext.Limited, Executive, KernelMode, FALSE, &limit);
    Signal(&Ext);
    KeWaitForSingleObject(&Ext.Helped, Executive, KernelMode, FALSE, NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    PFILE_OBJECT file;
    PDEVICE_OBJECT lower;
    NTSTATUS status;

    KeInitializeEvent(&Ext.Built, SynchronizationEvent, FALSE);
    KeInitializeEvent(&Ext.Free, NotificationEvent, TRUE);
    KeInitializeEvent(&Ext.Limited, NotificationEvent, FALSE);
    KeInitializeEvent(&Ext.Helped, NotificationEvent, FALSE);
    status = IoGetDeviceObjectPointer(path, FILE_READ_DATA, &file, &lower);
    if (!NT_SUCCESS(status))
        return status;
    status = Ask(lower);
    ObDereferenceObject(file);
    driver->DriverUnload = Unload;
    return status;
}

//=== who sets an event has it by a pointer
typedef struct { KEVENT Done; PKEVENT Event; } EXT;
static EXT Ext;

DRIVER_UNLOAD Unload;
VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    KeSetEvent(Ext.Event, IO_NO_INCREMENT, FALSE);
    KeWaitForSingleObject(&Ext.Done, Executive, KernelMode, FALSE, NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    KeInitializeEvent(&Ext.Done, NotificationEvent, FALSE);
    Ext.Event = &Ext.Done;
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}

//=== the thread's object is taken and let go, and what the unload routine waits for is a request and memory
typedef struct { PVOID Thread; BOOLEAN Stop; PWSK_SOCKET Socket; KEVENT Closed; } SERVER;
static SERVER Server;

static NTSTATUS Told(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    (void)device, (void)irp;
    KeSetEvent(context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Close(PWSK_SOCKET socket)
{
    PIRP irp;
    LARGE_INTEGER moment = {.QuadPart = -10000};

    while ((irp = IoAllocateIrp(1, FALSE)) == NULL)
        KeDelayExecutionThread(KernelMode, FALSE, &moment);
    KeInitializeEvent(&Server.Closed, NotificationEvent, FALSE);
    IoSetCompletionRoutine(irp, Told, &Server.Closed, TRUE, TRUE, TRUE);
    ((const WSK_PROVIDER_BASIC_DISPATCH *)socket->Dispatch)->WskCloseSocket(socket, irp);
    KeWaitForSingleObject(&Server.Closed, Executive, KernelMode, FALSE, NULL);
    IoFreeIrp(irp);
}

static VOID Serve(PVOID context)
{
    LARGE_INTEGER moment = {.QuadPart = -10000};

    (void)context;
    while (!Server.Stop)
        KeDelayExecutionThread(KernelMode, FALSE, &moment);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    Server.Stop = TRUE;
    if (Server.Socket != NULL)
        Close(Server.Socket);
    if (Server.Thread)
        ObDereferenceObject(Server.Thread);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    HANDLE handle;
    NTSTATUS status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Serve, NULL); // error: thread-outlives-driver

    (void)path;
    if (!NT_SUCCESS(status))
        return status;
    (void)ObReferenceObjectByHandle(handle, SYNCHRONIZE, *PsThreadType, KernelMode, &Server.Thread, NULL);
    ZwClose(handle);
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}

//=== the thread says itself that it is done, in memory that the unload routine asks again and again
typedef struct { PVOID Thread; volatile BOOLEAN Stop, Done; } SERVER;
static SERVER Server;

static VOID Serve(PVOID context)
{
    LARGE_INTEGER moment = {.QuadPart = -10000};

    (void)context;
    while (!Server.Stop)
        KeDelayExecutionThread(KernelMode, FALSE, &moment);
    Server.Done = TRUE;
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID Unload(PDRIVER_OBJECT driver)
{
    LARGE_INTEGER moment = {.QuadPart = -10000};

    (void)driver;
    Server.Stop = TRUE;
    while (!Server.Done)
        KeDelayExecutionThread(KernelMode, FALSE, &moment);
    ObDereferenceObject(Server.Thread);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    HANDLE handle;
    NTSTATUS status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Serve, NULL);

    (void)path;
    if (!NT_SUCCESS(status))
        return status;
    (void)ObReferenceObjectByHandle(handle, SYNCHRONIZE, *PsThreadType, KernelMode, &Server.Thread, NULL);
    ZwClose(handle);
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
