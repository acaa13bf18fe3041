/* Processors: how many, what they can, where a thread runs, registers of devices and interrupts that are connected. */
#include "check.h"
#include <intrin.h>

/* The kernel exports it; no header of the WDK has it. */
extern PSHORT NtBuildNumber;

static KSPIN_LOCK Lock;
static ULONG Called;

static BOOLEAN InStep(PVOID Context)
{
    Called = *(PULONG)Context;
    EQUAL(KeGetCurrentIrql(), 7);
    return TRUE;
}

static BOOLEAN OnInterrupt(PKINTERRUPT Interrupt, PVOID Context)
{
    UNREFERENCED_PARAMETER(Interrupt);
    UNREFERENCED_PARAMETER(Context);
    return FALSE;
}

static VOID OnBigStack(PVOID Parameter)
{
    (*(PULONG)Parameter)++;
}

static ULONG Relations(LOGICAL_PROCESSOR_RELATIONSHIP Type, PVOID Buffer, ULONG Room)
{
    ULONG length = 0;

    RETURNS(KeQueryLogicalProcessorRelationship(NULL, Type, NULL, &length), STATUS_INFO_LENGTH_MISMATCH);
    CHECK(length > 0 && length <= Room);
    RETURNS(KeQueryLogicalProcessorRelationship(NULL, Type, Buffer, &length), STATUS_SUCCESS);
    return length;
}

static VOID Sharing(VOID)
{
    UCHAR buffer[512];
    PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX one = (PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX)buffer;
    PROCESSOR_NUMBER none = { 0, 5, 0 };
    GROUP_AFFINITY affinity;
    USHORT count;
    ULONG length, at, cores = 0;

    EQUAL(Relations(RelationGroup, buffer, sizeof(buffer)), one->Size);
    EQUAL(one->Relationship, RelationGroup);
    EQUAL(one->Group.ActiveGroupCount, 1);
    EQUAL(one->Group.GroupInfo[0].ActiveProcessorCount, 1);
    EQUAL(one->Group.GroupInfo[0].ActiveProcessorMask, 1);
    length = Relations(RelationAll, buffer, sizeof(buffer));
    for (at = 0; at < length; at += one->Size) {
        one = (PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX)(buffer + at);
        cores += one->Relationship == RelationProcessorCore;
    }
    EQUAL(at, length);
    EQUAL(cores, 1);
    RETURNS(KeQueryLogicalProcessorRelationship(&none, RelationAll, NULL, &length), STATUS_INVALID_PARAMETER);
    KeQueryNodeActiveAffinity(0, &affinity, &count);
    EQUAL(affinity.Mask, 1);
    EQUAL(count, 1);
    KeQueryNodeActiveAffinity(3, NULL, &count);
    EQUAL(count, 0);
}

static VOID Trace(VOID)
{
    PVOID calls[4] = { NULL };
    ULONG hash = 0;

    EQUAL(RtlCaptureStackBackTrace(0, 2, calls, &hash), 2);
    CHECK(calls[0] != NULL && calls[1] != NULL && calls[0] != calls[1]);
    CHECK(hash != 0);
    EQUAL(RtlCaptureStackBackTrace(1, 1, &calls[2], NULL), 1);
    EQUAL(calls[2], calls[1]);
    EQUAL(KdRefreshDebuggerNotPresent(), TRUE);
    EQUAL(IoGetFunctionCodeFromCtlCode(CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_NEITHER, FILE_ANY_ACCESS)), 0x802);
}

