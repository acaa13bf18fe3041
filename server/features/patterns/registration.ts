/**
 * A driver that is a client of WSK and nothing else yet: what DriverEntry does, undone in reverse at its failure and at
 * unload.
 */
import type { Pattern } from './pattern.ts';

export const registration: Pattern = {
  label: 'wskregistration',
  entry: 'DriverEntry',
  title: 'WSK client: DriverEntry with registration, and unload',
  headers: ['ntddk.h', 'wsk.h'],
  body: `DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD \${1:Driver}Unload;

static const WSK_CLIENT_DISPATCH \${1}Dispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static WSK_REGISTRATION \${1}Registration;
static WSK_PROVIDER_NPI \${1}Provider;

_Use_decl_annotations_
NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    WSK_CLIENT_NPI client = { NULL, &\${1}Dispatch };
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);

    status = WskRegister(&client, &\${1}Registration);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    /* Fails where WSK is not ready yet: a driver that starts with the system captures in a thread, and waits there. */
    status = WskCaptureProviderNPI(&\${1}Registration, WSK_NO_WAIT, &\${1}Provider);
    if (!NT_SUCCESS(status)) {
        WskDeregister(&\${1}Registration);
        return status;
    }
    $0
    DriverObject->DriverUnload = \${1}Unload;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
static VOID
\${1}Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);

    /* Every socket must be closed by now: WskDeregister waits for them. */
    WskReleaseProviderNPI(&\${1}Registration);
    WskDeregister(&\${1}Registration);
}
`,
};
