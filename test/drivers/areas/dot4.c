/*
 * A client of the Dot4 driver and its whole conversation: a socket by the name of its service, a channel, activity that
 * is waited for, a write of two buffers, a read in two pieces, a wait that is taken back, and everything given back.
 * dot4.wsk.yaml is the Dot4 driver below: it expects each request in its turn, with its bytes.
 */
#include "check.h"
#include <d4drvif.h>

static PDEVICE_OBJECT Port;

/* Sends a control request; the caller waits by Finish. */
static PIRP Begin(ULONG Code, PVOID Input, ULONG InputLength, PVOID Output, ULONG OutputLength, PKEVENT Done,
                  PIO_STATUS_BLOCK Result, PNTSTATUS Status)
{
    PIRP irp;

    KeInitializeEvent(Done, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(Code, Port, Input, InputLength, Output, OutputLength, FALSE, Done, Result);
    *Status = irp == NULL ? STATUS_INSUFFICIENT_RESOURCES : IoCallDriver(Port, irp);
    return irp;
}

static NTSTATUS Finish(NTSTATUS Status, PKEVENT Done, PIO_STATUS_BLOCK Result)
{
    if (Status != STATUS_PENDING) {
        return Status;
    }
    KeWaitForSingleObject(Done, Executive, KernelMode, FALSE, NULL);
    return Result->Status;
}

static NTSTATUS Control(ULONG Code, PVOID Input, ULONG InputLength, PVOID Output, ULONG OutputLength, PULONG_PTR Count)
{
    IO_STATUS_BLOCK result = { 0 };
    KEVENT done;
    NTSTATUS status;

    Begin(Code, Input, InputLength, Output, OutputLength, &done, &result, &status);
    status = Finish(status, &done, &result);
    if (Count != NULL) {
        *Count = result.Information;
    }
    return status;
}

static VOID Sizes(VOID)
{
    EQUAL(sizeof(CHANNEL_HANDLE), 4);
    EQUAL(sizeof(DOT4_DC_CREATE_DATA), 56);
    EQUAL(sizeof(DOT4_DC_OPEN_DATA), 8);
    EQUAL(sizeof(DOT4_DC_DESTROY_DATA), 1);
    EQUAL(sizeof(DOT4_DRIVER_CMD), 16);
    EQUAL(sizeof(DOT4_ACTIVITY), 12);
    EQUAL(FIELD_OFFSET(DOT4_DC_CREATE_DATA, pServiceName), 1);
    EQUAL(FIELD_OFFSET(DOT4_DC_CREATE_DATA, bType), 42);
    EQUAL(FIELD_OFFSET(DOT4_DC_CREATE_DATA, ulBufferSize), 44);
    EQUAL(FIELD_OFFSET(DOT4_DC_CREATE_DATA, bHsid), 52);
    EQUAL(FIELD_OFFSET(DOT4_DC_OPEN_DATA, hChannelHandle), 4);
    EQUAL(IOCTL_DOT4_OPEN_CHANNEL, 0x003A2006);
    EQUAL(IOCTL_DOT4_CLOSE_CHANNEL, 0x003A2008);
    EQUAL(IOCTL_DOT4_READ, 0x003A200E);
    EQUAL(IOCTL_DOT4_WRITE, 0x003A2011);
    EQUAL(IOCTL_DOT4_ADD_ACTIVITY_BROADCAST, 0x003A2014);
    EQUAL(IOCTL_DOT4_REMOVE_ACTIVITY_BROADCAST, 0x003A2018);
    EQUAL(IOCTL_DOT4_WAIT_ACTIVITY_BROADCAST, 0x003A201E);
    EQUAL(IOCTL_DOT4_CREATE_SOCKET, 0x003A2022);
    EQUAL(IOCTL_DOT4_WAIT_FOR_CHANNEL, 0x003A2026);
    EQUAL(IOCTL_DOT4_DESTROY_SOCKET, 0x003A202A);
}

static VOID Converse(VOID)
{
    DOT4_DC_CREATE_DATA create = { 0 };
    DOT4_DC_OPEN_DATA open = { 0 };
    DOT4_DC_DESTROY_DATA destroy = { 0 };
    DOT4_DRIVER_CMD command = { 0 };
    DOT4_ACTIVITY activity = { 0 };
    IO_STATUS_BLOCK result = { 0 };
    KEVENT done;
    PIRP irp;
    NTSTATUS status;
    ULONG_PTR count = 0;
    CHAR answer[8] = { 0 };

    RtlStringCbCopyA(create.pServiceName, sizeof(create.pServiceName), "HP-SCAN");
    create.bType = STREAM_TYPE_CHANNEL;
    create.ulBufferSize = 512;
    RETURNS(Control(IOCTL_DOT4_CREATE_SOCKET, &create, sizeof(create), &create, sizeof(create), &count), STATUS_SUCCESS);
    EQUAL(create.bHsid, 3);
    EQUAL(count, 53);
    /* Only what the driver below wrote has changed. */
    EQUAL(strcmp(create.pServiceName, "HP-SCAN"), 0);

    open.bHsid = create.bHsid;
    RETURNS(Control(IOCTL_DOT4_OPEN_CHANNEL, &open, sizeof(open), &open, sizeof(open), NULL), STATUS_SUCCESS);
    EQUAL(open.hChannelHandle, 7);
    RETURNS(Control(IOCTL_DOT4_WAIT_FOR_CHANNEL, NULL, 0, NULL, 0, NULL), STATUS_SUCCESS);
    RETURNS(Control(IOCTL_DOT4_ADD_ACTIVITY_BROADCAST, &open.hChannelHandle, sizeof(CHANNEL_HANDLE), NULL, 0, NULL),
            STATUS_SUCCESS);

    command.hChannelHandle = open.hChannelHandle;
    command.ulSize = 5;
    RETURNS(Control(IOCTL_DOT4_WRITE, &command, sizeof(command), "scan?", 5, &count), STATUS_SUCCESS);
    EQUAL(count, 5);
    command.ulSize = 2;
    RETURNS(Control(IOCTL_DOT4_WRITE, &command, sizeof(command), "\r\n", 2, NULL), STATUS_SUCCESS);

    RETURNS(Control(IOCTL_DOT4_WAIT_ACTIVITY_BROADCAST, NULL, 0, &activity, sizeof(activity), &count), STATUS_SUCCESS);
    EQUAL(count, sizeof(activity));
    EQUAL(activity.ulMessage, DOT4_STREAM_RECEIVED);
    EQUAL(activity.ulByteCount, 11);
    EQUAL(activity.hChannel, open.hChannelHandle);

    command.ulSize = sizeof(answer);
    command.ulTimeout = NO_TIMEOUT;
    RETURNS(Control(IOCTL_DOT4_READ, &command, sizeof(command), answer, sizeof(answer), &count), STATUS_SUCCESS);
    EQUAL(count, 8);
    CHECK(RtlEqualMemory(answer, "picture ", 8));
    RETURNS(Control(IOCTL_DOT4_READ, &command, sizeof(command), answer, sizeof(answer), &count), STATUS_SUCCESS);
    EQUAL(count, 3);
    CHECK(RtlEqualMemory(answer, "one", 3));

    /* Nothing happens on the channel any more: the wait goes on until it is taken back. */
    irp = Begin(IOCTL_DOT4_WAIT_ACTIVITY_BROADCAST, NULL, 0, &activity, sizeof(activity), &done, &result, &status);
    EQUAL(status, STATUS_PENDING);
    EQUAL(KeReadStateEvent(&done), 0);
    CHECK(IoCancelIrp(irp));
    RETURNS(Finish(status, &done, &result), STATUS_CANCELLED);

    RETURNS(Control(IOCTL_DOT4_REMOVE_ACTIVITY_BROADCAST, &open.hChannelHandle, sizeof(CHANNEL_HANDLE), NULL, 0, NULL),
            STATUS_SUCCESS);
    RETURNS(Control(IOCTL_DOT4_CLOSE_CHANNEL, &open.hChannelHandle, sizeof(CHANNEL_HANDLE), NULL, 0, NULL),
            STATUS_SUCCESS);
    destroy.bHsid = create.bHsid;
    RETURNS(Control(IOCTL_DOT4_DESTROY_SOCKET, &destroy, sizeof(destroy), NULL, 0, NULL), STATUS_SUCCESS);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Dot4Port0");
    PFILE_OBJECT file;

    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Sizes();
    RETURNS(IoGetDeviceObjectPointer(&name, FILE_ALL_ACCESS, &file, &Port), STATUS_SUCCESS);
    Converse();
    ObDereferenceObject(file);
}
