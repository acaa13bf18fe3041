/*
 * A driver's ordinary work: requests wait in doubly linked lists, go through a state machine with flags, and are
 * completed through function pointers; 64 requests with 8 rounds for each N.
 */
#include <stdio.h>

typedef unsigned int ULONG;
typedef int LONG;
typedef LONG NTSTATUS;
typedef unsigned char UCHAR, BOOLEAN;
typedef void VOID, *PVOID;

typedef struct _LIST_ENTRY {
    struct _LIST_ENTRY *Flink;
    struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY;

#define CONTAINING_RECORD(address, type, field) ((type *)((char *)(address) - (unsigned long long)&((type *)0)->field))
#define STATUS_SUCCESS ((NTSTATUS)0)
#define STATUS_PENDING ((NTSTATUS)0x103)
#define STATUS_CANCELLED ((NTSTATUS)0xC0000120)

#define FLAG_QUEUED 0x01
#define FLAG_STARTED 0x02
#define FLAG_CANCELLED 0x04
#define FLAG_COMPLETED 0x08
#define FLAG_RETRY 0x10

typedef enum _STATE { StateIdle, StateHeader, StateBody, StateTrailer, StateDone } STATE;

struct _REQUEST;
typedef VOID COMPLETION(struct _REQUEST *Request, PVOID Context);

typedef struct _REQUEST {
    ULONG Number;
    ULONG Flags;
    LIST_ENTRY Link;
    STATE State;
    NTSTATUS Status;
    ULONG Length;
    ULONG Transferred;
    COMPLETION *Completion;
    PVOID Context;
    UCHAR Retries;
} REQUEST, *PREQUEST;

typedef struct _DEVICE {
    LIST_ENTRY Free;
    LIST_ENTRY Pending;
    ULONG Active;
    ULONG Completed;
    ULONG Cancelled;
    ULONG Bytes;
} DEVICE, *PDEVICE;

static DEVICE device;
static REQUEST requests[64];

static VOID InitializeListHead(PLIST_ENTRY ListHead)
{
    ListHead->Flink = ListHead->Blink = ListHead;
}

static BOOLEAN IsListEmpty(const LIST_ENTRY *ListHead)
{
    return (BOOLEAN)(ListHead->Flink == ListHead);
}

static VOID InsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry)
{
    PLIST_ENTRY last = ListHead->Blink;
    Entry->Flink = ListHead;
    Entry->Blink = last;
    last->Flink = Entry;
    ListHead->Blink = Entry;
}

static PLIST_ENTRY RemoveHeadList(PLIST_ENTRY ListHead)
{
    PLIST_ENTRY entry = ListHead->Flink;
    PLIST_ENTRY next = entry->Flink;
    ListHead->Flink = next;
    next->Blink = ListHead;
    return entry;
}

static VOID OnTransfer(PREQUEST Request, PVOID Context)
{
    PDEVICE target = (PDEVICE)Context;
    if (Request->Status == STATUS_SUCCESS) {
        target->Bytes += Request->Transferred;
        target->Completed++;
    }
}

static VOID OnControl(PREQUEST Request, PVOID Context)
{
    PDEVICE target = (PDEVICE)Context;
    if (Request->Flags & FLAG_CANCELLED) {
        target->Cancelled++;
    } else {
        target->Completed++;
    }
}

static NTSTATUS Step(PREQUEST Request)
{
    switch (Request->State) {
    case StateIdle:
        Request->Flags |= FLAG_STARTED;
        Request->State = StateHeader;
        return STATUS_PENDING;
    case StateHeader:
        Request->Transferred = 0;
        Request->State = (Request->Length > 8) ? StateBody : StateTrailer;
        return STATUS_PENDING;
    case StateBody:
        Request->Transferred += 16;
        if (Request->Transferred >= Request->Length) {
            Request->Transferred = Request->Length;
            Request->State = StateTrailer;
        }
        return STATUS_PENDING;
    case StateTrailer:
        if ((Request->Flags & FLAG_RETRY) && Request->Retries < 2) {
            Request->Retries++;
            Request->State = StateHeader;
            return STATUS_PENDING;
        }
        Request->State = StateDone;
        break;
    case StateDone:
        break;
    }
    return (Request->Flags & FLAG_CANCELLED) ? STATUS_CANCELLED : STATUS_SUCCESS;
}

static VOID Submit(PDEVICE Device, ULONG Number)
{
    PREQUEST request;
    if (IsListEmpty(&Device->Free)) {
        return;
    }
    request = CONTAINING_RECORD(RemoveHeadList(&Device->Free), REQUEST, Link);
    request->Number = Number;
    request->Flags = FLAG_QUEUED;
    if (Number % 7 == 0) {
        request->Flags |= FLAG_CANCELLED;
    }
    if ((Number & 3) == 1) {
        request->Flags |= FLAG_RETRY;
    }
    request->State = StateIdle;
    request->Length = (Number * 13) & 127;
    request->Retries = 0;
    request->Completion = (Number & 1) ? OnTransfer : OnControl;
    request->Context = Device;
    InsertTailList(&Device->Pending, &request->Link);
    Device->Active++;
}

static VOID Process(PDEVICE Device)
{
    while (!IsListEmpty(&Device->Pending)) {
        PLIST_ENTRY entry = RemoveHeadList(&Device->Pending);
        PREQUEST request = CONTAINING_RECORD(entry, REQUEST, Link);
        NTSTATUS status = Step(request);
        if (status == STATUS_PENDING) {
            InsertTailList(&Device->Pending, entry);
            continue;
        }
        request->Status = status;
        request->Flags = (request->Flags & ~(ULONG)FLAG_QUEUED) | FLAG_COMPLETED;
        if (request->Completion != 0) {
            request->Completion(request, request->Context);
        }
        Device->Active--;
        InsertTailList(&Device->Free, entry);
    }
}

int main()
{
    ULONG number = 0;
    ULONG round, i;
    InitializeListHead(&device.Free);
    InitializeListHead(&device.Pending);
    for (i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        InsertTailList(&device.Free, &requests[i].Link);
    }
    for (round = 0; round < N; round++) {
        for (i = 0; i < 64; i++) {
            Submit(&device, number++);
        }
        Process(&device);
    }
    printf("%u %u %u %u\n", device.Active, device.Completed, device.Cancelled, device.Bytes);
    return 0;
}
