/**
 * The shape of a scenario file as data: what `check.ts` holds YAML against, and what the JSON schema for editors is
 * made from. A new setting is one entry here and one line in `read.ts`.
 */

export type Shape =
  | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly isInteger?: boolean }
  | { readonly kind: 'text'; readonly pattern?: RegExp; readonly expected?: string }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'map'; readonly of: Shape }
  /** Exactly one of the alternatives by the kind of YAML value: text, or a mapping. */
  | { readonly kind: 'text-or-object'; readonly object: ObjectShape }
  | ObjectShape;

export interface ObjectShape {
  readonly kind: 'object';
  readonly fields: Readonly<Record<string, FieldShape>>;
  /** Keys of which exactly one must be there. */
  readonly exactlyOne?: readonly string[];
}

export interface FieldShape {
  readonly shape: Shape;
  /** One line for people; also the description in the JSON schema. */
  readonly about: string;
  readonly isRequired?: boolean;
}

const HOUR_MS = 3_600_000;
const endpoint: Shape = {
  kind: 'text',
  pattern: /^(\[[0-9A-Fa-f:.]+\]|\d{1,3}(\.\d{1,3}){3}):\d{1,5}$/,
  expected: 'an address and a port, as 127.0.0.1:40007 or [::1]:40007',
};
const ending: Shape = { kind: 'choice', values: ['fin', 'rst'] };
const bytes: Shape = {
  kind: 'text-or-object',
  object: {
    kind: 'object',
    exactlyOne: ['text', 'hex'],
    fields: {
      text: { shape: { kind: 'text' }, about: 'The bytes as text (UTF-8).' },
      hex: {
        shape: { kind: 'text', pattern: /^([0-9A-Fa-f]{2}\s*)*$/, expected: 'pairs of hexadecimal digits' },
        about: 'The bytes as pairs of hexadecimal digits.',
      },
      repeat: {
        shape: { kind: 'number', min: 1, max: 1_000_000, isInteger: true },
        about: 'How many times the bytes come in a row.',
      },
    },
  },
};

const step: ObjectShape = {
  kind: 'object',
  exactlyOne: ['send', 'expect', 'expectClose', 'waitMs', 'close', 'stall'],
  fields: {
    send: { shape: bytes, about: 'Sends these bytes.' },
    expect: { shape: bytes, about: 'Waits for exactly these bytes from the driver.' },
    expectClose: { shape: ending, about: 'Waits until the driver ends the connection so.' },
    waitMs: {
      shape: { kind: 'number', min: 0, max: HOUR_MS },
      about: 'Does nothing for this many virtual milliseconds.',
    },
    close: { shape: ending, about: 'Ends the connection: fin in good order, rst at once.' },
    stall: {
      shape: { kind: 'boolean' },
      about: 'true stops reading, so that sends of the driver stay pending; false reads on.',
    },
  },
};

const peer: ObjectShape = {
  kind: 'object',
  exactlyOne: ['connect', 'listen', 'datagram'],
  fields: {
    name: { shape: { kind: 'text' }, about: 'Name of the peer, for messages.' },
    connect: { shape: endpoint, about: 'Connects to the driver at this address.' },
    listen: { shape: endpoint, about: 'Listens here for connections of the driver.' },
    datagram: { shape: endpoint, about: 'Sends and receives datagrams at this address.' },
    to: { shape: endpoint, about: 'Where a datagram peer sends first.' },
    afterMs: {
      shape: { kind: 'number', min: 0, max: HOUR_MS },
      about: 'Virtual milliseconds after boot at which it begins.',
    },
    steps: { shape: { kind: 'list', of: step }, about: 'What it does, one step after the other.' },
  },
};

export const scenarioShape: ObjectShape = {
  kind: 'object',
  fields: {
    files: { shape: { kind: 'list', of: { kind: 'text' } }, about: 'C files of the driver, relative to this file.' },
    stubs: {
      shape: { kind: 'list', of: { kind: 'text' } },
      about: 'C files that stand in for functions that nobody defines, relative to this file.',
    },
    unloadAfterMs: {
      shape: { kind: 'number', min: 0, max: HOUR_MS },
      about: 'Virtual milliseconds after DriverEntry at which the driver is unloaded.',
    },
    completionDelayUs: {
      shape: { kind: 'number', min: 0, max: 60_000_000 },
      about: 'Virtual microseconds from a WSK call to its asynchronous completion.',
    },
    wskReadyAfterMs: {
      shape: { kind: 'number', min: 0, max: HOUR_MS },
      about: 'Virtual milliseconds after boot from which WskCaptureProviderNPI succeeds.',
    },
    network: {
      about: 'The simulated wire.',
      shape: {
        kind: 'object',
        fields: {
          delayUs: { shape: { kind: 'number', min: 0, max: 60_000_000 }, about: 'Time that a packet is under way.' },
          jitterUs: {
            shape: { kind: 'number', min: 0, max: 60_000_000 },
            about: 'At most this much more, from the seed.',
          },
          segmentSize: {
            shape: { kind: 'number', min: 1, max: 65_536, isInteger: true },
            about: 'Largest payload of one TCP segment, in bytes.',
          },
          receiveWindow: {
            shape: { kind: 'number', min: 1, max: 16_777_216, isInteger: true },
            about: 'Bytes that a receiver takes before it has read any.',
          },
          names: {
            shape: { kind: 'map', of: { kind: 'list', of: { kind: 'text' } } },
            about: 'Names that WskGetAddressInfo finds, each with its addresses.',
          },
        },
      },
    },
    peers: { shape: { kind: 'list', of: peer }, about: 'Machines and programs that talk to the driver.' },
    faults: {
      about: 'Calls that fail.',
      shape: {
        kind: 'list',
        of: {
          kind: 'object',
          fields: {
            call: { shape: { kind: 'text' }, about: 'Name of the function, as WskSocket.', isRequired: true },
            occurrence: {
              shape: { kind: 'number', min: 1, max: 1_000_000, isInteger: true },
              about: 'Which call of it fails, counted from 1.',
            },
            status: {
              shape: { kind: 'text', pattern: /^STATUS_[A-Z0-9_]+$/, expected: 'the name of an NTSTATUS' },
              about: 'With which status; STATUS_INSUFFICIENT_RESOURCES if nothing is said.',
            },
          },
        },
      },
    },
    expect: {
      about: 'What must come of the run.',
      shape: {
        kind: 'object',
        fields: {
          log: {
            shape: { kind: 'list', of: { kind: 'text' } },
            about: 'DbgPrint lines that must appear, in this order.',
          },
          findings: {
            shape: { kind: 'list', of: { kind: 'text' } },
            about: 'Rule ids of the findings that must be there, and no others.',
          },
        },
      },
    },
  },
};
