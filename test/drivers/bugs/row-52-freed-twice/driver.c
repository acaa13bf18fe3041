/*
 * A message is queued; whoever fails to send it frees it.
 * Wrong: The function that sends frees the message when it fails, and so does its caller.
 * Right: The function that sends leaves the message to its caller in any case.
 */
#include <ntddk.h>

typedef struct _MESSAGE {
    ULONG Length;
    CHAR Text[12];
} MESSAGE, *PMESSAGE;

static NTSTATUS Send(PMESSAGE Message)
{
    if (Message->Length > sizeof(Message->Text)) {
#ifdef WRONG
        ExFreePoolWithTag(Message, 'gseM');
#endif
        return STATUS_INVALID_PARAMETER;
    }
    DbgPrint("sent %lu bytes\n", Message->Length);
    return STATUS_SUCCESS;
}

static NTSTATUS Post(ULONG Length)
{
    NTSTATUS status;
    PMESSAGE message = (PMESSAGE)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(MESSAGE), 'gseM');

    if (message == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    message->Length = Length;
    status = Send(message);
    ExFreePoolWithTag(message, 'gseM'); /* finding: double-free 0xC2/0x7 */
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    Post(5);
    Post(500);
    return STATUS_SUCCESS;
}
