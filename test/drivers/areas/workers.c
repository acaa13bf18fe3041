/* Work items that wait for one another: blocked workers do not keep other work from running. */
#include "check.h"

#define WAITERS 40

typedef struct _WAITER {
    WORK_QUEUE_ITEM Item;
    PKEVENT Go;
    PLONG Left;
    PKEVENT AllDone;
} WAITER, *PWAITER;

static KEVENT Go;
static KEVENT AllDone;
static LONG Left = WAITERS;
static WAITER Waiters[WAITERS];
static WORK_QUEUE_ITEM Opener;

static VOID Wait(PVOID Parameter)
{
    PWAITER waiter = (PWAITER)Parameter;

    KeWaitForSingleObject(waiter->Go, Executive, KernelMode, FALSE, NULL);
    if (InterlockedDecrement(waiter->Left) == 0) {
        KeSetEvent(waiter->AllDone, IO_NO_INCREMENT, FALSE);
    }
}

static VOID Open(PVOID Parameter)
{
    KeSetEvent((PKEVENT)Parameter, IO_NO_INCREMENT, FALSE);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    LARGE_INTEGER second;
    ULONG i;

    KeInitializeEvent(&Go, NotificationEvent, FALSE);
    KeInitializeEvent(&AllDone, NotificationEvent, FALSE);
    for (i = 0; i < WAITERS; i++) {
        Waiters[i].Go = &Go;
        Waiters[i].Left = &Left;
        Waiters[i].AllDone = &AllDone;
        ExInitializeWorkItem(&Waiters[i].Item, Wait, &Waiters[i]);
        ExQueueWorkItem(&Waiters[i].Item, DelayedWorkQueue);
    }
    ExInitializeWorkItem(&Opener, Open, &Go);
    ExQueueWorkItem(&Opener, CriticalWorkQueue);
    second.QuadPart = -10000000;
    RETURNS(KeWaitForSingleObject(&AllDone, Executive, KernelMode, FALSE, &second), STATUS_SUCCESS);
    EQUAL(Left, 0);
}
