/* A driver's start, of which each step may fail: how far it came is said by flags and pointers that lie where others reach them. */

//=== flags in the extension say what is to be taken back, behind a helper that waits four times
typedef struct {
    WSK_REGISTRATION Registration;
    WSK_PROVIDER_NPI Npi;
    PWSK_SOCKET Socket;
    BOOLEAN IsRegistered;
    BOOLEAN IsCaptured;
} LINK, *PLINK;

static const WSK_CLIENT_DISPATCH Client = { MAKE_WSK_VERSION(1, 0), 0, NULL };

static NTSTATUS Tell(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    KeSetEvent(context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Make(PKEVENT event, PIRP *irp)
{
    *irp = IoAllocateIrp(1, FALSE);
    if (*irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    KeInitializeEvent(event, SynchronizationEvent, FALSE);
    IoSetCompletionRoutine(*irp, Tell, event, TRUE, TRUE, TRUE);
    return STATUS_SUCCESS;
}

static VOID Again(PKEVENT event, PIRP irp)
{
    IoReuseIrp(irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(irp, Tell, event, TRUE, TRUE, TRUE);
}

static NTSTATUS Await(NTSTATUS status, PKEVENT event, PIRP irp)
{
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(event, Executive, KernelMode, FALSE, NULL);
        status = irp->IoStatus.Status;
    }
    return status;
}

static NTSTATUS Connect(PLINK link, PSOCKADDR remote)
{
    PIRP irp = NULL;
    KEVENT event;
    SOCKADDR_IN local = { AF_INET };
    PWSK_SOCKET socket;
    PWSK_PROVIDER_CONNECTION_DISPATCH table;
    NTSTATUS status = Make(&event, &irp);

    if (!NT_SUCCESS(status)) goto done;
    status = Await(link->Npi.Dispatch->WskSocket(link->Npi.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP,
        WSK_FLAG_CONNECTION_SOCKET, NULL, NULL, NULL, NULL, NULL, irp), &event, irp);
    if (!NT_SUCCESS(status)) goto done;
    socket = (PWSK_SOCKET)irp->IoStatus.Information;
    table = (PWSK_PROVIDER_CONNECTION_DISPATCH)socket->Dispatch;
    Again(&event, irp);
    status = Await(table->WskBind(socket, (PSOCKADDR)&local, 0, irp), &event, irp);
    if (!NT_SUCCESS(status)) goto close;
    Again(&event, irp);
    status = Await(table->WskConnect(socket, remote, 0, irp), &event, irp);
    if (!NT_SUCCESS(status)) goto close;
    link->Socket = socket;
    goto done;

close:
    Again(&event, irp);
    Await(table->WskCloseSocket(socket, irp), &event, irp);

done:
    if (irp != NULL) IoFreeIrp(irp);
    return status;
}

NTSTATUS Right(PDRIVER_OBJECT driver, PSOCKADDR remote)
{
    PDEVICE_OBJECT device = NULL;
    PLINK link = NULL;
    WSK_CLIENT_NPI npi = { NULL, &Client };
    NTSTATUS status = IoCreateDevice(driver, sizeof(LINK), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);

    if (!NT_SUCCESS(status)) goto done;
    link = device->DeviceExtension;
    status = WskRegister(&npi, &link->Registration);
    if (!NT_SUCCESS(status)) goto done;
    link->IsRegistered = TRUE;
    status = WskCaptureProviderNPI(&link->Registration, WSK_NO_WAIT, &link->Npi);
    if (!NT_SUCCESS(status)) goto done;
    link->IsCaptured = TRUE;
    status = Connect(link, remote);

done:
    if (!NT_SUCCESS(status) && link != NULL) {
        if (link->IsCaptured) WskReleaseProviderNPI(&link->Registration);
        if (link->IsRegistered) WskDeregister(&link->Registration);
        IoDeleteDevice(device);
    }
    return status;
}

NTSTATUS Wrong(PDRIVER_OBJECT driver, PLINK link, PSOCKADDR remote)
{
    WSK_CLIENT_NPI npi = { NULL, &Client };
    NTSTATUS status = WskRegister(&npi, &link->Registration); // error: wsk-registration-leak

    if (!NT_SUCCESS(status)) return status;
    status = WskCaptureProviderNPI(&link->Registration, WSK_NO_WAIT, &link->Npi);
    if (NT_SUCCESS(status)) status = Connect(link, remote);
    else WskDeregister(&link->Registration);
    return status;
}

//=== what a thread writes meanwhile is not known any more
typedef struct {
    KEVENT Event;
    PVOID Buffer;
    BOOLEAN IsTaken;
    BOOLEAN IsOurs;
} SHARED;

static KSTART_ROUTINE Take;
static VOID Take(PVOID context)
{
    ((SHARED *)context)->IsTaken = TRUE;
}

VOID Start(SHARED *shared, PHANDLE thread)
{
    PsCreateSystemThread(thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, Take, shared);
}

VOID Right(SHARED *shared)
{
    PVOID memory = ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'dhsT');

    if (memory == NULL) return;
    shared->IsTaken = FALSE;
    KeWaitForSingleObject(&shared->Event, Executive, KernelMode, FALSE, NULL);
    ExFreePoolWithTag(memory, 'dhsT');
    if (shared->IsTaken) ((PUCHAR)shared->Buffer)[0] = 0;
}

VOID Wrong(SHARED *shared)
{
    PVOID memory = ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'dhsT');

    if (memory == NULL) return;
    shared->IsOurs = FALSE;
    KeWaitForSingleObject(&shared->Event, Executive, KernelMode, FALSE, NULL);
    if (shared->IsOurs) ExFreePoolWithTag(memory, 'dhsT');
} // warning: pool-leak

//=== a device that lies in the extension is deleted by a helper, of which memory says nothing any more
typedef struct {
    PDEVICE_OBJECT Device;
    KEVENT Event;
} SERVER;

typedef NTSTATUS (*STEP)(SERVER *server);

static SERVER *TheServer;

static NTSTATUS Run(SERVER *server, STEP step)
{
    return step(server);
}

static VOID Stop(SERVER *server)
{
    IoDeleteDevice(server->Device);
}

NTSTATUS Right(PDRIVER_OBJECT driver, STEP step)
{
    PDEVICE_OBJECT device;
    NTSTATUS status = IoCreateDevice(driver, sizeof(SERVER), NULL, FILE_DEVICE_NETWORK, 0, FALSE, &device);

    if (!NT_SUCCESS(status)) return status;
    TheServer = device->DeviceExtension;
    TheServer->Device = device;
    status = Run(TheServer, step);
    if (!NT_SUCCESS(status)) Stop(TheServer);
    return status;
}

//=== the unload routine deregisters and leaves the NPI, which only a start that fails releases
static WSK_REGISTRATION Registration;
static WSK_PROVIDER_NPI Npi;
static const WSK_CLIENT_DISPATCH Table = { MAKE_WSK_VERSION(1, 0), 0, NULL };

static DRIVER_UNLOAD Unload;
static VOID Unload(PDRIVER_OBJECT driver)
{
    IoDeleteDevice(driver->DeviceObject);
    WskDeregister(&Registration);
}

DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    WSK_CLIENT_NPI npi = { NULL, &Table };
    PDEVICE_OBJECT device;
    NTSTATUS status = WskRegister(&npi, &Registration);

    if (!NT_SUCCESS(status)) return status;
    status = WskCaptureProviderNPI(&Registration, WSK_NO_WAIT, &Npi); // error: npi-leak
    if (!NT_SUCCESS(status)) {
        WskDeregister(&Registration);
        return status;
    }
    status = IoCreateDevice(driver, 0, NULL, FILE_DEVICE_NETWORK, 0, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        WskReleaseProviderNPI(&Registration);
        WskDeregister(&Registration);
        return status;
    }
    device->Flags &= ~DO_DEVICE_INITIALIZING;
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}

