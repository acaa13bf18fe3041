/** One IRP and an event for calls that are waited for, one after the other, at PASSIVE_LEVEL. */
import type { Pattern } from './pattern.ts';
import { waitedIrp } from './waited-irp.ts';

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

${waitedIrp('Request')}

_IRQL_requires_max_(DISPATCH_LEVEL)
static VOID
\${1}Free(_In_ P\${2} Request)
{
    IoFreeIrp(Request->Irp);
}
$0`,
};
