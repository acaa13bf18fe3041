/* Callbacks on handles to processes and threads: order by altitude, access that is taken away, duplicates, programs. */
#define OWN_ENTRY
#include "check.h"

#define WANTED (PROCESS_TERMINATE | PROCESS_QUERY_INFORMATION)
#ifndef PROCESS_TERMINATE
#define PROCESS_TERMINATE 0x0001
#define PROCESS_QUERY_INFORMATION 0x0400
#endif

static PVOID High, Low;
static LONG Order, Programs, Threads;
static BOOLEAN IsTesting;

static OB_PREOP_CALLBACK_STATUS HighBefore(PVOID Context, POB_PRE_OPERATION_INFORMATION Info)
{
    if (!IsTesting) {
        if (Info->ObjectType == *PsProcessType) Programs++;
        if (Info->ObjectType == *PsThreadType) Threads++;
        return OB_PREOP_SUCCESS;
    }
    EQUAL(Context, &High);
    EQUAL(Order++, 0);
    EQUAL(Info->Object, PsGetCurrentProcess());
    EQUAL(Info->ObjectType, *PsProcessType);
    EQUAL(Info->KernelHandle, 1);
    if (Info->Operation == OB_OPERATION_HANDLE_CREATE) {
        EQUAL(Info->Parameters->CreateHandleInformation.OriginalDesiredAccess, WANTED);
        Info->Parameters->CreateHandleInformation.DesiredAccess &= ~PROCESS_TERMINATE;
    } else {
        EQUAL(Info->Operation, OB_OPERATION_HANDLE_DUPLICATE);
        EQUAL(Info->Parameters->DuplicateHandleInformation.SourceProcess, PsGetCurrentProcess());
        EQUAL(Info->Parameters->DuplicateHandleInformation.TargetProcess, PsGetCurrentProcess());
    }
    Info->CallContext = &High;
    return OB_PREOP_SUCCESS;
}

static OB_PREOP_CALLBACK_STATUS LowBefore(PVOID Context, POB_PRE_OPERATION_INFORMATION Info)
{
    UNREFERENCED_PARAMETER(Context);
    if (!IsTesting) return OB_PREOP_SUCCESS;
    EQUAL(Order++, 1);
    EQUAL(Info->CallContext, NULL);
    if (Info->Operation == OB_OPERATION_HANDLE_CREATE) {
        EQUAL(Info->Parameters->CreateHandleInformation.DesiredAccess, PROCESS_QUERY_INFORMATION);
    }
    return OB_PREOP_SUCCESS;
}

static VOID LowAfter(PVOID Context, POB_POST_OPERATION_INFORMATION Info)
{
    UNREFERENCED_PARAMETER(Context);
    if (!IsTesting) return;
    EQUAL(Order++, 2);
    EQUAL(Info->ReturnStatus, STATUS_SUCCESS);
}

static VOID HighAfter(PVOID Context, POB_POST_OPERATION_INFORMATION Info)
{
    UNREFERENCED_PARAMETER(Context);
    if (!IsTesting) return;
    EQUAL(Order++, 3);
    EQUAL(Info->CallContext, &High);
    if (Info->Operation == OB_OPERATION_HANDLE_CREATE) {
        EQUAL(Info->Parameters->CreateHandleInformation.GrantedAccess, PROCESS_QUERY_INFORMATION);
    }
}

static NTSTATUS Watch(PCWSTR Altitude, PVOID Context, POB_PRE_OPERATION_CALLBACK Before,
                      POB_POST_OPERATION_CALLBACK After, PVOID *Handle)
{
    OB_OPERATION_REGISTRATION operations[2];
    OB_CALLBACK_REGISTRATION registration;

    RtlZeroMemory(operations, sizeof(operations));
    operations[0].ObjectType = PsProcessType;
    operations[0].Operations = OB_OPERATION_HANDLE_CREATE | OB_OPERATION_HANDLE_DUPLICATE;
    operations[0].PreOperation = Before;
    operations[0].PostOperation = After;
    operations[1] = operations[0];
    operations[1].ObjectType = PsThreadType;
    registration.Version = OB_FLT_REGISTRATION_VERSION;
    registration.OperationRegistrationCount = 2;
    RtlInitUnicodeString(&registration.Altitude, Altitude);
    registration.RegistrationContext = Context;
    registration.OperationRegistration = operations;
    return ObRegisterCallbacks(&registration, Handle);
}

static VOID Handles(VOID)
{
    OBJECT_ATTRIBUTES attributes;
    CLIENT_ID id = { PsGetCurrentProcessId(), NULL };
    HANDLE first, second;
    PVOID again;

    RETURNS(Watch(L"1000", &Low, LowBefore, LowAfter, &Low), STATUS_SUCCESS);
    RETURNS(Watch(L"20000.5", &High, HighBefore, HighAfter, &High), STATUS_SUCCESS);
    RETURNS(Watch(L"1000", NULL, LowBefore, NULL, &again), STATUS_FLT_INSTANCE_ALTITUDE_COLLISION);
    RETURNS(Watch(L"3", NULL, NULL, NULL, &again), STATUS_INVALID_PARAMETER);
    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    IsTesting = TRUE;
    Order = 0;
    RETURNS(ZwOpenProcess(&first, WANTED, &attributes, &id), STATUS_SUCCESS);
    EQUAL(Order, 4);
    Order = 0;
    RETURNS(ZwDuplicateObject(ZwCurrentProcess(), first, ZwCurrentProcess(), &second, WANTED, OBJ_KERNEL_HANDLE, 0),
            STATUS_SUCCESS);
    EQUAL(Order, 4);
    ZwClose(second);
    Order = 0;
    RETURNS(ObOpenObjectByPointer(PsGetCurrentProcess(), OBJ_KERNEL_HANDLE, NULL, WANTED, *PsProcessType, KernelMode,
                                  &second), STATUS_SUCCESS);
    EQUAL(Order, 4);
    IsTesting = FALSE;
    ZwClose(second);
    ZwClose(first);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    EQUAL(Programs, 1);
    EQUAL(Threads, 1);
    ObUnRegisterCallbacks(High);
    ObUnRegisterCallbacks(Low);
}

DRIVER_INITIALIZE DriverEntry;

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    Handles();
    Programs = Threads = 0;
    return STATUS_SUCCESS;
}
