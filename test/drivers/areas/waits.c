/* Waits on one and on many objects of every kind, time-outs in both forms, order of satisfied objects, delays, threads. */
#include "check.h"

static KEVENT A, B, C, Never;
static NTSTATUS Result;

static VOID WaitForAll(PVOID Context)
{
    PVOID objects[3] = { &A, &B, &C };

    UNREFERENCED_PARAMETER(Context);
    Result = KeWaitForMultipleObjects(3, objects, WaitAll, Executive, KernelMode, FALSE, NULL, NULL);
    PsTerminateSystemThread(Result);
}

static ULONG64 ElapsedMs(ULONG64 Since)
{
    return (KeQueryInterruptTime() - Since) / 10000;
}

static VOID SingleTimeouts(VOID)
{
    LARGE_INTEGER due;
    ULONG64 start;

    KeInitializeEvent(&Never, NotificationEvent, FALSE);
    start = KeQueryInterruptTime();
    due.QuadPart = -50LL * 10000;
    RETURNS(KeWaitForSingleObject(&Never, Executive, KernelMode, FALSE, &due), STATUS_TIMEOUT);
    CHECK(ElapsedMs(start) >= 50 && ElapsedMs(start) < 100);
    start = KeQueryInterruptTime();
    KeQuerySystemTime(&due);
    due.QuadPart += 30LL * 10000;
    RETURNS(KeWaitForSingleObject(&Never, Executive, KernelMode, FALSE, &due), STATUS_TIMEOUT);
    CHECK(ElapsedMs(start) >= 29 && ElapsedMs(start) < 80);
    KeQuerySystemTime(&due);
    due.QuadPart -= 10000;
    RETURNS(KeWaitForSingleObject(&Never, Executive, KernelMode, FALSE, &due), STATUS_TIMEOUT);
    start = KeQueryInterruptTime();
    due.QuadPart = -20LL * 10000;
    RETURNS(KeDelayExecutionThread(KernelMode, FALSE, &due), STATUS_SUCCESS);
    CHECK(ElapsedMs(start) >= 20 && ElapsedMs(start) < 60);
    start = KeQueryInterruptTime();
    due.QuadPart = -20LL * 10000;
    RETURNS(KeDelayExecutionThread(KernelMode, TRUE, &due), STATUS_SUCCESS);
    CHECK(ElapsedMs(start) >= 20);
}

static VOID AnyOfMany(VOID)
{
    KEVENT first, second;
    KSEMAPHORE third;
    PVOID objects[3] = { &first, &second, &third };
    LARGE_INTEGER now = { 0 };

    KeInitializeEvent(&first, SynchronizationEvent, FALSE);
    KeInitializeEvent(&second, SynchronizationEvent, FALSE);
    KeInitializeSemaphore(&third, 0, 5);
    RETURNS(KeWaitForMultipleObjects(3, objects, WaitAny, Executive, KernelMode, FALSE, &now, NULL), STATUS_TIMEOUT);
    KeSetEvent(&second, IO_NO_INCREMENT, FALSE);
    RETURNS(KeWaitForMultipleObjects(3, objects, WaitAny, Executive, KernelMode, FALSE, NULL, NULL), STATUS_WAIT_1);
    EQUAL(KeReadStateEvent(&second), 0);
    KeReleaseSemaphore(&third, IO_NO_INCREMENT, 2, FALSE);
    RETURNS(KeWaitForMultipleObjects(3, objects, WaitAny, Executive, KernelMode, FALSE, NULL, NULL), STATUS_WAIT_2);
    EQUAL(KeReadStateSemaphore(&third), 1);
    KeSetEvent(&first, IO_NO_INCREMENT, FALSE);
    RETURNS(KeWaitForMultipleObjects(3, objects, WaitAny, Executive, KernelMode, FALSE, NULL, NULL), STATUS_WAIT_0);
    EQUAL(KeReadStateSemaphore(&third), 1);
    RETURNS(KeWaitForMultipleObjects(1, &objects[2], WaitAny, Executive, KernelMode, FALSE, NULL, NULL), STATUS_WAIT_0);
}

