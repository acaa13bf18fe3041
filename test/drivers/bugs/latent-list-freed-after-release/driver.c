/*
 * A list of WskGetAddressInfo is freed by a function of the provider too: WskFreeAddressInfo must come before
 * WskReleaseProviderNPI, after which the dispatch table may be gone.
 */
#include "wsk-client.h"

static DRIVER_UNLOAD Unload;
static PADDRINFOEXW Found;

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifdef WRONG
    const WSK_PROVIDER_DISPATCH *dispatch = Provider.Dispatch;

    WskReleaseProviderNPI(&ClientRegistration);
    dispatch->WskFreeAddressInfo(Provider.Client, Found); /* finding: npi-after-release */
    WskDeregister(&ClientRegistration);
#else
    Provider.Dispatch->WskFreeAddressInfo(Provider.Client, Found);
    ClientStop();
#endif
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"localhost");
    REQUEST request;
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = RequestInitialize(&request);
    if (NT_SUCCESS(status)) {
        Provider.Dispatch->WskGetAddressInfo(Provider.Client, &name, NULL, NS_ALL, NULL, NULL, &Found, NULL, NULL,
            request.Irp);
        status = RequestWait(&request);
        RequestFree(&request);
    }
    if (!NT_SUCCESS(status)) {
        ClientStop();
        return status;
    }
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
