/* Timers: one-shot and periodic, relative and absolute, with DPC and without, cancelled, set anew, both types. */
#include "check.h"

static KTIMER Timer;
static KDPC Dpc;
static LONG Fired;
static KIRQL FiredAt;
static PVOID FiredContext;
static KEVENT FiredEvent;

static KDEFERRED_ROUTINE OnTimer;

static VOID OnTimer(PKDPC TheDpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(TheDpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    FiredAt = KeGetCurrentIrql();
    FiredContext = Context;
    InterlockedIncrement(&Fired);
    KeSetEvent(&FiredEvent, IO_NO_INCREMENT, FALSE);
}

static LARGE_INTEGER InMs(LONG Milliseconds)
{
    LARGE_INTEGER due;

    due.QuadPart = -10000LL * Milliseconds;
    return due;
}

static VOID OneShot(VOID)
{
    LARGE_INTEGER now = { 0 };

    KeInitializeTimer(&Timer);
    KeInitializeEvent(&FiredEvent, SynchronizationEvent, FALSE);
    KeInitializeDpc(&Dpc, OnTimer, &Timer);
    CHECK(!KeReadStateTimer(&Timer));
    CHECK(!KeCancelTimer(&Timer));
    CHECK(!KeSetTimer(&Timer, InMs(10), &Dpc));
    CHECK(!KeReadStateTimer(&Timer));
    EQUAL(Fired, 0);
    RETURNS(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, &now), STATUS_TIMEOUT);
    RETURNS(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    RETURNS(KeWaitForSingleObject(&FiredEvent, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    EQUAL(Fired, 1);
    EQUAL(FiredAt, DISPATCH_LEVEL);
    EQUAL(FiredContext, &Timer);
    CHECK(KeReadStateTimer(&Timer));
    CHECK(!KeCancelTimer(&Timer));
    Pause(50);
    EQUAL(Fired, 1);
}

static VOID SetAnewAndCancelled(VOID)
{
    ULONG64 start = KeQueryInterruptTime();

    Fired = 0;
    CHECK(!KeSetTimer(&Timer, InMs(10), &Dpc));
    CHECK(!KeReadStateTimer(&Timer));
    CHECK(KeSetTimer(&Timer, InMs(40), &Dpc));
    RETURNS(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    CHECK(KeQueryInterruptTime() - start >= 40 * 10000);
    Pause(1);
    EQUAL(Fired, 1);
    KeSetTimer(&Timer, InMs(20), &Dpc);
    CHECK(KeCancelTimer(&Timer));
    CHECK(!KeCancelTimer(&Timer));
    Pause(40);
    EQUAL(Fired, 1);
}

static VOID Periodic(VOID)
{
    LARGE_INTEGER now = { 0 };

    Fired = 0;
    KeInitializeTimerEx(&Timer, SynchronizationTimer);
    CHECK(!KeSetTimerEx(&Timer, InMs(10), 10, &Dpc));
    RETURNS(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    RETURNS(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, &now), STATUS_TIMEOUT);
    RETURNS(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    RETURNS(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    Pause(1);
    CHECK(Fired >= 3 && Fired <= 4);
    CHECK(KeCancelTimer(&Timer));
    KeFlushQueuedDpcs();
    Fired = 0;
    Pause(50);
    EQUAL(Fired, 0);
    KeInitializeTimerEx(&Timer, NotificationTimer);
    KeSetTimerEx(&Timer, InMs(5), 5, &Dpc);
    Pause(18);
    CHECK(Fired >= 3);
    CHECK(KeReadStateTimer(&Timer));
    CHECK(KeCancelTimer(&Timer));
}

static VOID Absolute(VOID)
{
    LARGE_INTEGER due;
    ULONG64 start;

    KeInitializeTimer(&Timer);
    KeQuerySystemTime(&due);
    due.QuadPart += 30LL * 10000;
    start = KeQueryInterruptTime();
    CHECK(!KeSetTimer(&Timer, due, NULL));
    RETURNS(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    CHECK(KeQueryInterruptTime() - start >= 29 * 10000);
    /* What has passed already expires at once. */
    due.QuadPart = 1;
    KeSetTimer(&Timer, due, NULL);
    RETURNS(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    CHECK(!KeCancelTimer(&Timer));
}

static VOID Coalescable(VOID)
{
    KeInitializeTimer(&Timer);
    Fired = 0;
    CHECK(!KeSetCoalescableTimer(&Timer, InMs(20), 0, 5, &Dpc));
    RETURNS(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    KeFlushQueuedDpcs();
    EQUAL(Fired, 1);
}

static EXT_CALLBACK OnExTimer;
static EXT_DELETE_CALLBACK OnExTimerDeleted;
static LONG ExFired, ExDeleted;

static VOID OnExTimer(PEX_TIMER TheTimer, PVOID Context)
{
    UNREFERENCED_PARAMETER(TheTimer);
    InterlockedIncrement((PLONG)Context);
}

static VOID OnExTimerDeleted(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    InterlockedIncrement(&ExDeleted);
}

static VOID ExTimers(VOID)
{
    EXT_DELETE_PARAMETERS parameters;
    PEX_TIMER timer = ExAllocateTimer(OnExTimer, &ExFired, EX_TIMER_HIGH_RESOLUTION);

    CHECK(timer != NULL);
    CHECK(!ExSetTimer(timer, -10LL * 10000, 0, NULL));
    Pause(20);
    EQUAL(ExFired, 1);
    ExSetTimer(timer, -10LL * 10000, 0, NULL);
    CHECK(ExCancelTimer(timer, NULL));
    CHECK(!ExCancelTimer(timer, NULL));
    Pause(20);
    EQUAL(ExFired, 1);
    ExInitializeDeleteTimerParameters(&parameters);
    parameters.DeleteCallback = OnExTimerDeleted;
    parameters.DeleteContext = NULL;
    ExSetTimer(timer, -500LL * 10000, 0, NULL);
    CHECK(ExDeleteTimer(timer, TRUE, FALSE, &parameters));
    Pause(5);
    EQUAL(ExDeleted, 1);
    EQUAL(ExFired, 1);

    /* One that is not cancelled expires once more before it is gone; until then it can be neither set nor cancelled. */
    timer = ExAllocateTimer(OnExTimer, &ExFired, 0);
    ExSetTimer(timer, -10LL * 10000, 0, NULL);
    CHECK(!ExDeleteTimer(timer, FALSE, FALSE, &parameters));
    CHECK(!ExCancelTimer(timer, NULL));
    CHECK(!ExSetTimer(timer, -1LL * 10000, 0, NULL));
    Pause(5);
    EQUAL(ExFired, 1);
    EQUAL(ExDeleted, 1);
    Pause(20);
    EQUAL(ExFired, 2);
    EQUAL(ExDeleted, 2);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    OneShot();
    SetAnewAndCancelled();
    Periodic();
    Absolute();
    Coalescable();
    ExTimers();
}
