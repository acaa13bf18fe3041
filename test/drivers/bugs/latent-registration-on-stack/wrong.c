/*
 * A driver that registers with WSK when it is loaded and lets go when it is unloaded.
 * Registration and client dispatch are locals of the function that registers; WSK keeps using them.
 */
#include <ntddk.h>
#include <wsk.h>

static PWSK_REGISTRATION Registration;

static NTSTATUS StartWsk(VOID)
{
    WSK_REGISTRATION registration;
    WSK_CLIENT_DISPATCH dispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
    WSK_CLIENT_NPI npi = { NULL, &dispatch };
    NTSTATUS status = WskRegister(&npi, &registration);

    Registration = &registration;
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    WskDeregister(Registration); /* finding: registration-block-gone */
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = StartWsk();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (NT_SUCCESS(status)) {
        DriverObject->DriverUnload = Unload;
    }
    return status;
}
