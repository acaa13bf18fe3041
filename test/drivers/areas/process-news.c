/* Routines that hear of processes, threads and images: which calls come, in which order, and in whose context. */
#define OWN_ENTRY
#include "check.h"

static UNICODE_STRING Link = RTL_CONSTANT_STRING(L"\\DosDevices\\AreaNews");
static HANDLE FirstId;
static HANDLE RefusedId;
static HANDLE SystemThread;
static ULONG Created, Ended, ThreadsCreated, ThreadsEnded, OwnThreads, Images, Refused, Plain;
static BOOLEAN IsOpen, ThreadEndSeen;

static VOID NTAPI OnProcess(HANDLE Parent, HANDLE Id, BOOLEAN Create)
{
    EQUAL(Parent, PsGetProcessId(PsInitialSystemProcess));
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    EQUAL(KeAreApcsDisabled(), TRUE);
    Plain++;
    if (Create) {
        CHECK(Id != PsGetCurrentProcessId());
    } else {
        EQUAL(Id, PsGetCurrentProcessId());
    }
}

static VOID NTAPI OnProcessEx(PEPROCESS Process, HANDLE Id, PPS_CREATE_NOTIFY_INFO Info)
{
    EQUAL(PsGetProcessId(Process), Id);
    EQUAL(PsInitialSystemProcess != Process, TRUE);
    if (Info == NULL) {
        Ended++;
        CHECK(Id == FirstId || Id == RefusedId);
        /* The thread's end is told first, its handles are closed afterwards. */
        if (Id == FirstId) {
            EQUAL(ThreadEndSeen, TRUE);
        }
        return;
    }
    Created++;
    EQUAL(Info->Size, sizeof(*Info));
    EQUAL(Info->FileOpenNameAvailable, 1);
    EQUAL(Info->ParentProcessId, PsGetCurrentProcessId());
    EQUAL(Info->CreatingThreadId.UniqueThread, PsGetCurrentThreadId());
    EQUAL(Info->CreationStatus, STATUS_SUCCESS);
    CHECK(Info->FileObject != NULL && Info->FileObject->FileName.Length != 0);
    CHECK(Info->CommandLine != NULL && Info->CommandLine->Length != 0);
    if (wcsstr(Info->ImageFileName->Buffer, L"refused.exe") != NULL) {
        RefusedId = Id;
        Refused++;
        Info->CreationStatus = STATUS_ACCESS_DENIED;
    } else {
        FirstId = Id;
    }
}

static VOID NTAPI OnThread(HANDLE Process, HANDLE Thread, BOOLEAN Create)
{
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    if (Create) {
        ThreadsCreated++;
        CHECK(Thread != PsGetCurrentThreadId());
        if (Process == PsGetProcessId(PsInitialSystemProcess)) {
            SystemThread = Thread;
        }
    } else {
        ThreadsEnded++;
        EQUAL(Thread, PsGetCurrentThreadId());
        EQUAL(Process, PsGetCurrentProcessId());
        ThreadEndSeen = TRUE;
    }
}

static VOID NTAPI OnOwnThread(HANDLE Process, HANDLE Thread, BOOLEAN Create)
{
    OwnThreads++;
    EQUAL(Thread, PsGetCurrentThreadId());
    EQUAL(Process, PsGetCurrentProcessId());
    UNREFERENCED_PARAMETER(Create);
}

static VOID NTAPI OnImage(PUNICODE_STRING Name, HANDLE Process, PIMAGE_INFO Info)
{
    Images++;
    EQUAL(Process, FirstId);
    EQUAL(Process, PsGetCurrentProcessId());
    EQUAL(Info->SystemModeImage, 0);
    CHECK(Info->ImageBase != NULL && Info->ImageSize != 0);
    CHECK(wcsstr(Name->Buffer, Images == 1 ? L"first.exe" : L"ntdll.dll") != NULL);
}

static VOID Returns(PVOID Context)
{
    *(HANDLE *)Context = PsGetCurrentThreadId();
}

static VOID Terminates(PVOID Context)
{
    *(HANDLE *)Context = PsGetCurrentThreadId();
    PsTerminateSystemThread(STATUS_CANCELLED);
}

DRIVER_DISPATCH Opens;

