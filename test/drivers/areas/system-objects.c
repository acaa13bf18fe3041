/* Objects by name and by handle, volumes, processes, power settings, reinitialization, small functions of many parts. */
#define OWN_ENTRY
#include "check.h"
#include <wchar.h>
#include <stdlib.h>

static const GUID PowerSource = { 0x5d3e9a59, 0xe9d5, 0x4b00, { 0xa6, 0xbd, 0xff, 0x34, 0xff, 0x51, 0x65, 0x48 } };
static ULONG SettingCalls, SettingValue = 99, Reinitialized, BootCalls;
static PVOID Setting;
static KIRQL IpiIrql;

static NTSTATUS NTAPI OnSetting(LPCGUID Guid, PVOID Value, ULONG Length, PVOID Context)
{
    SettingCalls++;
    EQUAL(Length, sizeof(ULONG));
    EQUAL(Context, 5);
    CHECK(IsEqualGUID(Guid, &PowerSource));
    SettingValue = *(PULONG)Value;
    return STATUS_SUCCESS;
}

static ULONG_PTR NTAPI OnProcessors(ULONG_PTR Argument)
{
    IpiIrql = KeGetCurrentIrql();
    return Argument + 1;
}

static DRIVER_REINITIALIZE Again, Boot;

static VOID Boot(PDRIVER_OBJECT DriverObject, PVOID Context, ULONG Count)
{
    UNREFERENCED_PARAMETER(DriverObject);
    EQUAL(Context, 8);
    EQUAL(Count, 1);
    BootCalls++;
}

static VOID Again(PDRIVER_OBJECT DriverObject, PVOID Context, ULONG Count)
{
    EQUAL(Context, 7);
    EQUAL(BootCalls, 1);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    EQUAL(Count, ++Reinitialized + BootCalls);
    if (Reinitialized < 2) {
        IoRegisterDriverReinitialization(DriverObject, Again, Context);
    }
}

