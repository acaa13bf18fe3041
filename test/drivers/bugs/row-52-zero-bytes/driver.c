/*
 * A name is copied into pool.
 * Wrong: An empty name is asked for with 0 bytes.
 * Right: An empty name needs no memory.
 */
#include <ntddk.h>

static NTSTATUS CopyName(PCUNICODE_STRING Name, PUNICODE_STRING Copy)
{
    Copy->Length = Name->Length;
    Copy->MaximumLength = Name->Length;
    Copy->Buffer = NULL;
#ifndef WRONG
    if (Name->Length == 0) {
        return STATUS_SUCCESS;
    }
#endif
    Copy->Buffer = (PWCH)ExAllocatePool2(POOL_FLAG_NON_PAGED, Name->Length, 'emaN'); /* finding: pool-size-zero 0xC4/0x0 */
    if (Copy->Buffer == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlCopyMemory(Copy->Buffer, Name->Buffer, Name->Length);
    return STATUS_SUCCESS;
}

static VOID Try(PCWSTR Text)
{
    UNICODE_STRING name, copy;

    RtlInitUnicodeString(&name, Text);
    if (NT_SUCCESS(CopyName(&name, &copy)) && copy.Buffer != NULL) {
        DbgPrint("%wZ\n", &copy);
        ExFreePoolWithTag(copy.Buffer, 'emaN');
    }
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    Try(L"first");
    Try(L"");
    return STATUS_SUCCESS;
}