/* What was before is all zeroes where that was the user's, and zeroes bring the user's back. */
static VOID GroupAffinity(VOID)
{
    GROUP_AFFINITY wanted, first, second;

    RtlZeroMemory(&wanted, sizeof(wanted));
    RtlFillMemory(&first, sizeof(first), 0x55);
    wanted.Mask = KeQueryGroupAffinity(0);
    KeSetSystemGroupAffinityThread(&wanted, &first);
    EQUAL(first.Mask, 0);
    EQUAL(first.Group, 0);
    KeSetSystemGroupAffinityThread(&wanted, &second);
    EQUAL(second.Mask, 1);
    /* Of more processors than there are, those that are there count. */
    EQUAL(KeSetSystemAffinityThreadEx(~(KAFFINITY)0), 1);
    EQUAL(KeSetSystemAffinityThreadEx(1), KeQueryActiveProcessors());
    KeSetSystemGroupAffinityThread(&wanted, NULL);
    KeRevertToUserGroupAffinityThread(&second);
    KeSetSystemGroupAffinityThread(&wanted, &second);
    EQUAL(second.Mask, 1);
    KeRevertToUserGroupAffinityThread(&first);
    KeSetSystemGroupAffinityThread(&wanted, &second);
    EQUAL(second.Mask, 0);
    KeRevertToUserGroupAffinityThread(&second);
}

static VOID Counting(VOID)
{
    KAFFINITY before;

    EQUAL(KeQueryActiveProcessors(), 1);
    EQUAL(KeQueryMaximumProcessorCount(), 1);
    EQUAL(KeQueryActiveGroupCount(), 1);
    EQUAL(KeQueryMaximumGroupCount(), 1);
    EQUAL(KeQueryGroupAffinity(0), 1);
    EQUAL(KeQueryGroupAffinity(9), 0);
    EQUAL(KeGetCurrentNodeNumber(), 0);
    EQUAL(KeQueryHighestNodeNumber(), 0);
    before = KeSetSystemAffinityThreadEx(1);
    EQUAL(before, 0);
    KeRevertToUserAffinityThreadEx(before);
    GroupAffinity();
    EQUAL(KeIsExecutingDpc(), FALSE);
    EQUAL(KeShouldYieldProcessor(), FALSE);
}

static VOID Features(VOID)
{
    int info[4];
    unsigned __int64 random = 0;
    XSTATE_SAVE save;

    __cpuid(info, 0);
    CHECK(info[0] >= 7);
    EQUAL(info[1], 0x756e6547);
    __cpuid(info, 1);
    CHECK((info[2] & (1 << 30)) != 0);
    CHECK((info[3] & (1 << 26)) != 0);
    __cpuidex(info, 7, 0);
    CHECK((info[1] & (1 << 5)) != 0);
    EQUAL(_xgetbv(0) & 7, 7);
    EQUAL(_rdrand64_step(&random), 1);
    CHECK(random != 0);
    CHECK((__readeflags() & 0x200) != 0);
    CHECK((__readmsr(0xc0000080) & 0x400) != 0);
    RAISES(__readmsr(0x12345678), STATUS_ACCESS_VIOLATION);
    RETURNS(KeSaveExtendedProcessorState(XSTATE_MASK_AVX, &save), STATUS_SUCCESS);
    KeRestoreExtendedProcessorState(&save);
}

static VOID Stack(VOID)
{
    ULONG count = 0;
    KIRQL irql;

    RETURNS(KeExpandKernelStackAndCallout(OnBigStack, &count, 0x8000), STATUS_SUCCESS);
    EQUAL(count, 1);
    RETURNS(KeExpandKernelStackAndCallout(OnBigStack, &count, MAXIMUM_EXPANSION_SIZE + 1), STATUS_INVALID_PARAMETER);
    EQUAL(count, 1);
    RETURNS(KeExpandKernelStackAndCalloutEx(OnBigStack, &count, MAXIMUM_EXPANSION_SIZE + 1, FALSE, NULL),
            STATUS_INVALID_PARAMETER_3);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    RETURNS(KeExpandKernelStackAndCalloutEx(OnBigStack, &count, 0x8000, TRUE, NULL), STATUS_INVALID_PARAMETER_4);
    RETURNS(KeExpandKernelStackAndCalloutEx(OnBigStack, &count, 0x8000, FALSE, NULL), STATUS_SUCCESS);
    KeLowerIrql(irql);
    EQUAL(count, 2);
}

