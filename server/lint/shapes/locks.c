/* Locks that are held at a return. */

//=== a look-up that returns from within its loop
typedef struct {
    LIST_ENTRY Link;
    ULONG Key;
} ENTRY;

ENTRY *Find(PLIST_ENTRY list, PKSPIN_LOCK lock, ULONG key)
{
    KIRQL old;
    PLIST_ENTRY at;

    KeAcquireSpinLock(lock, &old);
    for (at = list->Flink; at != list; at = at->Flink) {
        ENTRY *entry = CONTAINING_RECORD(at, ENTRY, Link);

        if (entry->Key == key) return entry; // error: spin-lock-held-at-return
    }
    KeReleaseSpinLock(lock, old);
    return NULL;
}

//=== with the level as a result, and with a handle on the stack
PVOID First(PVOID *slot, PKSPIN_LOCK lock)
{
    KIRQL old = KeAcquireSpinLockRaiseToDpc(lock);

    if (*slot) return *slot; // error: spin-lock-held-at-return
    KeReleaseSpinLock(lock, old);
    return NULL;
}

PVOID Second(PVOID *slot, PKSPIN_LOCK lock)
{
    KLOCK_QUEUE_HANDLE handle;

    KeAcquireInStackQueuedSpinLock(lock, &handle);
    if (*slot) return *slot; // error: spin-lock-held-at-return
    KeReleaseInStackQueuedSpinLock(&handle);
    return NULL;
}

//=== callers that get the level release the lock
typedef struct {
    KSPIN_LOCK Lock;
    KIRQL Old;
} GUARD;

PVOID First(PVOID *slot, PKSPIN_LOCK lock, PKIRQL out)
{
    KIRQL old;

    KeAcquireSpinLock(lock, &old);
    if (*slot) {
        *out = old;
        return *slot;
    }
    KeReleaseSpinLock(lock, old);
    return NULL;
}

VOID Take(GUARD *guard)
{
    KIRQL old;

    KeAcquireSpinLock(&guard->Lock, &old);
    guard->Old = old;
}