static VOID AllOfMany(VOID)
{
    PVOID objects[3] = { &A, &B, &C };
    KWAIT_BLOCK blocks[3];
    LARGE_INTEGER now = { 0 };
    PKTHREAD thread;

    KeInitializeEvent(&A, SynchronizationEvent, TRUE);
    KeInitializeEvent(&B, SynchronizationEvent, TRUE);
    KeInitializeEvent(&C, NotificationEvent, FALSE);
    RETURNS(KeWaitForMultipleObjects(3, objects, WaitAll, Executive, KernelMode, FALSE, &now, blocks), STATUS_TIMEOUT);
    CHECK(KeReadStateEvent(&A) != 0 && KeReadStateEvent(&B) != 0);
    KeSetEvent(&C, IO_NO_INCREMENT, FALSE);
    RETURNS(KeWaitForMultipleObjects(3, objects, WaitAll, Executive, KernelMode, FALSE, &now, blocks), STATUS_SUCCESS);
    CHECK(KeReadStateEvent(&A) == 0 && KeReadStateEvent(&B) == 0 && KeReadStateEvent(&C) != 0);

    KeClearEvent(&C);
    Result = STATUS_PENDING;
    thread = StartThread(WaitForAll, NULL);
    Pause(2);
    KeSetEvent(&A, IO_NO_INCREMENT, FALSE);
    Pause(2);
    EQUAL(Result, STATUS_PENDING);
    CHECK(KeReadStateEvent(&A) != 0);
    KeSetEvent(&C, IO_NO_INCREMENT, FALSE);
    Pause(2);
    EQUAL(Result, STATUS_PENDING);
    KeSetEvent(&B, IO_NO_INCREMENT, FALSE);
    JoinThread(thread);
    EQUAL(Result, STATUS_SUCCESS);
    CHECK(KeReadStateEvent(&A) == 0 && KeReadStateEvent(&B) == 0 && KeReadStateEvent(&C) != 0);
}

static VOID MoreThanThree(VOID)
{
    KEVENT events[8];
    PVOID objects[8];
    KWAIT_BLOCK blocks[8];
    ULONG i;

    for (i = 0; i < 8; i++) {
        KeInitializeEvent(&events[i], NotificationEvent, FALSE);
        objects[i] = &events[i];
    }
    KeSetEvent(&events[6], IO_NO_INCREMENT, FALSE);
    RETURNS(KeWaitForMultipleObjects(8, objects, WaitAny, Executive, KernelMode, FALSE, NULL, blocks), STATUS_WAIT_0 + 6);
    KeSetEvent(&events[3], IO_NO_INCREMENT, FALSE);
    RETURNS(KeWaitForMultipleObjects(8, objects, WaitAny, Executive, KernelMode, FALSE, NULL, blocks), STATUS_WAIT_3);
    for (i = 0; i < 8; i++) {
        KeSetEvent(&events[i], IO_NO_INCREMENT, FALSE);
    }
    RETURNS(KeWaitForMultipleObjects(8, objects, WaitAll, Executive, KernelMode, FALSE, NULL, blocks), STATUS_SUCCESS);
}

static VOID Sleeper(PVOID Context)
{
    Pause(*(PLONG)Context);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID Leaver(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    /* A routine that returns ends its thread, as if it had called PsTerminateSystemThread. */
}

static VOID ThreadsAndTimers(VOID)
{
    LONG shortly = 10, longer = 40;
    PKTHREAD threads[2];
    KTIMER timer;
    PVOID objects[3];
    LARGE_INTEGER due, now = { 0 };
    ULONG64 start = KeQueryInterruptTime();

    threads[0] = StartThread(Sleeper, &longer);
    threads[1] = StartThread(Sleeper, &shortly);
    KeInitializeTimer(&timer);
    due.QuadPart = -20LL * 10000;
    KeSetTimer(&timer, due, NULL);
    objects[0] = threads[0];
    objects[1] = threads[1];
    objects[2] = &timer;
    RETURNS(KeWaitForSingleObject(threads[1], Executive, KernelMode, FALSE, &now), STATUS_TIMEOUT);
    RETURNS(KeWaitForMultipleObjects(3, objects, WaitAny, Executive, KernelMode, FALSE, NULL, NULL), STATUS_WAIT_1);
    CHECK(ElapsedMs(start) < 20);
    RETURNS(KeWaitForMultipleObjects(3, objects, WaitAll, Executive, KernelMode, FALSE, NULL, NULL), STATUS_SUCCESS);
    CHECK(ElapsedMs(start) >= 40);
    RETURNS(KeWaitForSingleObject(threads[0], Executive, KernelMode, FALSE, &now), STATUS_SUCCESS);
    RETURNS(KeWaitForSingleObject(threads[0], Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    ObDereferenceObject(threads[0]);
    ObDereferenceObject(threads[1]);
    threads[0] = StartThread(Leaver, NULL);
    RETURNS(KeWaitForSingleObject(threads[0], Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    ObDereferenceObject(threads[0]);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    SingleTimeouts();
    AnyOfMany();
    AllOfMany();
    MoreThanThree();
    ThreadsAndTimers();
}