static VOID Registers(VOID)
{
    PHYSICAL_ADDRESS address;
    PULONG mapped;
    ULONG row[2] = { 5, 6 };
    UCHAR ports[3] = { 0 };

    address.QuadPart = 0xfeb00000;
    mapped = MmMapIoSpace(address, 4096, MmNonCached);
    CHECK(mapped != NULL);
    WRITE_REGISTER_ULONG(mapped, 0x12345678);
    EQUAL(READ_REGISTER_ULONG(mapped), 0x12345678);
    EQUAL(READ_REGISTER_UCHAR((PUCHAR)mapped), 0x78);
    WRITE_REGISTER_BUFFER_ULONG(mapped + 1, row, 2);
    row[0] = row[1] = 0;
    READ_REGISTER_BUFFER_ULONG(mapped + 1, row, 2);
    EQUAL(row[1], 6);
    MmUnmapIoSpace(mapped, 4096);
    EQUAL(READ_PORT_UCHAR((PUCHAR)0x3f8), 0xff);
    WRITE_PORT_UCHAR((PUCHAR)0x3f8, 1);
    READ_PORT_BUFFER_UCHAR((PUCHAR)0x3f8, ports, 3);
    EQUAL(ports[2], 0xff);
}

static VOID Interrupts(VOID)
{
    IO_CONNECT_INTERRUPT_PARAMETERS connect;
    IO_DISCONNECT_INTERRUPT_PARAMETERS disconnect;
    PKINTERRUPT interrupt = NULL;
    ULONG value = 9;
    KIRQL irql;

    RtlZeroMemory(&connect, sizeof(connect));
    connect.Version = CONNECT_LINE_BASED;
    connect.LineBased.InterruptObject = &interrupt;
    connect.LineBased.ServiceRoutine = OnInterrupt;
    connect.LineBased.SpinLock = &Lock;
    connect.LineBased.SynchronizeIrql = 7;
    RETURNS(IoConnectInterruptEx(&connect), STATUS_SUCCESS);
    CHECK(interrupt != NULL);
    EQUAL(KeSynchronizeExecution(interrupt, InStep, &value), TRUE);
    EQUAL(Called, 9);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    irql = KeAcquireInterruptSpinLock(interrupt);
    EQUAL(KeGetCurrentIrql(), 7);
    KeReleaseInterruptSpinLock(interrupt, irql);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    disconnect.Version = CONNECT_LINE_BASED;
    disconnect.ConnectionContext.InterruptObject = interrupt;
    IoDisconnectInterruptEx(&disconnect);
    connect.Version = CONNECT_MESSAGE_BASED;
    connect.MessageBased.FallBackServiceRoutine = NULL;
    RETURNS(IoConnectInterruptEx(&connect), STATUS_NOT_FOUND);
}

static VOID Variables(VOID)
{
    RTL_OSVERSIONINFOW version = { sizeof(version) };

    EQUAL(KeNumberProcessors, KeQueryActiveProcessorCount(NULL));
    RETURNS(RtlGetVersion(&version), STATUS_SUCCESS);
    EQUAL((USHORT)*NtBuildNumber, version.dwBuildNumber);
    EQUAL(*(PULONG)NtBuildNumber >> 28, 0xf);
    EQUAL((PVOID)MM_LOWEST_USER_ADDRESS < MmHighestUserAddress, TRUE);
    EQUAL(sizeof(LIST_ENTRY64), 16);
    EQUAL(sizeof(LIST_ENTRY32), 8);
    EQUAL(sizeof(VM_COUNTERS), 88);
    EQUAL(FIELD_OFFSET(IMAGE_INFO_EX, FileObject), 48);
}

static VOID Processes(VOID)
{
    EQUAL(PsGetThreadProcessId(PsGetCurrentThread()), PsGetCurrentProcessId());
    EQUAL(PsIsThreadTerminating(PsGetCurrentThread()), FALSE);
    RETURNS(PsGetProcessExitStatus(PsGetCurrentProcess()), STATUS_PENDING);
    CHECK(PsGetProcessCreateTimeQuadPart(PsGetCurrentProcess()) > 0);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeSpinLock(&Lock);
    Counting();
    Sharing();
    Trace();
    Features();
    Stack();
    Registers();
    Interrupts();
    Variables();
    Processes();
}