//=== a start of many steps leaves it to its caller to take back how far it came
typedef struct {
    WSK_REGISTRATION Registration;
    WSK_PROVIDER_NPI Npi;
    KEVENT Events[6];
    ULONG Step;
} STEPS;

static STEPS Steps;
static const WSK_CLIENT_DISPATCH Table = { MAKE_WSK_VERSION(1, 0), 0, NULL };

static NTSTATUS Start(VOID)
{
    WSK_CLIENT_NPI npi = { NULL, &Table };
    NTSTATUS status = WskRegister(&npi, &Steps.Registration);

    if (!NT_SUCCESS(status)) return status;
    Steps.Step = 1;
    status = WskCaptureProviderNPI(&Steps.Registration, WSK_NO_WAIT, &Steps.Npi);
    if (!NT_SUCCESS(status)) return status;
    Steps.Step = 2;
    status = KeWaitForSingleObject(&Steps.Events[0], Executive, KernelMode, FALSE, NULL);
    if (!NT_SUCCESS(status)) return status;
    Steps.Step = 3;
    if (!NT_SUCCESS(status = ZwDeleteKey(NULL))) return STATUS_ACCESS_DENIED;
    Steps.Step = 4;
    if (!NT_SUCCESS(status = ZwClose(NULL))) return STATUS_DEVICE_BUSY;
    Steps.Step = 5;
    if (!NT_SUCCESS(status = ZwFlushKey(NULL))) return STATUS_DEVICE_NOT_READY;
    Steps.Step = 6;
    if (!NT_SUCCESS(status = ZwYieldExecution())) return STATUS_DEVICE_OFF_LINE;
    return STATUS_SUCCESS;
}

