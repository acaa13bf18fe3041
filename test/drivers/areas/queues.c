/* Queue objects: what they hold, in which order, who waits for it, how long, and what is left when they are run down. */
#include "check.h"

typedef struct _JOB {
    LIST_ENTRY Link;
    LONG Number;
} JOB, *PJOB;

static KQUEUE Work;
static JOB Jobs[6];
static LONG Sum;
static LONG Stopped;

static LONG NumberOf(PLIST_ENTRY Entry)
{
    return CONTAINING_RECORD(Entry, JOB, Link)->Number;
}

static VOID Worker(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    for (;;) {
        PLIST_ENTRY entry = KeRemoveQueue(&Work, KernelMode, NULL);

        if (entry == (PLIST_ENTRY)(ULONG_PTR)STATUS_ABANDONED) {
            break;
        }
        InterlockedAdd(&Sum, NumberOf(entry));
    }
    InterlockedIncrement(&Stopped);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID Order(VOID)
{
    KQUEUE queue;
    LARGE_INTEGER now = { 0 };
    PLIST_ENTRY entries[4];

    KeInitializeQueue(&queue, 0);
    EQUAL(KeReadStateQueue(&queue), 0);
    EQUAL(queue.Header.Type, 4);
    EQUAL(KeRemoveQueue(&queue, KernelMode, &now), STATUS_TIMEOUT);
    EQUAL(KeInsertQueue(&queue, &Jobs[0].Link), 0);
    EQUAL(KeInsertQueue(&queue, &Jobs[1].Link), 1);
    EQUAL(KeInsertHeadQueue(&queue, &Jobs[2].Link), 2);
    EQUAL(KeReadStateQueue(&queue), 3);
    EQUAL(NumberOf(KeRemoveQueue(&queue, KernelMode, &now)), 3);
    EQUAL(Jobs[2].Link.Flink, NULL);
    EQUAL(KeRemoveQueueEx(&queue, KernelMode, FALSE, &now, entries, 4), 2);
    EQUAL(NumberOf(entries[0]), 1);
    EQUAL(NumberOf(entries[1]), 2);
    EQUAL(KeReadStateQueue(&queue), 0);
    EQUAL(KeRemoveQueueEx(&queue, KernelMode, FALSE, &now, entries, 4), STATUS_TIMEOUT);
    EQUAL(KeRundownQueue(&queue), NULL);
}

static VOID TimeOut(VOID)
{
    KQUEUE queue;
    LARGE_INTEGER interval, before, after;

    interval.QuadPart = -10000 * 30;
    KeInitializeQueue(&queue, 1);
    KeQuerySystemTime(&before);
    EQUAL(KeRemoveQueue(&queue, KernelMode, &interval), STATUS_TIMEOUT);
    KeQuerySystemTime(&after);
    CHECK(after.QuadPart - before.QuadPart >= 10000 * 30);
}

static VOID Rundown(VOID)
{
    KQUEUE queue;
    PLIST_ENTRY first;

    KeInitializeQueue(&queue, 1);
    KeInsertQueue(&queue, &Jobs[3].Link);
    KeInsertQueue(&queue, &Jobs[4].Link);
    first = KeRundownQueue(&queue);
    EQUAL(NumberOf(first), 4);
    EQUAL(NumberOf(first->Flink), 5);
    EQUAL(first->Flink->Flink, first);
    EQUAL(KeReadStateQueue(&queue), 0);
}

static VOID Workers(VOID)
{
    PKTHREAD threads[2];
    ULONG i;

    KeInitializeQueue(&Work, 2);
    for (i = 0; i < 2; i++) {
        threads[i] = StartThread(Worker, NULL);
    }
    Pause(5);
    for (i = 0; i < 6; i++) {
        KeInsertQueue(&Work, &Jobs[i].Link);
    }
    Pause(5);
    EQUAL(Sum, 21);
    EQUAL(KeReadStateQueue(&Work), 0);
    EQUAL(KeRundownQueue(&Work), NULL);
    for (i = 0; i < 2; i++) {
        JoinThread(threads[i]);
    }
    EQUAL(Stopped, 2);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    ULONG i;

    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    for (i = 0; i < 6; i++) {
        Jobs[i].Number = (LONG)i + 1;
    }
    Order();
    TimeOut();
    Rundown();
    Workers();
}
