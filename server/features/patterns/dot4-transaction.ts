/** One exchange with a service of a Dot4 peripheral: socket, channel, write, read, and both given back on every way out. */
import type { Pattern } from './pattern.ts';

export const dot4Transaction: Pattern = {
  label: 'dot4transaction',
  title: 'Dot4: open a channel, write a request, read the answer, close',
  headers: ['ntddk.h', 'd4drvif.h'],
  body: `/* One control request to the Dot4 driver below, waited for. */
_IRQL_requires_(PASSIVE_LEVEL)
static NTSTATUS
\${1:Dot4}Control(
    _In_ PDEVICE_OBJECT LowerDevice,
    _In_ ULONG ControlCode,
    _In_opt_ PVOID Input,
    _In_ ULONG InputLength,
    _Inout_opt_ PVOID Output,
    _In_ ULONG OutputLength,
    _Out_opt_ PULONG_PTR Information
    )
{
    IO_STATUS_BLOCK result = { 0 };
    KEVENT done;
    PIRP irp;
    NTSTATUS status;

    KeInitializeEvent(&done, NotificationEvent, FALSE);
    /* The I/O manager frees this IRP at its completion. */
    irp = IoBuildDeviceIoControlRequest(
        ControlCode, LowerDevice, Input, InputLength, Output, OutputLength, FALSE, &done, &result);
    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = IoCallDriver(LowerDevice, irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
        status = result.Status;
    }
    if (Information != NULL) {
        *Information = NT_SUCCESS(status) ? result.Information : 0;
    }
    return status;
}

/* Writes Request to the service on a socket of the peripheral and reads what it answers into Answer. */
_IRQL_requires_(PASSIVE_LEVEL)
static NTSTATUS
\${1}Transaction(
    _In_ PDEVICE_OBJECT LowerDevice,
    _In_ UCHAR PeripheralSocket,
    _In_reads_bytes_(RequestLength) PVOID Request,
    _In_ ULONG RequestLength,
    _Out_writes_bytes_to_(AnswerLength, *AnswerRead) PVOID Answer,
    _In_ ULONG AnswerLength,
    _Out_ PULONG_PTR AnswerRead
    )
{
    DOT4_DC_CREATE_DATA create = { 0 };
    DOT4_DC_OPEN_DATA open = { 0 };
    DOT4_DC_DESTROY_DATA destroy = { 0 };
    DOT4_DRIVER_CMD command = { 0 };
    NTSTATUS status;

    *AnswerRead = 0;
    create.bPsid = PeripheralSocket;
    create.bType = STREAM_TYPE_CHANNEL;
    create.ulBufferSize = AnswerLength;
    status = \${1}Control(
        LowerDevice, IOCTL_DOT4_CREATE_SOCKET, &create, sizeof(create), &create, sizeof(create), NULL);
    if (!NT_SUCCESS(status)) {
        return status;
    }

    open.bHsid = create.bHsid;
    status = \${1}Control(LowerDevice, IOCTL_DOT4_OPEN_CHANNEL, &open, sizeof(open), &open, sizeof(open), NULL);
    if (!NT_SUCCESS(status)) {
        goto DestroySocket;
    }

    command.hChannelHandle = open.hChannelHandle;
    command.ulSize = RequestLength;
    /* METHOD_IN_DIRECT: what is written travels as the output buffer. */
    status = \${1}Control(
        LowerDevice, IOCTL_DOT4_WRITE, &command, sizeof(command), Request, RequestLength, NULL);
    if (NT_SUCCESS(status)) {
        command.ulSize = AnswerLength;
        status = \${1}Control(
            LowerDevice, IOCTL_DOT4_READ, &command, sizeof(command), Answer, AnswerLength, AnswerRead);
    }
    \${1}Control(
        LowerDevice, IOCTL_DOT4_CLOSE_CHANNEL, &open.hChannelHandle, sizeof(open.hChannelHandle), NULL, 0, NULL);

DestroySocket:
    destroy.bHsid = create.bHsid;
    \${1}Control(LowerDevice, IOCTL_DOT4_DESTROY_SOCKET, &destroy, sizeof(destroy), NULL, 0, NULL);
    return status;
}
$0`,
};
