/* Semaphores: counts, limits, what a release wakes, what a release beyond the limit raises. */
#include "check.h"

static KSEMAPHORE Tickets;
static LONG Through;

static VOID Taker(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeWaitForSingleObject(&Tickets, Executive, KernelMode, FALSE, NULL);
    InterlockedIncrement(&Through);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID Counts(VOID)
{
    KSEMAPHORE semaphore;
    LARGE_INTEGER now = { 0 };

    KeInitializeSemaphore(&semaphore, 2, 3);
    EQUAL(KeReadStateSemaphore(&semaphore), 2);
    EQUAL(semaphore.Limit, 3);
    RETURNS(KeWaitForSingleObject(&semaphore, Executive, KernelMode, FALSE, &now), STATUS_SUCCESS);
    EQUAL(KeReadStateSemaphore(&semaphore), 1);
    RETURNS(KeWaitForSingleObject(&semaphore, Executive, KernelMode, FALSE, &now), STATUS_SUCCESS);
    EQUAL(KeReadStateSemaphore(&semaphore), 0);
    RETURNS(KeWaitForSingleObject(&semaphore, Executive, KernelMode, FALSE, &now), STATUS_TIMEOUT);
    EQUAL(KeReleaseSemaphore(&semaphore, IO_NO_INCREMENT, 1, FALSE), 0);
    EQUAL(KeReleaseSemaphore(&semaphore, IO_NO_INCREMENT, 2, FALSE), 1);
    EQUAL(KeReadStateSemaphore(&semaphore), 3);
    RAISES(KeReleaseSemaphore(&semaphore, IO_NO_INCREMENT, 1, FALSE), STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    EQUAL(KeReadStateSemaphore(&semaphore), 3);
}

static VOID ReleasesWakeAsMany(VOID)
{
    PKTHREAD threads[4];
    ULONG i;

    KeInitializeSemaphore(&Tickets, 0, MAXLONG);
    for (i = 0; i < 4; i++) {
        threads[i] = StartThread(Taker, NULL);
    }
    Pause(5);
    EQUAL(Through, 0);
    EQUAL(KeReleaseSemaphore(&Tickets, IO_NO_INCREMENT, 1, FALSE), 0);
    Pause(5);
    EQUAL(Through, 1);
    EQUAL(KeReadStateSemaphore(&Tickets), 0);
    EQUAL(KeReleaseSemaphore(&Tickets, IO_NO_INCREMENT, 5, FALSE), 0);
    Pause(5);
    EQUAL(Through, 4);
    EQUAL(KeReadStateSemaphore(&Tickets), 2);
    for (i = 0; i < 4; i++) {
        JoinThread(threads[i]);
    }
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Counts();
    ReleasesWakeAsMany();
}
