/*
 * A driver wants to know on which processor a thread of its own runs.
 * Wrong: The thread is bound to no processor, and to one that may not be there: both change nothing.
 * Right: It is bound to the first of those that are active.
 */
#include <ntddk.h>

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    KAFFINITY before;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
#ifdef WRONG
    KeSetSystemAffinityThread(0); /* finding: bad-affinity */
    KeSetSystemAffinityThreadEx(1);
    before = KeSetSystemAffinityThreadEx((KAFFINITY)1 << 63); /* finding: bad-affinity */
    DbgPrint("before: %Iu\n", before);
    KeRevertToUserAffinityThread();
#else
    before = KeSetSystemAffinityThreadEx(KeQueryActiveProcessors() & (0 - KeQueryActiveProcessors()));
    DbgPrint("on %u\n", KeGetCurrentProcessorNumberEx(NULL));
    KeRevertToUserAffinityThreadEx(before);
#endif
    return STATUS_SUCCESS;
}
