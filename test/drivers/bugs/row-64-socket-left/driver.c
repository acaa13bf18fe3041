/*
 * A client keeps a socket while it is loaded.
 * Wrong: It deregisters without closing the socket, and WskDeregister never returns.
 */
#include "wsk-client.h"

static PWSK_SOCKET Kept;

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifndef WRONG
    SocketClose(Kept);
#endif
    WskReleaseProviderNPI(&ClientRegistration);
    WskDeregister(&ClientRegistration); /* finding: unload-blocked */
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    if (NT_SUCCESS(status)) {
        status = SocketCreate(WSK_FLAG_DATAGRAM_SOCKET, 5000, NULL, NULL, &Kept);
        if (!NT_SUCCESS(status)) {
            ClientStop();
        }
    }
    return status;
}
