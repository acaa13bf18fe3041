/*
 * A driver that asks for WSK when it is loaded; where a socket can't be made, it gives up.
 * Wrong: On that path WskDeregister is called while the provider is still captured, and never returns.
 * Right: On that path the provider is released before WskDeregister is called.
 */
#include <ntddk.h>
#include <wsk.h>

static const WSK_CLIENT_DISPATCH Dispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static WSK_REGISTRATION Registration;
static WSK_PROVIDER_NPI Provider;

static NTSTATUS PrepareTransport(VOID)
{
    PVOID block = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'tsnT');

    if (block == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    ExFreePoolWithTag(block, 'tsnT');
    return STATUS_SUCCESS;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    WskReleaseProviderNPI(&Registration);
    WskDeregister(&Registration);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    WSK_CLIENT_NPI npi = { NULL, &Dispatch };
    NTSTATUS status = WskRegister(&npi, &Registration);

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = WskCaptureProviderNPI(&Registration, WSK_NO_WAIT, &Provider);
    if (!NT_SUCCESS(status)) {
        WskDeregister(&Registration);
        return status;
    }
    status = PrepareTransport();
    if (!NT_SUCCESS(status)) {
#ifndef WRONG
        WskReleaseProviderNPI(&Registration);
#endif
        WskDeregister(&Registration); /* finding: unload-blocked */
        return status;
    }
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
