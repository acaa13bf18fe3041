/** One IRP and an event for calls that are waited for, one after the other, at PASSIVE_LEVEL. */
import type { Pattern } from './pattern.ts';

export const synchronousCall: Pattern = {
  label: 'wsksynchronouscall',
  title: 'Helper for WSK calls that are waited for',
  headers: ['ntddk.h', 'wsk.h'],
  body: `/* For calls that are waited for, one at a time:
 *     Dispatch->WskBind(Socket, Address, 0, \${1:Request}Begin(&request));
 *     status = \${1}End(&request);
 */
typedef struct _\${2:WSK_REQUEST} {
    PIRP Irp;
    KEVENT Done;
} \${2}, *P\${2};

static IO_COMPLETION_ROUTINE \${1}Complete;

_IRQL_requires_max_(DISPATCH_LEVEL)
static NTSTATUS
\${1}Initialize(_Out_ P\${2} Request)
{
    KeInitializeEvent(&Request->Done, NotificationEvent, FALSE);
    Request->Irp = IoAllocateIrp(1, FALSE);
    return Request->Irp == NULL ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
}

_Use_decl_annotations_
static NTSTATUS
\${1}Complete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
    /* The IRP stays the driver's. */
    return STATUS_MORE_PROCESSING_REQUIRED;
}

/* The IRP for the next call. */
_IRQL_requires_max_(DISPATCH_LEVEL)
static PIRP
\${1}Begin(_Inout_ P\${2} Request)
{
    IoReuseIrp(Request->Irp, STATUS_UNSUCCESSFUL);
    KeClearEvent(&Request->Done);
    IoSetCompletionRoutine(Request->Irp, \${1}Complete, &Request->Done, TRUE, TRUE, TRUE);
    return Request->Irp;
}

/* The routine runs whatever the call returned, so the result stands in the IRP; Information holds a new socket. */
_IRQL_requires_(PASSIVE_LEVEL)
static NTSTATUS
\${1}End(_In_ P\${2} Request)
{
    KeWaitForSingleObject(&Request->Done, Executive, KernelMode, FALSE, NULL);
    return Request->Irp->IoStatus.Status;
}

_IRQL_requires_max_(DISPATCH_LEVEL)
static VOID
\${1}Free(_In_ P\${2} Request)
{
    IoFreeIrp(Request->Irp);
}
$0`,
};
