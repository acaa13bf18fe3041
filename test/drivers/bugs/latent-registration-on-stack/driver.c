/*
 * A driver that registers with WSK when it is loaded and lets go when it is unloaded.
 * Wrong: Registration and client dispatch are locals of the function that registers; WSK keeps using them.
 * Right: Registration and client dispatch live as long as the driver.
 */
#include <ntddk.h>
#include <wsk.h>

#ifdef WRONG
static PWSK_REGISTRATION Registration;
#else
static WSK_REGISTRATION Registration;
static const WSK_CLIENT_DISPATCH Dispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
#endif

static NTSTATUS StartWsk(VOID)
{
#ifdef WRONG
    WSK_REGISTRATION registration;
    WSK_CLIENT_DISPATCH dispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
    WSK_CLIENT_NPI npi = { NULL, &dispatch };
    NTSTATUS status = WskRegister(&npi, &registration);
#else
    WSK_CLIENT_NPI npi = { NULL, &Dispatch };
#endif

#ifdef WRONG
    Registration = &registration;
    return status;
#else
    return WskRegister(&npi, &Registration);
#endif
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifdef WRONG
    WskDeregister(Registration); /* finding: registration-block-gone */
#else
    WskDeregister(&Registration);
#endif
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