static VOID Stop(VOID)
{
    if (Steps.Step >= 2) WskReleaseProviderNPI(&Steps.Registration);
    if (Steps.Step >= 1) WskDeregister(&Steps.Registration);
}

static DRIVER_UNLOAD Unload;
static VOID Unload(PDRIVER_OBJECT driver)
{
    Stop();
}

DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    NTSTATUS status = Start();

    if (NT_SUCCESS(status)) driver->DriverUnload = Unload;
    else Stop();
    return status;
}

//=== a start that fails leaves what its variables hold, which nobody gives back then
typedef struct { PVOID Buffer; PMDL Mdl; PFILE_OBJECT File; } SERVER;
static const WSK_CLIENT_DISPATCH Dispatch = {MAKE_WSK_VERSION(1, 0), 0, NULL};
static WSK_REGISTRATION Registration;
static SERVER Server;
static PVOID Table;

static NTSTATUS MakeTable(VOID)
{
    Table = ExAllocatePool2(POOL_FLAG_PAGED, 512, 'ebaT');
    return Table == NULL ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
}

static VOID Drop(VOID)
{
    IoFreeMdl(Server.Mdl);
    ExFreePoolWithTag(Server.Buffer, 'reuB');
}

DRIVER_UNLOAD Unload;
VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    WskDeregister(&Registration);
    ExFreePoolWithTag(Table, 'ebaT');
    ObDereferenceObject(Server.File);
    Drop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    WSK_CLIENT_NPI client = {NULL, &Dispatch};
    PDEVICE_OBJECT device;
    NTSTATUS status;

    Server.Buffer = ExAllocatePool2(POOL_FLAG_NON_PAGED, 4096, 'reuB');
    if (Server.Buffer == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    Server.Mdl = IoAllocateMdl(Server.Buffer, 4096, FALSE, FALSE, NULL);
    if (Server.Mdl == NULL) {
        ExFreePoolWithTag(Server.Buffer, 'reuB');
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = MakeTable();
    if (!NT_SUCCESS(status)) {
        Drop();
        return status;
    }
    status = IoGetDeviceObjectPointer(path, FILE_READ_DATA, &Server.File, &device);
    if (!NT_SUCCESS(status)) {
        Drop();
        return status; // warning: pool-leak
    }
    status = WskRegister(&client, &Registration);
    if (!NT_SUCCESS(status)) {
        ExFreePoolWithTag(Table, 'ebaT');
        Drop();
        return status; // warning: reference-leak
    }
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}

//=== each failure gives back what is there, in a helper, by labels, or where a thread may do it
typedef struct { PVOID Buffer; PVOID Table; HANDLE Thread; PVOID Name; } SERVER;
static SERVER Server;

static VOID Run(PVOID context)
{
    SERVER *server = context;

    ExFreePoolWithTag(server->Name, 'emaN');
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID Drop(SERVER *server)
{
    if (server->Table != NULL)
        ExFreePoolWithTag(server->Table, 'ebaT');
    if (server->Buffer != NULL)
        ExFreePoolWithTag(server->Buffer, 'reuB');
}

static NTSTATUS Start(SERVER *server)
{
    NTSTATUS status;

    server->Name = ExAllocatePool2(POOL_FLAG_PAGED, 64, 'emaN');
    if (server->Name == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    status = PsCreateSystemThread(&server->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, Run, server); // warning: thread-outlives-driver
    if (!NT_SUCCESS(status))
        ExFreePoolWithTag(server->Name, 'emaN');
    else
        ZwClose(server->Thread);
    return status;
}

DRIVER_UNLOAD Unload;
VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    Drop(&Server);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;

    (void)path;
    Server.Buffer = ExAllocatePool2(POOL_FLAG_NON_PAGED, 4096, 'reuB');
    if (Server.Buffer == NULL)
        return status;
    Server.Table = ExAllocatePool2(POOL_FLAG_PAGED, 512, 'ebaT');
    if (Server.Table == NULL)
        goto Fail;
    status = Start(&Server);
    if (!NT_SUCCESS(status))
        goto Fail;
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
Fail:
    Drop(&Server);
    return status;
}

//=== statements stand between a status and the one that overwrites it; one that reads it makes it seen
static const WSK_CLIENT_DISPATCH Dispatch = {MAKE_WSK_VERSION(1, 0), 0, NULL};
static WSK_REGISTRATION Registration;

NTSTATUS Start(WSK_CLIENT_NPI *client, WSK_PROVIDER_NPI *provider)
{
    NTSTATUS status;

    status = WskRegister(client, &Registration); // warning: status-ignored
    DbgPrint("registered\n");
    ;
    status = WskCaptureProviderNPI(&Registration, WSK_NO_WAIT, provider);
    if (!NT_SUCCESS(status))
        WskDeregister(&Registration);
    return status;
}

NTSTATUS StartAndSay(WSK_CLIENT_NPI *client, WSK_PROVIDER_NPI *provider)
{
    NTSTATUS status;

    status = WskRegister(client, &Registration);
    DbgPrint("registered: %x\n", status);
    status = WskCaptureProviderNPI(&Registration, WSK_NO_WAIT, provider);
    return status;
}

//=== a list and an event of a structure without a name, which nothing initialises
static struct { LIST_ENTRY Waiting; LIST_ENTRY Ready; KEVENT Gone; } Server;
typedef struct { LIST_ENTRY Link; } ENTRY;

VOID Add(ENTRY *entry)
{
    InsertTailList(&Server.Waiting, &entry->Link); // error: object-not-initialised
    InsertTailList(&Server.Ready, &entry->Link);
    KeSetEvent(&Server.Gone, IO_NO_INCREMENT, FALSE); // error: object-not-initialised
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    static ENTRY first;

    (void)driver;
    (void)path;
    InitializeListHead(&Server.Ready);
    Add(&first);
    return STATUS_SUCCESS;
}

//=== the last step of a start may fail, and leave the registration
#include <wdf.h>

static const WSK_CLIENT_DISPATCH Dispatch = {MAKE_WSK_VERSION(1, 0), 0, NULL};
static WSK_REGISTRATION Registration;
static EVT_WDF_DRIVER_DEVICE_ADD Add;
static EVT_WDF_DRIVER_UNLOAD Unload;

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    WSK_CLIENT_NPI client = {NULL, &Dispatch};
    WDF_DRIVER_CONFIG config;
    NTSTATUS status = WskRegister(&client, &Registration); // error: wsk-registration-leak

    if (!NT_SUCCESS(status))
        return status;
    WDF_DRIVER_CONFIG_INIT(&config, Add);
    config.EvtDriverUnload = Unload;
    status = WdfDriverCreate(driver, path, WDF_NO_OBJECT_ATTRIBUTES, &config, WDF_NO_HANDLE);
    return status;
}

static VOID Unload(WDFDRIVER driver)
{
    (void)driver;
    WskDeregister(&Registration);
}

static NTSTATUS Add(WDFDRIVER driver, PWDFDEVICE_INIT init)
{
    WDFDEVICE device;

    (void)driver;
    return WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &device);
}

