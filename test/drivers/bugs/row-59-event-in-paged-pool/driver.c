/*
 * A session signals its end with an event.
 * Wrong: The session lies in paged pool, and so does the event, which the kernel uses at DISPATCH_LEVEL.
 * Right: The session lies in non-paged pool.
 */
#include <ntddk.h>

typedef struct _SESSION {
    ULONG Id;
    KEVENT Ended;
} SESSION, *PSESSION;

static PSESSION Session;

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeSetEvent(&Session->Ended, IO_NO_INCREMENT, FALSE);
    ExFreePoolWithTag(Session, 'sseS');
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
#ifdef WRONG
    Session = (PSESSION)ExAllocatePool2(POOL_FLAG_PAGED, sizeof(SESSION), 'sseS');
#else
    Session = (PSESSION)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(SESSION), 'sseS');
#endif
    if (Session == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Session->Id = 1;
    KeInitializeEvent(&Session->Ended, NotificationEvent, FALSE); /* finding: object-in-pageable-memory 0xC4/0xE1 */
    return STATUS_SUCCESS;
}
