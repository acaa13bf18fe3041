/** NTSTATUS values as the error codes of Win32 programs (RtlNtStatusToDosError): those that kernel functions return. */
import type { NativeCall } from '../../machine/machine-types.ts';
import { type NativeResult, returns } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';

/** ERROR_MR_MID_NOT_FOUND: what a status gives that Win32 has no code for. */
const noMessage = 317;

/** By the name of the status, the code of winerror.h. */
const codes: Readonly<Record<string, number>> = {
  STATUS_SUCCESS: 0,
  STATUS_TIMEOUT: 258,
  STATUS_PENDING: 997,
  STATUS_DATATYPE_MISALIGNMENT: 998,
  STATUS_BUFFER_OVERFLOW: 234,
  STATUS_NO_MORE_FILES: 18,
  STATUS_NO_MORE_ENTRIES: 259,
  STATUS_DEVICE_BUSY: 170,
  STATUS_UNSUCCESSFUL: 31,
  STATUS_NOT_IMPLEMENTED: 1,
  STATUS_INVALID_INFO_CLASS: 87,
  STATUS_INFO_LENGTH_MISMATCH: 24,
  STATUS_ACCESS_VIOLATION: 998,
  STATUS_INVALID_HANDLE: 6,
  STATUS_INVALID_CID: 87,
  STATUS_INVALID_PARAMETER: 87,
  STATUS_NO_SUCH_DEVICE: 2,
  STATUS_NO_SUCH_FILE: 2,
  STATUS_INVALID_DEVICE_REQUEST: 1,
  STATUS_END_OF_FILE: 38,
  STATUS_MORE_PROCESSING_REQUIRED: 234,
  STATUS_NO_MEMORY: 8,
  STATUS_ACCESS_DENIED: 5,
  STATUS_BUFFER_TOO_SMALL: 122,
  STATUS_OBJECT_TYPE_MISMATCH: 6,
  STATUS_OBJECT_NAME_INVALID: 123,
  STATUS_OBJECT_NAME_NOT_FOUND: 2,
  STATUS_OBJECT_NAME_COLLISION: 183,
  STATUS_OBJECT_PATH_NOT_FOUND: 3,
  STATUS_SHARING_VIOLATION: 32,
  STATUS_DELETE_PENDING: 5,
  STATUS_PRIVILEGE_NOT_HELD: 1314,
  STATUS_INTEGER_OVERFLOW: 534,
  STATUS_DISK_FULL: 112,
  STATUS_INSUFFICIENT_RESOURCES: 1450,
  STATUS_DEVICE_NOT_READY: 21,
  STATUS_IO_TIMEOUT: 121,
  STATUS_FILE_IS_A_DIRECTORY: 5,
  STATUS_NOT_SUPPORTED: 50,
  STATUS_INTERNAL_ERROR: 1359,
  STATUS_NOT_A_DIRECTORY: 267,
  STATUS_CANCELLED: 995,
  STATUS_CONNECTION_REFUSED: 1225,
  STATUS_CONNECTION_RESET: 64,
  STATUS_CONNECTION_ABORTED: 1236,
  STATUS_CONNECTION_DISCONNECTED: 64,
  STATUS_NETWORK_UNREACHABLE: 1231,
  STATUS_HOST_UNREACHABLE: 1232,
  STATUS_PORT_UNREACHABLE: 1234,
  STATUS_ADDRESS_ALREADY_EXISTS: 1227,
  STATUS_INVALID_DEVICE_STATE: 22,
  STATUS_NOT_FOUND: 1168,
};

export const dosErrorApis = {
  RtlNtStatusToDosError: (kernel, call) => dosError(kernel, call),
  RtlNtStatusToDosErrorNoTeb: (kernel, call) => dosError(kernel, call),
} satisfies KernelApis;

function dosError(kernel: Kernel, { arguments: args }: NativeCall): NativeResult {
  const status = args.int(0);
  // A Win32 code in a status, and one of HRESULT's, carry the code in their low half.
  if (((status >>> 16) & 0x0fff) === 7) return returns(status & 0xffff);
  for (const [name, code] of Object.entries(codes)) if (kernel.types.constant(name) === status) return returns(code);
  return returns(noMessage);
}