//=== a helper releases the NPI after a helper that deregisters
static WSK_REGISTRATION Registration;
static WSK_PROVIDER_NPI Npi;
static const WSK_CLIENT_DISPATCH Dispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };

static VOID Release(PWSK_REGISTRATION registration)
{
    WskReleaseProviderNPI(registration);
}

static VOID Deregister(PWSK_REGISTRATION registration)
{
    WskDeregister(registration);
}

DRIVER_UNLOAD Unload;
VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    Deregister(&Registration);
    Release(&Registration); // error: npi-leak
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    WSK_CLIENT_NPI client;
    NTSTATUS status;

    (void)path;
    client.ClientContext = NULL;
    client.Dispatch = &Dispatch;
    status = WskRegister(&client, &Registration);
    if (!NT_SUCCESS(status))
        return status;
    status = WskCaptureProviderNPI(&Registration, WSK_NO_WAIT, &Npi);
    if (!NT_SUCCESS(status)) {
        Deregister(&Registration);
        return status;
    }
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}

//=== a device that is removed stays attached where only a start that fails detaches it
typedef struct { PDEVICE_OBJECT Lower; } EXT;

static NTSTATUS Add(PDRIVER_OBJECT driver, PDEVICE_OBJECT below)
{
    PDEVICE_OBJECT self;
    NTSTATUS status = IoCreateDevice(driver, sizeof(EXT), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &self);
    EXT *ext;

    if (!NT_SUCCESS(status))
        return status;
    ext = self->DeviceExtension;
    ext->Lower = IoAttachDeviceToDeviceStack(self, below);
    if (ext->Lower == NULL || ext->Lower->StackSize > 9) {
        if (ext->Lower != NULL)
            IoDetachDevice(ext->Lower);
        IoDeleteDevice(self);
        return STATUS_NO_SUCH_DEVICE;
    }
    self->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

static NTSTATUS Pnp(PDEVICE_OBJECT device, PIRP irp)
{
    EXT *ext = device->DeviceExtension;
    BOOLEAN isRemoved = IoGetCurrentIrpStackLocation(irp)->MinorFunction == IRP_MN_REMOVE_DEVICE;
    NTSTATUS status;

    IoSkipCurrentIrpStackLocation(irp);
    status = IoCallDriver(ext->Lower, irp);
    if (isRemoved)
        IoDeleteDevice(device); // error: device-deleted-while-attached
    return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    driver->DriverExtension->AddDevice = Add;
    driver->MajorFunction[IRP_MJ_PNP] = Pnp;
    return STATUS_SUCCESS;
}

//=== a helper detaches it, for a start that fails and for the removal
typedef struct { PDEVICE_OBJECT Self, Lower; } EXT;

static VOID Leave(EXT *ext)
{
    if (ext->Lower != NULL)
        IoDetachDevice(ext->Lower);
}

static NTSTATUS Add(PDRIVER_OBJECT driver, PDEVICE_OBJECT below)
{
    PDEVICE_OBJECT self;
    NTSTATUS status = IoCreateDevice(driver, sizeof(EXT), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &self);
    EXT *ext;

    if (!NT_SUCCESS(status))
        return status;
    ext = self->DeviceExtension;
    ext->Lower = IoAttachDeviceToDeviceStack(self, below);
    if (ext->Lower == NULL || ext->Lower->StackSize > 9) {
        Leave(ext);
        IoDeleteDevice(self);
        return STATUS_NO_SUCH_DEVICE;
    }
    self->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

static NTSTATUS Pnp(PDEVICE_OBJECT device, PIRP irp)
{
    EXT *ext = device->DeviceExtension;
    BOOLEAN isRemoved = IoGetCurrentIrpStackLocation(irp)->MinorFunction == IRP_MN_REMOVE_DEVICE;
    NTSTATUS status;

    IoSkipCurrentIrpStackLocation(irp);
    status = IoCallDriver(ext->Lower, irp);
    if (isRemoved) {
        Leave(ext);
        IoDeleteDevice(device);
    }
    return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    driver->DriverExtension->AddDevice = Add;
    driver->MajorFunction[IRP_MJ_PNP] = Pnp;
    return STATUS_SUCCESS;
}

//=== only a start that fails takes back what it has made: a device with a name, one of two lists, a notification
static LOOKASIDE_LIST_EX Small, Large;
static PDEVICE_OBJECT Device;

static VOID Notify(HANDLE parent, HANDLE process, BOOLEAN isMade)
{
    (void)parent, (void)process, (void)isMade;
}

static VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    ExDeleteLookasideListEx(&Small);
}

static VOID Load(PUNICODE_STRING file, HANDLE process, PIMAGE_INFO image)
{
    (void)file, (void)process, (void)image;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Kept"), link = RTL_CONSTANT_STRING(L"\\DosDevices\\Kept");
    NTSTATUS status = IoCreateDevice(driver, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device); // warning: device-leak

    (void)path;
    if (!NT_SUCCESS(status))
        return status;
    status = IoCreateSymbolicLink(&link, &name); // warning: symbolic-link-leak
    if (!NT_SUCCESS(status))
        goto device;
    status = ExInitializeLookasideListEx(&Small, NULL, NULL, NonPagedPoolNx, 0, 16, 'tseT', 0);
    if (!NT_SUCCESS(status))
        goto link;
    status = ExInitializeLookasideListEx(&Large, NULL, NULL, NonPagedPoolNx, 0, 256, 'tseT', 0); // error: resource-freed
    if (!NT_SUCCESS(status))
        goto small;
    status = PsSetLoadImageNotifyRoutine(Load); // error: callback-outlives-driver
    if (!NT_SUCCESS(status))
        goto large;
    status = PsSetCreateProcessNotifyRoutine(Notify, FALSE); // error: callback-outlives-driver
    if (!NT_SUCCESS(status))
        goto image;
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;

image:
    PsRemoveLoadImageNotifyRoutine(Load);
large:
    ExDeleteLookasideListEx(&Large);
small:
    ExDeleteLookasideListEx(&Small);
link:
    IoDeleteSymbolicLink(&link);
device:
    IoDeleteDevice(Device);
    return status;
}

//=== a start that succeeds has taken it back too, or a helper does for both
static LOOKASIDE_LIST_EX Pieces;
static ERESOURCE Lock;

static VOID Clear(VOID)
{
    ExDeleteLookasideListEx(&Pieces);
}

static VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    Clear();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Probe");
    PDEVICE_OBJECT probe;
    NTSTATUS status = IoCreateDevice(driver, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &probe);

    (void)path;
    if (!NT_SUCCESS(status))
        return status;
    IoDeleteDevice(probe);
    ExInitializeResourceLite(&Lock);
    status = ExInitializeLookasideListEx(&Pieces, NULL, NULL, NonPagedPoolNx, 0, 16, 'tseT', 0);
    ExDeleteResourceLite(&Lock);
    if (!NT_SUCCESS(status))
        return status;
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}

