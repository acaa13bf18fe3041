/**
 * The part that patterns share whose record holds one IRP (`Irp`) and an event (`Done`) for requests that are waited
 * for. The parameter's name comes in, C text with the placeholders of the pattern comes out: the completion routine,
 * and what stands before and after each call. The pattern declares the routine itself.
 */
export function waitedIrp(parameter: string): string {
  return `_Use_decl_annotations_
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
\${1}Begin(_Inout_ P\${2} ${parameter})
{
    IoReuseIrp(${parameter}->Irp, STATUS_UNSUCCESSFUL);
    KeClearEvent(&${parameter}->Done);
    IoSetCompletionRoutine(${parameter}->Irp, \${1}Complete, &${parameter}->Done, TRUE, TRUE, TRUE);
    return ${parameter}->Irp;
}

/* The routine runs whatever the call returned, so the result stands in the IRP; Information holds a new socket. */
_IRQL_requires_(PASSIVE_LEVEL)
static NTSTATUS
\${1}End(_In_ P\${2} ${parameter})
{
    KeWaitForSingleObject(&${parameter}->Done, Executive, KernelMode, FALSE, NULL);
    return ${parameter}->Irp->IoStatus.Status;
}`;
}
