/*
 * A client connects to two servers.
 * Wrong: Where it has both, unload closes the first one alone and leaves WSK.
 * Right: Unload closes both connections before it leaves WSK.
 */
#include "wsk-client.h"

static PWSK_SOCKET First, Second;

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    SocketClose(First);
#ifdef WRONG
    WskReleaseProviderNPI(&ClientRegistration);
    WskDeregister(&ClientRegistration); /* finding: unload-blocked */
#else
    SocketClose(Second);
    ClientStop();
#endif
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = ClientStart();
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = SocketConnect(9000, NULL, NULL, &First);
    if (NT_SUCCESS(status)) {
        status = SocketConnect(9001, NULL, NULL, &Second);
        if (!NT_SUCCESS(status)) {
            SocketClose(First);
        }
    }
    if (!NT_SUCCESS(status)) {
        ClientStop();
        return status;
    }
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