//=== a listener that only a start that fails closes, and one that nothing but a routine which nobody names does
static const WSK_CLIENT_DISPATCH Client = {MAKE_WSK_VERSION(1, 0), 0, NULL};
typedef struct { WSK_REGISTRATION Registration; WSK_PROVIDER_NPI Npi; PWSK_SOCKET Listener, Control, Guest; PIRP Irp; } SERVER;
static SERVER Server;

static NTSTATUS Told(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    (void)device, (void)irp;
    KeSetEvent(context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Make(PWSK_SOCKET *socket)
{
    KEVENT done;

    KeInitializeEvent(&done, NotificationEvent, FALSE);
    IoReuseIrp(Server.Irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(Server.Irp, Told, &done, TRUE, TRUE, TRUE);
    Server.Npi.Dispatch->WskSocket(Server.Npi.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_CONNECTION_SOCKET,
                                   NULL, NULL, NULL, NULL, NULL, Server.Irp);
    KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
    if (NT_SUCCESS(Server.Irp->IoStatus.Status))
        *socket = (PWSK_SOCKET)Server.Irp->IoStatus.Information;
    return Server.Irp->IoStatus.Status;
}

static VOID Close(PWSK_SOCKET socket)
{
    KEVENT done;

    KeInitializeEvent(&done, NotificationEvent, FALSE);
    IoReuseIrp(Server.Irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(Server.Irp, Told, &done, TRUE, TRUE, TRUE);
    ((const WSK_PROVIDER_BASIC_DISPATCH *)socket->Dispatch)->WskCloseSocket(socket, Server.Irp);
    KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
}

static VOID CloseListener(VOID)
{
    if (Server.Listener != NULL)
        Close(Server.Listener);
}

static VOID CloseControl(VOID)
{
    if (Server.Control != NULL)
        Close(Server.Control);
}

static VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    if (Server.Guest != NULL)
        Close(Server.Guest);
    IoFreeIrp(Server.Irp);
    WskReleaseProviderNPI(&Server.Registration);
    WskDeregister(&Server.Registration);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    WSK_CLIENT_NPI npi = {NULL, &Client};
    NTSTATUS status;

    (void)path;
    Server.Irp = IoAllocateIrp(1, FALSE);
    if (Server.Irp == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    status = WskRegister(&npi, &Server.Registration);
    if (!NT_SUCCESS(status))
        goto irp;
    status = WskCaptureProviderNPI(&Server.Registration, WSK_INFINITE_WAIT, &Server.Npi); // warning: capture-waits-in-driver-entry
    if (!NT_SUCCESS(status))
        goto registration;
    status = Make(&Server.Listener); // warning: socket-leak
    if (!NT_SUCCESS(status))
        goto npi;
    status = Make(&Server.Control); // warning: socket-leak
    if (!NT_SUCCESS(status))
        goto listener;
    status = Make(&Server.Guest);
    if (!NT_SUCCESS(status))
        goto listener;
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;

listener:
    CloseListener();
npi:
    WskReleaseProviderNPI(&Server.Registration);
registration:
    WskDeregister(&Server.Registration);
irp:
    IoFreeIrp(Server.Irp);
    return status;
}

//=== a start that succeeds has closed its socket, too
static const WSK_CLIENT_DISPATCH Client = {MAKE_WSK_VERSION(1, 0), 0, NULL};
typedef struct { WSK_REGISTRATION Registration; WSK_PROVIDER_NPI Npi; PWSK_SOCKET Listener; PIRP Irp; } SERVER;
static SERVER Server;

static NTSTATUS Told(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    (void)device, (void)irp;
    KeSetEvent(context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Make(PWSK_SOCKET *socket)
{
    KEVENT done;

    KeInitializeEvent(&done, NotificationEvent, FALSE);
    IoReuseIrp(Server.Irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(Server.Irp, Told, &done, TRUE, TRUE, TRUE);
    Server.Npi.Dispatch->WskSocket(Server.Npi.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_CONNECTION_SOCKET,
                                   NULL, NULL, NULL, NULL, NULL, Server.Irp);
    KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
    if (NT_SUCCESS(Server.Irp->IoStatus.Status))
        *socket = (PWSK_SOCKET)Server.Irp->IoStatus.Information;
    return Server.Irp->IoStatus.Status;
}

static VOID Close(PWSK_SOCKET socket)
{
    KEVENT done;

    KeInitializeEvent(&done, NotificationEvent, FALSE);
    IoReuseIrp(Server.Irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(Server.Irp, Told, &done, TRUE, TRUE, TRUE);
    ((const WSK_PROVIDER_BASIC_DISPATCH *)socket->Dispatch)->WskCloseSocket(socket, Server.Irp);
    KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
}

static VOID CloseListener(VOID)
{
    if (Server.Listener != NULL)
        Close(Server.Listener);
}

static VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    IoFreeIrp(Server.Irp);
    WskReleaseProviderNPI(&Server.Registration);
    WskDeregister(&Server.Registration);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    WSK_CLIENT_NPI npi = {NULL, &Client};
    NTSTATUS status;

    (void)path;
    Server.Irp = IoAllocateIrp(1, FALSE);
    if (Server.Irp == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    status = WskRegister(&npi, &Server.Registration);
    if (!NT_SUCCESS(status))
        goto irp;
    status = WskCaptureProviderNPI(&Server.Registration, WSK_INFINITE_WAIT, &Server.Npi); // warning: capture-waits-in-driver-entry
    if (!NT_SUCCESS(status))
        goto registration;
    status = Make(&Server.Listener);
    if (!NT_SUCCESS(status))
        goto npi;
    CloseListener();
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;

npi:
    WskReleaseProviderNPI(&Server.Registration);
registration:
    WskDeregister(&Server.Registration);
irp:
    IoFreeIrp(Server.Irp);
    return status;
}

//=== an IRP and memory that a helper gives back only where the start fails; others by what the completion routine is given
typedef struct { PIRP Kept, Sent; PVOID Memory, Other; } PARTS;
static PARTS Parts;
static PDEVICE_OBJECT Lower;

static NTSTATUS Back(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    (void)device;
    IoFreeIrp(irp);
    ExFreePoolWithTag(context, 'tseT');
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Ignored(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    (void)device, (void)irp, (void)context;
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Drop(PARTS *parts)
{
    if (parts->Kept != NULL)
        IoFreeIrp(parts->Kept);
    if (parts->Memory != NULL)
        ExFreePoolWithTag(parts->Memory, 'tseT');
}

static VOID Unload(PDRIVER_OBJECT driver)
{
    PIRP lost = IoAllocateIrp(1, FALSE); // warning: irp-leak

    (void)driver;
    if (lost == NULL)
        return;
    IoSetCompletionRoutine(lost, Ignored, NULL, TRUE, TRUE, TRUE);
    IoGetNextIrpStackLocation(lost)->MajorFunction = IRP_MJ_SHUTDOWN;
    (void)IoCallDriver(Lower, lost);
}

static NTSTATUS Add(PDRIVER_OBJECT driver, PDEVICE_OBJECT device)
{
    (void)driver;
    Lower = device;
    IoSetCompletionRoutine(Parts.Sent, Back, Parts.Other, TRUE, TRUE, TRUE);
    IoGetNextIrpStackLocation(Parts.Sent)->MajorFunction = IRP_MJ_FLUSH_BUFFERS;
    (void)IoCallDriver(device, Parts.Sent);
    IoGetNextIrpStackLocation(Parts.Kept)->MajorFunction = IRP_MJ_FLUSH_BUFFERS;
    IoSetCompletionRoutine(Parts.Kept, Ignored, NULL, TRUE, TRUE, TRUE);
    (void)IoCallDriver(device, Parts.Kept);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    Parts.Kept = IoAllocateIrp(1, FALSE); // warning: irp-leak
    Parts.Sent = IoAllocateIrp(1, FALSE);
    Parts.Memory = ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'tseT'); // warning: pool-leak
    Parts.Other = ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'tseT');
    if (Parts.Kept == NULL || Parts.Memory == NULL) {
        Drop(&Parts);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    driver->DriverUnload = Unload;
    driver->DriverExtension->AddDevice = Add;
    return STATUS_SUCCESS;
}
