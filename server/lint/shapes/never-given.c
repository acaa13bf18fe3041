/* Pointers that are kept, and that a whole driver never gives anything. */

//=== members of a device's extension and of a structure at file scope, by a thing of the system and one of the driver
typedef struct { ULONG Count; } QUEUE;
typedef struct { PDEVICE_OBJECT Self; PDEVICE_OBJECT Lower; QUEUE *Queue; } EXT;
static struct { PKEVENT Done; PIRP Irp; } Global;

static NTSTATUS Pass(PDEVICE_OBJECT device, PIRP irp)
{
    EXT *ext = device->DeviceExtension;

    ext->Queue->Count++; // error: uninitialised-variable
    IoSkipCurrentIrpStackLocation(irp);
    return IoCallDriver(ext->Lower, irp); // error: uninitialised-variable
}

static VOID Unload(PDRIVER_OBJECT driver)
{
    KeSetEvent(Global.Done, IO_NO_INCREMENT, FALSE); // error: uninitialised-variable
    IoDeleteDevice(driver->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    PDEVICE_OBJECT device;
    NTSTATUS status = IoCreateDevice(driver, sizeof(EXT), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);

    (void)path;
    if (!NT_SUCCESS(status))
        return status;
    ((EXT *)device->DeviceExtension)->Self = device;
    driver->DriverUnload = Unload;
    driver->MajorFunction[IRP_MJ_READ] = Pass;
    device->Flags &= ~DO_DEVICE_INITIALIZING;
    return status;
}

//=== a provider that nobody captures
static const WSK_CLIENT_DISPATCH Dispatch = {MAKE_WSK_VERSION(1, 0), 0, NULL};
static WSK_REGISTRATION Registration;
static WSK_PROVIDER_NPI Provider;

static VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    WskDeregister(&Registration);
}

static NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp)
{
    (void)device;
    irp->IoStatus.Status = Provider.Dispatch->WskControlClient(Provider.Client, WSK_TRANSPORT_LIST_QUERY, 0, NULL, 0, NULL, NULL, NULL); // error: uninitialised-variable
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    WSK_CLIENT_NPI client = {NULL, &Dispatch};
    NTSTATUS status = WskRegister(&client, &Registration);

    (void)path;
    if (!NT_SUCCESS(status))
        return status;
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}

//=== given as a whole, by a copy, through an address, by an interlocked exchange, from another driver, or asked by a helper
typedef struct { PDEVICE_OBJECT Device; } WHOLE;
typedef struct { PDEVICE_OBJECT Device; } COPIED;
typedef struct { PDEVICE_OBJECT Device; PIRP Irp; PMDL Mdl; } EXT;
typedef struct { PDEVICE_OBJECT Device; } FOREIGN;
static WHOLE Whole;
static COPIED Copied;
static EXT Ext;
static PFILE_OBJECT File;

static BOOLEAN HasMdl(EXT *ext)
{
    return ext->Mdl != NULL ? TRUE : FALSE;
}

static NTSTATUS Connect(PDEVICE_OBJECT device, PIRP irp)
{
    FOREIGN *foreign = IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl.Type3InputBuffer;

    (void)device;
    irp->IoStatus.Status = STATUS_SUCCESS;
    irp->IoStatus.Information = foreign->Device->StackSize;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

static VOID Unload(PDRIVER_OBJECT driver)
{
    DbgPrint("%d %d %d\n", Whole.Device->StackSize, Copied.Device->StackSize, Ext.Device->StackSize);
    IoFreeIrp(Ext.Irp);
    if (HasMdl(&Ext))
        DbgPrint("%p\n", Ext.Mdl->StartVa);
    ObDereferenceObject(File);
    (void)driver;
}

static VOID Give(WHOLE *from, PUCHAR bytes)
{
    Whole = *from;
    RtlCopyMemory(&Copied, bytes, sizeof(Copied));
    (void)InterlockedExchangePointer((PVOID *)&Ext.Irp, IoAllocateIrp(1, FALSE));
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    NTSTATUS status = IoGetDeviceObjectPointer(path, FILE_READ_DATA, &File, &Ext.Device);

    if (!NT_SUCCESS(status))
        return status;
    Give(driver->DriverExtension->AddDevice == NULL ? NULL : (WHOLE *)driver, (PUCHAR)driver);
    driver->MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = Connect;
    driver->DriverUnload = Unload;
    return status;
}

//=== what a condition asks about may be there or not, and what is taken for another structure is given by others
typedef struct _HEAD { PDEVICE_OBJECT Device; } HEAD, *PHEAD;
typedef struct _PORT { PDEVICE_OBJECT Device; PFILE_OBJECT File; PMDL Mdl; } PORT, *PPORT;

static PORT Port;

VOID Unload(PDRIVER_OBJECT DriverObject)
{
  UNREFERENCED_PARAMETER(DriverObject);
  if (Port.Mdl != NULL)
    IoFreeMdl(Port.Mdl);
  ObDereferenceObject(Port.File);
  IoDetachDevice(Port.Device);
}

static VOID Note(PHEAD Head, PDEVICE_OBJECT Device)
{
  Head->Device = Device;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
  PDEVICE_OBJECT device;
  NTSTATUS status = IoGetDeviceObjectPointer(RegistryPath, FILE_READ_DATA, &Port.File, &device);

  if (!NT_SUCCESS(status))
    return status;
  Note((PHEAD)&Port, device);
  DriverObject->DriverUnload = Unload;
  return STATUS_SUCCESS;
}

//=== members of a union, with a name and without one, are given by each other's names
typedef struct {
    PWSK_SOCKET Socket;
    union {
        const VOID *Any;
        const WSK_PROVIDER_CONNECTION_DISPATCH *Connection;
        struct { const WSK_PROVIDER_LISTEN_DISPATCH *Listen; } Other;
    };
    union { PVOID First; PKEVENT Event; struct { PMDL Mdl; } Inner; } Named[2];
} CONN;

static CONN Conn;

VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    KeSetEvent(Conn.Named[0].Event, IO_NO_INCREMENT, FALSE);
    DbgPrint("%u\n", Conn.Named[1].Inner.Mdl->ByteCount);
    Conn.Connection->Basic.WskCloseSocket(Conn.Socket, NULL);
    Conn.Other.Listen->Basic.WskCloseSocket(Conn.Socket, NULL);
}

NTSTATUS Open(PWSK_SOCKET socket, PVOID first, PVOID second)
{
    Conn.Socket = socket;
    Conn.Any = socket->Dispatch;
    Conn.Named[0].First = first;
    Conn.Named[1].First = second;
    return STATUS_SUCCESS;
}

static NTSTATUS Create(PDEVICE_OBJECT device, PIRP irp)
{
    PVOID *given = irp->Tail.Overlay.DriverContext;

    (void)device;
    irp->IoStatus.Status = Open(given[0], given[1], given[2]);
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    driver->MajorFunction[IRP_MJ_CREATE] = Create;
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
