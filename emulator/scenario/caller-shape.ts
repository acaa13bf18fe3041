/** The shape of programs in a scenario file, and what the devices that they talk to have in common with them. */
import { byteFields, byteSources, bytesShape } from './byte-shape.ts';
import type { ObjectShape, Shape } from './shape.ts';

const HOUR_MS = 3_600_000;
export const BUFFER_MAX = 16_777_216;
export const milliseconds: Shape = { kind: 'number', min: 0, max: HOUR_MS };
export const status: Shape = {
  kind: 'text',
  names: 'status',
  pattern: /^(STATUS_[A-Z0-9_]+|0x[0-9A-Fa-f]{1,8}|any)$/,
  expected: 'the name of an NTSTATUS, its value as 0xC0000001, or any',
};
const number: Shape = {
  kind: 'text',
  pattern: /^(0x[0-9A-Fa-f]+|[0-9]+|[A-Za-z_]\w*)$/,
  expected: 'a number, or the name of a macro',
};
const address: Shape = {
  kind: 'text',
  pattern: /^0x[0-9A-Fa-f]{1,16}$/,
  expected: 'an address, as 0xFFFFF80000001000',
};

const outcomeFields: ObjectShape['fields'] = {
  status: { shape: status, about: 'The status that must come; without it, anything but an error.' },
  information: {
    shape: { kind: 'number', min: 0, max: 4_294_967_295, isInteger: true },
    about: 'IoStatus.Information that must come.',
  },
  output: {
    shape: {
      kind: 'text-or-object',
      object: {
        kind: 'object',
        exactlyOne: [...byteSources, 'length'],
        fields: {
          ...byteFields,
          length: {
            shape: { kind: 'number', min: 0, max: BUFFER_MAX, isInteger: true },
            about: 'So many bytes, whatever they are.',
          },
        },
      },
    },
    about: 'The bytes that must come back.',
  },
};
const transferFields: ObjectShape['fields'] = {
  handle: { shape: { kind: 'text' }, about: 'The handle, by its name; without it, the one that was opened last.' },
  async: { shape: { kind: 'text' }, about: 'Goes on while the request pends; waitFor and cancel take this name.' },
  timeoutMs: { shape: milliseconds, about: 'The request must be over by then; it is cancelled otherwise.' },
  ...outcomeFields,
};
const offset: Shape = { kind: 'number', min: 0, max: Number.MAX_SAFE_INTEGER, isInteger: true };
const length: Shape = { kind: 'number', min: 0, max: BUFFER_MAX, isInteger: true };
export const codeFields: ObjectShape['fields'] = {
  code: { shape: number, about: 'The control code: a macro of the driver or its headers, or a number.' },
  function: { shape: number, about: 'The function of CTL_CODE, where the code is made here.' },
  device: { shape: number, about: 'The device type of CTL_CODE; FILE_DEVICE_UNKNOWN if nothing is said.' },
  method: {
    shape: { kind: 'choice', values: ['buffered', 'in-direct', 'out-direct', 'neither'] },
    about: 'The method of CTL_CODE; buffered if nothing is said.',
  },
  access: {
    shape: { kind: 'choice', values: ['any', 'read', 'write', 'read-write'] },
    about: 'The access of CTL_CODE; any if nothing is said.',
  },
};

const open: ObjectShape = {
  kind: 'object',
  fields: {
    device: {
      shape: { kind: 'text' },
      about: 'Name of the device, as \\\\.\\Echo, \\Device\\Echo, or the class GUID of a device interface.',
      isRequired: true,
    },
    handle: { shape: { kind: 'text' }, about: 'Name of the handle; "handle" if nothing is said.' },
    access: {
      shape: { kind: 'choice', values: ['none', 'read', 'write', 'read-write'] },
      about: 'Desired access; read-write if nothing is said.',
    },
    share: {
      shape: { kind: 'choice', values: ['none', 'read', 'write', 'all'] },
      about: 'What others may do meanwhile; all if nothing is said.',
    },
    disposition: {
      shape: { kind: 'choice', values: ['supersede', 'open', 'create', 'open-if', 'overwrite', 'overwrite-if'] },
      about: 'Create disposition; open if nothing is said.',
    },
    options: {
      shape: {
        kind: 'list',
        of: { kind: 'choice', values: ['directory', 'non-directory', 'write-through', 'delete-on-close'] },
      },
      about: 'Create options.',
    },
    overlapped: {
      shape: { kind: 'boolean' },
      about: 'An asynchronous handle (FILE_FLAG_OVERLAPPED); otherwise the system waits for each request.',
    },
    ...outcomeFields,
  },
};

