/** A send that nobody waits for: its memory, its MDL and its IRP live until the completion routine frees them. */
import type { Pattern } from './pattern.ts';

export const asynchronousCall: Pattern = {
  label: 'wskasynchronouscall',
  title: 'WSK call that completes by itself: a send with its completion routine',
  headers: ['ntddk.h', 'wsk.h'],
  body: `#define \${1:Send}_TAG 'dnSW'

/* Lives until \${1}Complete has run. */
typedef struct _\${2:SEND_REQUEST} {
    WSK_BUF Buffer;
    UCHAR Data[ANYSIZE_ARRAY];
} \${2}, *P\${2};

static IO_COMPLETION_ROUTINE \${1}Complete;

/* Sends a copy. Success and STATUS_PENDING alike only say that \${1}Complete runs, or has run. */
_IRQL_requires_max_(DISPATCH_LEVEL)
static NTSTATUS
\${1}Copy(_In_ PWSK_SOCKET Socket, _In_reads_bytes_(Length) const VOID *Data, _In_ ULONG Length)
{
    const WSK_PROVIDER_CONNECTION_DISPATCH *dispatch = (const WSK_PROVIDER_CONNECTION_DISPATCH *)Socket->Dispatch;
    P\${2} request;
    PIRP irp;

    request = (P\${2})ExAllocatePool2(
        POOL_FLAG_NON_PAGED, FIELD_OFFSET(\${2}, Data) + (SIZE_T)Length, \${1}_TAG);
    if (request == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlCopyMemory(request->Data, Data, Length);
    request->Buffer.Offset = 0;
    request->Buffer.Length = Length;
    request->Buffer.Mdl = IoAllocateMdl(request->Data, Length, FALSE, FALSE, NULL);
    if (request->Buffer.Mdl == NULL) {
        ExFreePoolWithTag(request, \${1}_TAG);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(request->Buffer.Mdl);
    irp = IoAllocateIrp(1, FALSE);
    if (irp == NULL) {
        IoFreeMdl(request->Buffer.Mdl);
        ExFreePoolWithTag(request, \${1}_TAG);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    IoSetCompletionRoutine(irp, \${1}Complete, request, TRUE, TRUE, TRUE);
    /* From here on request and IRP belong to the completion routine, whatever comes back. */
    return dispatch->WskSend(Socket, &request->Buffer, 0, irp);
}

_Use_decl_annotations_
static NTSTATUS
\${1}Complete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    P\${2} request = (P\${2})Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (!NT_SUCCESS(Irp->IoStatus.Status)) {
        DbgPrint("\${1}: 0x%08X\\n", Irp->IoStatus.Status);
    }
    IoFreeMdl(request->Buffer.Mdl);
    ExFreePoolWithTag(request, \${1}_TAG);
    IoFreeIrp(Irp);
    /* The IRP is gone: the I/O manager must not go on with it. */
    return STATUS_MORE_PROCESSING_REQUIRED;
}
$0`,
};
