/*
 * A session has a fast mutex inside.
 * Wrong: The last user frees the session while it still holds that mutex.
 * Right: The last user gives the mutex back first; nobody else knows the session any more.
 */
#include <ntddk.h>

typedef struct _SESSION {
    FAST_MUTEX Lock;
    ULONG Users;
} SESSION, *PSESSION;

static PSESSION SessionOpen(VOID)
{
    PSESSION session = (PSESSION)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(SESSION), 'sseS');

    if (session != NULL) {
        ExInitializeFastMutex(&session->Lock);
        session->Users = 2;
    }
    return session;
}

static VOID SessionLeave(PSESSION Session)
{
    ULONG users;

    ExAcquireFastMutex(&Session->Lock);
    users = --Session->Users;
#ifndef WRONG
    ExReleaseFastMutex(&Session->Lock);
#endif
    if (users == 0) {
        ExFreePoolWithTag(Session, 'sseS'); /* finding: held-lock-freed 0xC4/0x100B */
#ifdef WRONG
        return;
#endif
    }
#ifdef WRONG
    ExReleaseFastMutex(&Session->Lock);
#endif
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PSESSION session = SessionOpen();

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    if (session == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    SessionLeave(session);
    SessionLeave(session);
    return STATUS_SUCCESS;
}
