/* One-time initialisation: once, waited for by others, taken over after a failure, tried by several at a time. */
#include "check.h"

static RTL_RUN_ONCE Once = RTL_RUN_ONCE_INIT;
static LONG Calls;
static LONG Seen;

static RTL_RUN_ONCE_INIT_FN Slowly;

static ULONG NTAPI Slowly(PRTL_RUN_ONCE RunOnce, PVOID Parameter, PVOID *Context)
{
    UNREFERENCED_PARAMETER(RunOnce);
    Pause(5);
    *Context = Parameter;
    /* The first one fails. */
    return InterlockedIncrement(&Calls) > 1;
}

static VOID Caller(PVOID Context)
{
    PVOID result = NULL;

    UNREFERENCED_PARAMETER(Context);
    if (NT_SUCCESS(RtlRunOnceExecuteOnce(&Once, Slowly, (PVOID)0x40, &result)) && result == (PVOID)0x40) {
        InterlockedIncrement(&Seen);
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID ManyThreads(VOID)
{
    PKTHREAD threads[4];
    ULONG i;

    for (i = 0; i < 4; i++) {
        threads[i] = StartThread(Caller, NULL);
    }
    for (i = 0; i < 4; i++) {
        JoinThread(threads[i]);
    }
    EQUAL(Calls, 2);
    EQUAL(Seen, 3);
}

static VOID ByHand(VOID)
{
    RTL_RUN_ONCE once;
    PVOID context = NULL;

    RtlRunOnceInitialize(&once);
    RETURNS(RtlRunOnceBeginInitialize(&once, RTL_RUN_ONCE_CHECK_ONLY, &context), STATUS_UNSUCCESSFUL);
    RETURNS(RtlRunOnceBeginInitialize(&once, 0, &context), STATUS_PENDING);
    RETURNS(RtlRunOnceComplete(&once, RTL_RUN_ONCE_INIT_FAILED, NULL), STATUS_SUCCESS);
    RETURNS(RtlRunOnceBeginInitialize(&once, 0, &context), STATUS_PENDING);
    RETURNS(RtlRunOnceComplete(&once, 0, (PVOID)0x1000), STATUS_SUCCESS);
    RETURNS(RtlRunOnceComplete(&once, 0, (PVOID)0x2000), STATUS_UNSUCCESSFUL);
    RETURNS(RtlRunOnceBeginInitialize(&once, RTL_RUN_ONCE_CHECK_ONLY, &context), STATUS_SUCCESS);
    EQUAL(context, 0x1000);
}

static VOID Freely(VOID)
{
    RTL_RUN_ONCE once = RTL_RUN_ONCE_INIT;
    PVOID context = NULL;

    RETURNS(RtlRunOnceBeginInitialize(&once, RTL_RUN_ONCE_ASYNC, &context), STATUS_PENDING);
    RETURNS(RtlRunOnceBeginInitialize(&once, RTL_RUN_ONCE_ASYNC, &context), STATUS_PENDING);
    RETURNS(RtlRunOnceComplete(&once, RTL_RUN_ONCE_ASYNC, (PVOID)0x10), STATUS_SUCCESS);
    RETURNS(RtlRunOnceComplete(&once, RTL_RUN_ONCE_ASYNC, (PVOID)0x20), STATUS_UNSUCCESSFUL);
    RETURNS(RtlRunOnceBeginInitialize(&once, 0, &context), STATUS_SUCCESS);
    EQUAL(context, 0x10);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    ManyThreads();
    ByHand();
    Freely();
}
