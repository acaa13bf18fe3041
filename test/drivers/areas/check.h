/*
 * Checks that a driver makes of the system below it. Each prints "ok N - what" or "not ok N - what (got, wanted)"; the
 * runner counts them. What is asserted is what Microsoft documents, never what the emulator happens to do.
 *
 * A driver here defines RunChecks, which is called from DriverEntry at PASSIVE_LEVEL in the system process; the driver
 * is unloaded afterwards. A driver that must stay longer, or needs its own entry, defines OWN_ENTRY before the include
 * and calls CheckPlan itself. Every check may run at any IRQL up to DISPATCH_LEVEL.
 */
#pragma once
#include <ntifs.h>
#include <ntstrsafe.h>

#define CHECK_TAG 'kehC'

static LONG ChecksDone;

static VOID CheckReport(BOOLEAN IsOk, PCSTR What, ULONG64 Got, ULONG64 Wanted)
{
    LONG number = InterlockedIncrement(&ChecksDone);

    if (IsOk) {
        DbgPrint("ok %d - %s\n", number, What);
    } else {
        DbgPrint("not ok %d - %s (got 0x%I64x, wanted 0x%I64x)\n", number, What, Got, Wanted);
    }
}

/* The condition is true. */
#define CHECK(Condition) CheckReport((Condition) ? TRUE : FALSE, #Condition, 0, 1)

/* Two integers or pointers are the same. */
#define EQUAL(Got, Wanted)                                                                       \
    do {                                                                                         \
        ULONG64 got_ = (ULONG64)(Got), wanted_ = (ULONG64)(Wanted);                              \
        CheckReport(got_ == wanted_, #Got " is " #Wanted, got_, wanted_);                        \
    } while (0)

/* A call returns this status. */
#define RETURNS(Call, Status)                                                                    \
    do {                                                                                         \
        NTSTATUS got_ = (Call);                                                                  \
        CheckReport(got_ == (Status), #Call " returns " #Status, (ULONG)got_, (ULONG)(Status));  \
    } while (0)

/* A statement raises this exception. */
#define RAISES(Statement, Code)                                                                  \
    do {                                                                                         \
        NTSTATUS raised_ = STATUS_SUCCESS;                                                       \
        __try {                                                                                  \
            Statement;                                                                           \
        } __except (EXCEPTION_EXECUTE_HANDLER) {                                                 \
            raised_ = GetExceptionCode();                                                        \
        }                                                                                        \
        CheckReport(raised_ == (Code), #Statement " raises " #Code, (ULONG)raised_, (ULONG)(Code)); \
    } while (0)

/* Lets others run for this long. */
static VOID Pause(LONG Milliseconds)
{
    LARGE_INTEGER interval;

    interval.QuadPart = -10000LL * Milliseconds;
    KeDelayExecutionThread(KernelMode, FALSE, &interval);
}

/* Starts a system thread; the caller waits for it and dereferences it by JoinThread. */
static PKTHREAD StartThread(PKSTART_ROUTINE Routine, PVOID Context)
{
    HANDLE handle = NULL;
    PVOID thread = NULL;

    if (!NT_SUCCESS(PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Routine, Context))) {
        return NULL;
    }
    ObReferenceObjectByHandle(handle, SYNCHRONIZE, *PsThreadType, KernelMode, &thread, NULL);
    ZwClose(handle);
    return (PKTHREAD)thread;
}

static VOID JoinThread(PKTHREAD Thread)
{
    KeWaitForSingleObject(Thread, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Thread);
}

#ifndef OWN_ENTRY
static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath);

static VOID CheckUnload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

DRIVER_INITIALIZE DriverEntry;

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    DriverObject->DriverUnload = CheckUnload;
    RunChecks(DriverObject, RegistryPath);
    return STATUS_SUCCESS;
}
#endif
