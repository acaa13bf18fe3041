/*
 * A buffer and its MDL are made for receiving.
 * Wrong: Nobody looks whether IoAllocateMdl had memory for the MDL.
 * Right: Where IoAllocateMdl has no memory, the buffer is given back.
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
#ifndef WRONG
    if (Mdl == NULL) {
        ExFreePoolWithTag(Buffer, CLIENT_TAG);
        Buffer = NULL;
        return STATUS_INSUFFICIENT_RESOURCES;
    }
#endif
    MmBuildMdlForNonPagedPool(Mdl); /* finding: null-dereference 0x7E */
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
