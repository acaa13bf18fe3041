/** The shape of devices that a scenario makes, which answer and check what they are asked. */
import { bytesShape, expectationShape } from './byte-shape.ts';
import { BUFFER_MAX, codeFields, milliseconds, status } from './caller-shape.ts';
import { deviceChanges } from './devices.ts';
import type { ObjectShape } from './shape.ts';

export const deviceShape: ObjectShape = {
  kind: 'object',
  fields: {
    name: {
      shape: { kind: 'text', pattern: /^\\.+$/, expected: 'the name of a device, as \\Device\\Lower0' },
      about: 'Name of the device, as \\Device\\Lower0.',
      isRequired: true,
    },
    link: { shape: { kind: 'text' }, about: 'A symbolic link to it, as \\??\\Lower0.' },
    io: {
      shape: { kind: 'choice', values: ['buffered', 'direct', 'neither'] },
      about: 'How reads and writes come to it; buffered if nothing is said.',
    },
    pnp: {
      shape: { kind: 'boolean' },
      about:
        'A device for the driver: its AddDevice is called, and the device started; it is removed before the unload.',
    },
    inOrder: {
      shape: { kind: 'boolean' },
      about:
        'true expects requests in the order of the answers, each once; what opens, closes and powers the device may come at any time.',
    },
    changes: {
      about: 'What happens to the device meanwhile. A query is asked, and then taken back.',
      shape: {
        kind: 'list',
        of: {
          kind: 'object',
          fields: {
            what: { shape: { kind: 'choice', values: deviceChanges }, about: 'What happens.', isRequired: true },
            afterMs: { shape: milliseconds, about: 'Virtual milliseconds after the driver was loaded.' },
          },
        },
      },
    },
    answers: {
      about: 'What it answers; requests of one kind take the answers in turn, the last one again and again.',
      shape: {
        kind: 'list',
        of: {
          kind: 'object',
          exactlyOne: ['to', 'code', 'function'],
          fields: {
            to: {
              shape: {
                kind: 'choice',
                values: ['create', 'cleanup', 'close', 'read', 'write', 'flush', 'power', 'pnp'],
              },
              about: 'The request that it answers, where it is no control code.',
            },
            ...codeFields,
            status: { shape: status, about: 'The status; STATUS_SUCCESS if nothing is said.' },
            when: {
              shape: bytesShape,
              about:
                'It is for requests only that bring bytes which begin so: an answer for each channel, socket or command.',
            },
            expect: {
              shape: expectationShape,
              about: 'What the request must bring: the data of a write, the input buffer of a control code.',
            },
            expectData: {
              shape: expectationShape,
              about: 'What must lie in the second buffer of a control code: with METHOD_IN_DIRECT, the data to write.',
            },
            output: { shape: bytesShape, about: 'Bytes that come back.' },
            outputAt: {
              shape: { kind: 'number', min: 0, max: BUFFER_MAX, isInteger: true },
              about: 'Offset in the buffer at which they are put; what stands before them stays as it is.',
            },
            information: {
              shape: { kind: 'number', min: 0, max: 4_294_967_295, isInteger: true },
              about: 'IoStatus.Information, where it is not the number of bytes.',
            },
            delayMs: { shape: milliseconds, about: 'The request pends so long.' },
            pends: { shape: { kind: 'boolean' }, about: 'true lets the request pend until it is cancelled.' },
          },
        },
      },
    },
  },
};