NTSTATUS Opens(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    if (IoGetCurrentIrpStackLocation(Irp)->MajorFunction == IRP_MJ_CREATE) {
        EQUAL(PsGetCurrentProcessId(), FirstId);
        EQUAL(Images, 2);
        IsOpen = TRUE;
    }
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

static VOID NewsUnload(PDRIVER_OBJECT DriverObject)
{
    EQUAL(IsOpen, TRUE);
    EQUAL(Created, 2);
    EQUAL(Ended, 2);
    EQUAL(Plain, 4);
    EQUAL(Refused, 1);
    EQUAL(Images, 2);
    EQUAL(OwnThreads, 3);
    /* Two system threads and that of one program; the refused one never began, but its thread ends. */
    EQUAL(ThreadsCreated, 3);
    EQUAL(ThreadsEnded, 4);
    RETURNS(PsSetCreateProcessNotifyRoutine(OnProcess, TRUE), STATUS_SUCCESS);
    RETURNS(PsSetCreateProcessNotifyRoutine(OnProcess, TRUE), STATUS_PROCEDURE_NOT_FOUND);
    RETURNS(PsSetCreateProcessNotifyRoutineEx2(PsCreateProcessNotifySubsystems, (PVOID)OnProcessEx, TRUE), STATUS_SUCCESS);
    RETURNS(PsRemoveCreateThreadNotifyRoutine(OnThread), STATUS_SUCCESS);
    RETURNS(PsRemoveCreateThreadNotifyRoutine(OnOwnThread), STATUS_SUCCESS);
    RETURNS(PsRemoveCreateThreadNotifyRoutine(OnThread), STATUS_PROCEDURE_NOT_FOUND);
    RETURNS(PsRemoveLoadImageNotifyRoutine(OnImage), STATUS_SUCCESS);
    RETURNS(PsRemoveLoadImageNotifyRoutine(OnImage), STATUS_PROCEDURE_NOT_FOUND);
    IoDeleteSymbolicLink(&Link);
    IoDeleteDevice(DriverObject->DeviceObject);
}

DRIVER_INITIALIZE DriverEntry;

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\AreaNews");
    PDEVICE_OBJECT device;
    HANDLE id = NULL;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = NewsUnload;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = Opens;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = Opens;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = Opens;
    IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
    IoCreateSymbolicLink(&Link, &name);

    RETURNS(PsSetCreateProcessNotifyRoutine(OnProcess, FALSE), STATUS_SUCCESS);
    RETURNS(PsSetCreateProcessNotifyRoutine(OnProcess, FALSE), STATUS_INVALID_PARAMETER);
    RETURNS(PsSetCreateProcessNotifyRoutineEx2((PSCREATEPROCESSNOTIFYTYPE)7, (PVOID)OnProcessEx, FALSE), STATUS_INVALID_PARAMETER);
    RETURNS(PsSetCreateProcessNotifyRoutineEx(OnProcessEx, TRUE), STATUS_PROCEDURE_NOT_FOUND);
    RETURNS(PsSetCreateProcessNotifyRoutineEx(OnProcessEx, FALSE), STATUS_SUCCESS);
    RETURNS(PsSetCreateThreadNotifyRoutine(OnThread), STATUS_SUCCESS);
    RETURNS(PsSetCreateThreadNotifyRoutineEx((PSCREATETHREADNOTIFYTYPE)9, (PVOID)OnOwnThread), STATUS_INVALID_PARAMETER);
    RETURNS(PsSetCreateThreadNotifyRoutineEx(PsCreateThreadNotifyNonSystem, (PVOID)OnOwnThread), STATUS_SUCCESS);
    RETURNS(PsSetLoadImageNotifyRoutineEx(OnImage, 0x10), STATUS_INVALID_PARAMETER);
    RETURNS(PsSetLoadImageNotifyRoutine(OnImage), STATUS_SUCCESS);
    /* Twice is twice. */
    RETURNS(PsSetLoadImageNotifyRoutine(OnImage), STATUS_SUCCESS);
    RETURNS(PsRemoveLoadImageNotifyRoutine(OnImage), STATUS_SUCCESS);

    JoinThread(StartThread(Returns, &id));
    EQUAL(SystemThread, id);
    EQUAL(ThreadsCreated, 1);
    EQUAL(ThreadsEnded, 1);
    JoinThread(StartThread(Terminates, &id));
    EQUAL(SystemThread, id);
    EQUAL(ThreadsEnded, 2);
    EQUAL(OwnThreads, 0);
    ThreadEndSeen = FALSE;
    return STATUS_SUCCESS;
}
