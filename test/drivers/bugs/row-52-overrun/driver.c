/*
 * The registry path is kept, with a terminating zero.
 * Wrong: The block has no room for the zero.
 * Right: The block has room for the zero.
 */
#include <ntddk.h>

static PWCHAR Path;

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    DbgPrint("%ws\n", Path);
    ExFreePoolWithTag(Path, 'htaP');
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    ULONG length = RegistryPath->Length / sizeof(WCHAR);

    DriverObject->DriverUnload = Unload;
#ifdef WRONG
    Path = (PWCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED, RegistryPath->Length, 'htaP');
#else
    Path = (PWCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED, RegistryPath->Length + sizeof(WCHAR), 'htaP');
#endif
    if (Path == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlCopyMemory(Path, RegistryPath->Buffer, RegistryPath->Length);
    Path[length] = L'\0'; /* finding: out-of-bounds 0xD6 */
    return STATUS_SUCCESS;
}
