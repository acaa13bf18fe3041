/*
 * A buffer and its MDL are made for receiving.
 * Nobody looks whether IoAllocateMdl had memory for the MDL.
 */
#include "wsk-client.h"

#define BUFFER_BYTES 512

static PUCHAR Buffer;
static PMDL Mdl;

static NTSTATUS MakeBuffer(VOID)
{
    Buffer = (PUCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED, BUFFER_BYTES, CLIENT_TAG);
    if (Buffer == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Mdl = IoAllocateMdl(Buffer, BUFFER_BYTES, FALSE, FALSE, NULL);
    MmBuildMdlForNonPagedPool(Mdl); /* finding: null-argument 0x7E */
    return STATUS_SUCCESS;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    IoFreeMdl(Mdl);
    ExFreePoolWithTag(Buffer, CLIENT_TAG);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = MakeBuffer();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (NT_SUCCESS(status)) {
        DriverObject->DriverUnload = Unload;
    }
    return status;
}
