/**
 * Where the kernel's records have the members that lint reads and writes by their places in memory, in bytes, for x64:
 * what is given as a PVOID, or came by way of a register, has no type that says so. The headers say the same
 * (layout.test.ts).
 */
export const OFFSET = {
  '_IRP.MdlAddress': 0x8,
  '_IRP.AssociatedIrp.SystemBuffer': 0x18,
  '_IRP.IoStatus.Status': 0x30,
  '_IRP.IoStatus.Information': 0x38,
  '_IRP.UserBuffer': 0x70,
  '_IRP.Tail.Overlay.CurrentStackLocation': 0xb8,
  '_IO_STATUS_BLOCK.Status': 0,
  '_IO_STATUS_BLOCK.Information': 8,
  '_IO_STACK_LOCATION.Parameters.Read.Length': 8,
  '_IO_STACK_LOCATION.Parameters.DeviceIoControl.OutputBufferLength': 8,
  '_IO_STACK_LOCATION.Parameters.DeviceIoControl.InputBufferLength': 0x10,
  '_IO_STACK_LOCATION.Parameters.DeviceIoControl.IoControlCode': 0x18,
  '_IO_STACK_LOCATION.Parameters.DeviceIoControl.Type3InputBuffer': 0x20,
  '_IO_STACK_LOCATION.DeviceObject': 0x28,
  '_IO_STACK_LOCATION.FileObject': 0x30,
  '_DEVICE_OBJECT.DeviceExtension': 0x40,
  '_KEVENT.Header.Reserved1': 3,
  '_UNICODE_STRING.Buffer': 8,
  '_WSK_CLIENT_NPI.Dispatch': 8,
  '_WSK_EVENT_CALLBACK_CONTROL.NpiId': 0,
  '_WSK_EVENT_CALLBACK_CONTROL.EventMask': 8,
  '_WSK_BUF_LIST.Buffer': 8,
  '_DOT4_DC_CREATE_DATA.bType': 42,
} as const;