const step: ObjectShape = {
  kind: 'object',
  exactlyOne: ['open', 'close', 'ioctl', 'read', 'write', 'flush', 'waitFor', 'cancel', 'waitMs', 'exit'],
  fields: {
    open: { shape: { kind: 'text-or-object', object: open }, about: 'Opens a device.' },
    close: {
      shape: { kind: 'text', expected: 'the name of a handle, or nothing' },
      about: 'Closes a handle; with nothing behind it, the one that was opened last.',
      ifEmpty: '',
    },
    ioctl: {
      shape: {
        kind: 'text-or-object',
        object: {
          kind: 'object',
          exactlyOne: ['code', 'function'],
          fields: {
            ...codeFields,
            input: { shape: bytesShape, about: 'The input buffer.' },
            data: {
              shape: bytesShape,
              about:
                'What stands in the output buffer beforehand: with METHOD_IN_DIRECT, the data that the driver reads.',
            },
            outputLength: { shape: length, about: 'Bytes of the output buffer; those of data if nothing is said.' },
            inputAddress: { shape: address, about: 'The address that is passed instead of the input buffer.' },
            outputAddress: { shape: address, about: 'The address that is passed instead of the output buffer.' },
            ...transferFields,
          },
        },
      },
      about: 'Sends a control code (DeviceIoControl).',
    },
    read: {
      shape: {
        kind: 'object',
        fields: {
          length: { shape: length, about: 'Bytes of the buffer.', isRequired: true },
          offset: { shape: offset, about: 'Where the read begins.' },
          ...transferFields,
        },
      },
      about: 'Reads.',
    },
    write: {
      shape: {
        kind: 'text-or-object',
        object: {
          kind: 'object',
          fields: {
            data: { shape: bytesShape, about: 'The bytes.', isRequired: true },
            offset: { shape: offset, about: 'Where the write begins.' },
            ...transferFields,
          },
        },
      },
      about: 'Writes.',
    },
    flush: {
      shape: { kind: 'text-or-object', object: { kind: 'object', fields: transferFields } },
      about: 'Flushes buffers (IRP_MJ_FLUSH_BUFFERS).',
      ifEmpty: '',
    },
    waitFor: {
      shape: {
        kind: 'text-or-object',
        object: {
          kind: 'object',
          fields: {
            operation: { shape: { kind: 'text' }, about: 'Name of the request (async).', isRequired: true },
            timeoutMs: { shape: milliseconds, about: 'The request must be over by then.' },
            ...outcomeFields,
          },
        },
      },
      about: 'Waits for a request that was sent with async.',
    },
    cancel: { shape: { kind: 'text' }, about: 'Cancels a request that was sent with async (CancelIoEx).' },
    waitMs: { shape: milliseconds, about: 'Does nothing for this many virtual milliseconds.' },
    exit: { shape: { kind: 'boolean' }, about: 'Ends the program with whatever it has open.', ifEmpty: true },
  },
};

export const callerShape: ObjectShape = {
  kind: 'object',
  fields: {
    name: { shape: { kind: 'text' }, about: 'Name of the program, for messages.' },
    as: {
      shape: { kind: 'choice', values: ['user', 'kernel'] },
      about: 'A program of user mode, or a thread of the kernel whose buffers are the kernel’s.',
    },
    afterMs: { shape: milliseconds, about: 'Virtual milliseconds after DriverEntry at which it begins.' },
    steps: { shape: { kind: 'list', of: step }, about: 'What it does, one step after the other.' },
  },
};