static VOID Directories(VOID)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\AreaObjects"), inner = RTL_CONSTANT_STRING(L"Inner");
    UNICODE_STRING deep = RTL_CONSTANT_STRING(L"\\No\\Parent"), relative = RTL_CONSTANT_STRING(L"Relative");
    UNICODE_STRING devices = RTL_CONSTANT_STRING(L"\\Device"), event = RTL_CONSTANT_STRING(L"\\BaseNamedObjects\\AreaEvent");
    OBJECT_ATTRIBUTES attributes;
    HANDLE directory = NULL, second = NULL;

    InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(ZwOpenDirectoryObject(&directory, DIRECTORY_QUERY, &attributes), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(ZwCreateDirectoryObject(&directory, DIRECTORY_ALL_ACCESS, &attributes), STATUS_SUCCESS);
    RETURNS(ZwCreateDirectoryObject(&second, DIRECTORY_ALL_ACCESS, &attributes), STATUS_OBJECT_NAME_COLLISION);
    attributes.Attributes |= OBJ_OPENIF;
    RETURNS(ZwCreateDirectoryObject(&second, DIRECTORY_ALL_ACCESS, &attributes), STATUS_OBJECT_NAME_EXISTS);
    RETURNS(ZwClose(second), STATUS_SUCCESS);
    InitializeObjectAttributes(&attributes, &inner, OBJ_KERNEL_HANDLE, directory, NULL);
    RETURNS(ZwCreateDirectoryObject(&second, DIRECTORY_ALL_ACCESS, &attributes), STATUS_SUCCESS);
    RETURNS(ZwMakeTemporaryObject(second), STATUS_SUCCESS);
    RETURNS(ZwClose(second), STATUS_SUCCESS);
    RETURNS(ZwOpenDirectoryObject(&second, DIRECTORY_QUERY, &attributes), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(ZwClose(directory), STATUS_SUCCESS);
    InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(ZwOpenDirectoryObject(&second, DIRECTORY_QUERY, &attributes), STATUS_OBJECT_NAME_NOT_FOUND);
    InitializeObjectAttributes(&attributes, &deep, OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(ZwCreateDirectoryObject(&second, DIRECTORY_ALL_ACCESS, &attributes), STATUS_OBJECT_PATH_NOT_FOUND);
    InitializeObjectAttributes(&attributes, &relative, OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(ZwCreateDirectoryObject(&second, DIRECTORY_ALL_ACCESS, &attributes), STATUS_OBJECT_PATH_SYNTAX_BAD);
    InitializeObjectAttributes(&attributes, &devices, OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(ZwOpenDirectoryObject(&second, DIRECTORY_QUERY, &attributes), STATUS_SUCCESS);
    RETURNS(ZwClose(second), STATUS_SUCCESS);
    InitializeObjectAttributes(&attributes, &event, OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(ZwOpenEvent(&second, EVENT_ALL_ACCESS, &attributes), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(ZwCreateEvent(&directory, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE), STATUS_SUCCESS);
    RETURNS(ZwOpenEvent(&second, EVENT_ALL_ACCESS, &attributes), STATUS_SUCCESS);
    RETURNS(ZwClose(second), STATUS_SUCCESS);
    RETURNS(ZwClose(directory), STATUS_SUCCESS);
}

static VOID Names(PDEVICE_OBJECT Device)
{
    UCHAR buffer[512];
    POBJECT_NAME_INFORMATION name = (POBJECT_NAME_INFORMATION)buffer;
    PPUBLIC_OBJECT_BASIC_INFORMATION basic = (PPUBLIC_OBJECT_BASIC_INFORMATION)buffer;
    UNICODE_STRING path = RTL_CONSTANT_STRING(L"\\Registry\\Machine\\Software\\AreaNames");
    OBJECT_ATTRIBUTES attributes;
    HANDLE key = NULL, second = NULL;
    PVOID object = NULL;
    ULONG length = 0;

    RETURNS(ObQueryNameString(Device, name, 4, &length), STATUS_INFO_LENGTH_MISMATCH);
    EQUAL(length, sizeof(OBJECT_NAME_INFORMATION) + sizeof(L"\\Device\\AreaObjects"));
    RETURNS(ObQueryNameString(Device, name, sizeof(buffer), &length), STATUS_SUCCESS);
    EQUAL(wcscmp(name->Name.Buffer, L"\\Device\\AreaObjects"), 0);
    EQUAL(name->Name.MaximumLength, name->Name.Length + 2);
    InitializeObjectAttributes(&attributes, &path, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE, NULL, NULL);
    RETURNS(ZwCreateKey(&key, KEY_ALL_ACCESS, &attributes, 0, NULL, 0, NULL), STATUS_SUCCESS);
    RETURNS(ObReferenceObjectByHandle(key, 0, NULL, KernelMode, &object, NULL), STATUS_SUCCESS);
    RETURNS(ObQueryNameString(object, name, sizeof(buffer), &length), STATUS_SUCCESS);
    EQUAL(wcscmp(name->Name.Buffer, L"\\REGISTRY\\MACHINE\\SOFTWARE\\AreaNames"), 0);
    ObDereferenceObject(object);
    RETURNS(ZwDuplicateObject(ZwCurrentProcess(), key, ZwCurrentProcess(), &second, 0, OBJ_KERNEL_HANDLE, DUPLICATE_SAME_ACCESS), STATUS_SUCCESS);
    CHECK(second != key);
    RETURNS(ZwQueryObject(key, ObjectBasicInformation, buffer, 8, &length), STATUS_INFO_LENGTH_MISMATCH);
    RETURNS(ZwQueryObject(key, ObjectBasicInformation, buffer, sizeof(*basic), &length), STATUS_SUCCESS);
    EQUAL(basic->HandleCount, 2);
    RETURNS(ZwQueryObject(key, ObjectTypeInformation, buffer, sizeof(buffer), &length), STATUS_SUCCESS);
    EQUAL(wcscmp(((PPUBLIC_OBJECT_TYPE_INFORMATION)buffer)->TypeName.Buffer, L"Key"), 0);
    RETURNS(ZwQueryObject(key, (OBJECT_INFORMATION_CLASS)77, buffer, sizeof(buffer), &length), STATUS_INVALID_INFO_CLASS);
    RETURNS(ZwDuplicateObject(ZwCurrentProcess(), second, NULL, NULL, 0, 0, DUPLICATE_CLOSE_SOURCE), STATUS_SUCCESS);
    RETURNS(ZwQueryObject(second, ObjectBasicInformation, buffer, sizeof(*basic), &length), STATUS_INVALID_HANDLE);
    RETURNS(ZwDeleteKey(key), STATUS_SUCCESS);
    RETURNS(ZwClose(key), STATUS_SUCCESS);
}

static VOID Volumes(PDEVICE_OBJECT Device)
{
    UNICODE_STRING path = RTL_CONSTANT_STRING(L"\\??\\C:\\Windows\\Temp\\area.txt"), device = RTL_CONSTANT_STRING(L"\\Device\\AreaObjects");
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK iosb;
    HANDLE file = NULL;
    UCHAR buffer[128];

    InitializeObjectAttributes(&attributes, &path, OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(IoCreateFile(&file, GENERIC_WRITE | SYNCHRONIZE, &attributes, &iosb, NULL, 0, 0, FILE_CREATE, FILE_SYNCHRONOUS_IO_NONALERT, NULL, 0, CreateFileTypeNone, NULL, 0), STATUS_SUCCESS);
    EQUAL(iosb.Information, FILE_CREATED);
    RETURNS(ZwQueryVolumeInformationFile(file, &iosb, buffer, 4, FileFsSizeInformation), STATUS_INFO_LENGTH_MISMATCH);
    RETURNS(ZwQueryVolumeInformationFile(file, &iosb, buffer, sizeof(buffer), FileFsSizeInformation), STATUS_SUCCESS);
    EQUAL(((PFILE_FS_SIZE_INFORMATION)buffer)->BytesPerSector, 512);
    EQUAL(iosb.Information, sizeof(FILE_FS_SIZE_INFORMATION));
    RETURNS(ZwQueryVolumeInformationFile(file, &iosb, buffer, sizeof(FILE_FS_ATTRIBUTE_INFORMATION), FileFsAttributeInformation), STATUS_BUFFER_OVERFLOW);
    RETURNS(ZwQueryVolumeInformationFile(file, &iosb, buffer, sizeof(buffer), FileFsAttributeInformation), STATUS_SUCCESS);
    EQUAL(wcsncmp(((PFILE_FS_ATTRIBUTE_INFORMATION)buffer)->FileSystemName, L"NTFS", 4), 0);
    RETURNS(ZwQueryVolumeInformationFile(file, &iosb, buffer, sizeof(buffer), (FS_INFORMATION_CLASS)99), STATUS_INVALID_INFO_CLASS);
    RETURNS(ZwFsControlFile(file, NULL, NULL, NULL, &iosb, 0x90000, NULL, 0, NULL, 0), STATUS_INVALID_DEVICE_REQUEST);
    RETURNS(ZwClose(file), STATUS_SUCCESS);
    Device->Flags &= ~DO_DEVICE_INITIALIZING;
    InitializeObjectAttributes(&attributes, &device, OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(ZwOpenFile(&file, SYNCHRONIZE | FILE_READ_DATA, &attributes, &iosb, 0, FILE_SYNCHRONOUS_IO_NONALERT), STATUS_SUCCESS);
    RETURNS(ZwQueryVolumeInformationFile(file, &iosb, buffer, sizeof(buffer), FileFsDeviceInformation), STATUS_SUCCESS);
    EQUAL(((PFILE_FS_DEVICE_INFORMATION)buffer)->DeviceType, FILE_DEVICE_NETWORK);
    RETURNS(ZwFsControlFile(file, NULL, NULL, NULL, &iosb, CTL_CODE(FILE_DEVICE_NETWORK, 1, METHOD_BUFFERED, 0), "in", 3, buffer, 8), STATUS_SUCCESS);
    EQUAL(iosb.Information, 2);
    EQUAL(buffer[0], 'n');
    RETURNS(ZwClose(file), STATUS_SUCCESS);
}

DRIVER_DISPATCH Dispatch;

NTSTATUS Dispatch(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(Irp);

    UNREFERENCED_PARAMETER(Device);
    Irp->IoStatus.Information = 0;
    if (location->MajorFunction == IRP_MJ_FILE_SYSTEM_CONTROL) {
        PUCHAR bytes = Irp->AssociatedIrp.SystemBuffer;

        EQUAL(location->Parameters.FileSystemControl.InputBufferLength, 3);
        EQUAL(location->Parameters.FileSystemControl.OutputBufferLength, 8);
        EQUAL(bytes[0], 'i');
        bytes[0] = 'n';
        Irp->IoStatus.Information = 2;
    }
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

/* A name begins at the root of the namespace, where it does not stand below a handle. */
static VOID BadNames(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING relative = RTL_CONSTANT_STRING(L"Device\\Relative"), target = RTL_CONSTANT_STRING(L"\\Device\\Null");
    OBJECT_ATTRIBUTES attributes;
    PDEVICE_OBJECT device;
    IO_STATUS_BLOCK block;
    HANDLE handle;

    InitializeObjectAttributes(&attributes, &relative, OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(IoCreateDevice(DriverObject, 0, &relative, FILE_DEVICE_UNKNOWN, 0, FALSE, &device),
        STATUS_OBJECT_PATH_SYNTAX_BAD);
    RETURNS(IoCreateSymbolicLink(&relative, &target), STATUS_OBJECT_PATH_SYNTAX_BAD);
    RETURNS(ZwOpenFile(&handle, SYNCHRONIZE, &attributes, &block, 0, FILE_SYNCHRONOUS_IO_NONALERT),
        STATUS_OBJECT_PATH_SYNTAX_BAD);
    RETURNS(ZwOpenKey(&handle, KEY_READ, &attributes), STATUS_OBJECT_PATH_SYNTAX_BAD);
    InitializeObjectAttributes(&attributes, &relative, OBJ_KERNEL_HANDLE, (HANDLE)0x7ffc, NULL);
    RETURNS(ZwCreateKey(&handle, KEY_READ, &attributes, 0, NULL, 0, NULL), STATUS_INVALID_HANDLE);
}

static VOID Processes(VOID)
{
    OBJECT_ATTRIBUTES attributes;
    CLIENT_ID id = { 0 };
    HANDLE process = NULL;
    PVOID object = NULL;

    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(ZwOpenProcess(&process, PROCESS_ALL_ACCESS, &attributes, NULL), STATUS_INVALID_PARAMETER_MIX);
    id.UniqueProcess = (HANDLE)0x7ffc;
    RETURNS(ZwOpenProcess(&process, PROCESS_ALL_ACCESS, &attributes, &id), STATUS_INVALID_CID);
    id.UniqueProcess = PsGetProcessId(PsInitialSystemProcess);
    RETURNS(ZwOpenProcess(&process, PROCESS_ALL_ACCESS, &attributes, &id), STATUS_SUCCESS);
    RETURNS(ObReferenceObjectByHandle(process, 0, *PsProcessType, KernelMode, &object, NULL), STATUS_SUCCESS);
    EQUAL(object, PsInitialSystemProcess);
    ObDereferenceObject(object);
    RETURNS(ZwTerminateProcess(process, 0), STATUS_ACCESS_DENIED);
    RETURNS(ZwClose(process), STATUS_SUCCESS);
    RETURNS(ObReferenceObjectByHandle(NtCurrentProcess(), 0, *PsProcessType, KernelMode, &object, NULL), STATUS_SUCCESS);
    EQUAL(object, PsGetCurrentProcess());
    ObDereferenceObject(object);
    /* The kernel is believed to know what it points to; a program is not. */
    RETURNS(ObReferenceObjectByPointer(object, 0, *PsThreadType, UserMode), STATUS_OBJECT_TYPE_MISMATCH);
    RETURNS(ObReferenceObjectByPointer(object, 0, *PsThreadType, KernelMode), STATUS_SUCCESS);
    ObDereferenceObject(object);
    RETURNS(ObOpenObjectByPointer(object, OBJ_KERNEL_HANDLE, NULL, 0, *PsThreadType, KernelMode, &process),
        STATUS_OBJECT_TYPE_MISMATCH);
    /* What is closed for a program is declined where it is no handle of one. */
    RETURNS(ObCloseHandle((HANDLE)0x7ffc, UserMode), STATUS_INVALID_HANDLE);
    EQUAL(PsGetThreadProcess(PsGetCurrentThread()), PsGetCurrentProcess());
    EQUAL(IoIsSystemThread(PsGetCurrentThread()), TRUE);
}

static VOID Small(VOID)
{
    PROCESSOR_NUMBER number = { 0 };
    KSPIN_LOCK lock;
    ULONG sum = 3;
    PVOID memory;
    PHYSICAL_ADDRESS none = { 0 };

    EQUAL(KeIpiGenericCall(OnProcessors, 41), 42);
    EQUAL(IpiIrql, 14);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    EQUAL(KeGetProcessorIndexFromNumber(&number), 0);
    number.Number = 9;
    EQUAL(KeGetProcessorIndexFromNumber(&number), INVALID_PROCESSOR_INDEX);
    EQUAL(_atoi64("  -9000000000x"), -9000000000LL);
    EQUAL(towupper(0xE4), 0xC4);
    EQUAL(towlower(L'Q'), L'q');
    EQUAL(towupper(0xDF), 0xDF);
    KeInitializeSpinLock(&lock);
    EQUAL(ExInterlockedAddUlong(&sum, 4, &lock), 3);
    EQUAL(sum, 7);
    EQUAL(RtlNtStatusToDosError(STATUS_OBJECT_NAME_NOT_FOUND), 2);
    EQUAL(RtlNtStatusToDosErrorNoTeb(STATUS_INSUFFICIENT_RESOURCES), 1450);
    EQUAL(RtlNtStatusToDosError((NTSTATUS)0xC0070057), 87);
    EQUAL(RtlNtStatusToDosError((NTSTATUS)0xCFFFFFFF), 317);
    EQUAL(IoGetFileObjectGenericMapping()->GenericAll, FILE_ALL_ACCESS);
    EQUAL(IoGetConfigurationInformation()->DiskCount, 1);
    none.QuadPart = -1;
    memory = MmAllocateContiguousMemorySpecifyCache(100, (PHYSICAL_ADDRESS){ 0 }, none, (PHYSICAL_ADDRESS){ 0 }, MmCached);
    CHECK(memory != NULL && ((ULONG_PTR)memory & (PAGE_SIZE - 1)) == 0);
    MmFreeContiguousMemorySpecifyCache(memory, 100, MmCached);
}

static VOID ObjectsUnload(PDRIVER_OBJECT DriverObject)
{
    EQUAL(Reinitialized, 2);
    EQUAL(BootCalls, 1);
    Volumes(DriverObject->DeviceObject);
    RETURNS(PoUnregisterPowerSettingCallback(Setting), STATUS_SUCCESS);
    IoDeleteDevice(DriverObject->DeviceObject);
}

DRIVER_INITIALIZE DriverEntry;

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\AreaObjects");
    PDEVICE_OBJECT device = NULL;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = ObjectsUnload;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = Dispatch;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = Dispatch;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = Dispatch;
    DriverObject->MajorFunction[IRP_MJ_FILE_SYSTEM_CONTROL] = Dispatch;
    IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_NETWORK, 0, FALSE, &device);
    Directories();
    BadNames(DriverObject);
    Names(device);
    Processes();
    Small();
    RETURNS(PoRegisterPowerSettingCallback(device, &PowerSource, OnSetting, (PVOID)5, &Setting), STATUS_SUCCESS);
    EQUAL(SettingCalls, 1);
    EQUAL(SettingValue, 0);
    IoRegisterDriverReinitialization(DriverObject, Again, (PVOID)7);
    IoRegisterBootDriverReinitialization(DriverObject, Boot, (PVOID)8);
    return STATUS_SUCCESS;
}
