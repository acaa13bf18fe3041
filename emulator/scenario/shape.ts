/**
 * The shape of a scenario file as data: what `check.ts` holds YAML against, and what the JSON schema for editors is
 * made from. A new setting is one entry here and one line in `read.ts`.
 */

import { nearestName } from '../../base/nearest.ts';
import { runRules } from '../../base/run-rules.ts';
import { parseHost } from '../net/address.ts';
import {
  byteFields,
  byteSources,
  bytesShape,
  expectationFields,
  expectationShape,
  expectationSources,
} from './byte-shape.ts';
import { callerShape } from './caller-shape.ts';
import { deviceShape } from './device-shape.ts';
import { registryShape } from './registry.ts';

export type Shape =
  | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly isInteger?: boolean }
  | {
      readonly kind: 'text';
      readonly pattern?: RegExp;
      readonly expected?: string;
      /** What the text names: completed in an editor, and looked up by those who know what there is. */
      readonly names?: 'function' | 'status' | 'file' | 'rule';
      /** What is wrong with a text that a pattern can't tell. */
      readonly complaint?: (text: string) => string | undefined;
    }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'map'; readonly of: Shape }
  /** Exactly one of the alternatives by the kind of YAML value: text, or a mapping. */
  | {
      readonly kind: 'text-or-object';
      readonly object: ObjectShape;
      /** What a number must be that stays one; without it, a number is as good as the text that it was written as. */
      readonly number?: Extract<Shape, { kind: 'number' }>;
    }
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
  /** What the key means with nothing behind it (`- flush:`); without it, something has to stand there. */
  readonly ifEmpty?: string | boolean;
}

function complaintAboutRule(text: string): string | undefined {
  const isKnown = runRules.some((rule) => rule === text);
  const guess = isKnown ? undefined : nearestName(text, runRules);
  return isKnown ? undefined : `no run finds "${text}"${guess === undefined ? '' : `; did you mean "${guess}"?`}`;
}

const HOUR_MS = 3_600_000;
const endpoint: Shape = {
  kind: 'text',
  pattern: /^(\[[0-9A-Fa-f:.]+\]|\d{1,3}(\.\d{1,3}){3}):\d{1,5}$/,
  expected: 'an address and a port, as 127.0.0.1:40007 or [::1]:40007',
  complaint: (text) => {
    const [, inet6, inet, port] = /^(?:\[(.*)\]|(.*)):(\d+)$/.exec(text) ?? [];
    return Number(port ?? 0) > 65_535
      ? 'a port is a number from 0 to 65535'
      : complaintAboutHost(inet6 ?? inet ?? text);
  },
};
const percent: Shape = { kind: 'number', min: 0, max: 100 };
const ending: Shape = { kind: 'choice', values: ['fin', 'rst'] };
const host: Shape = {
  kind: 'text',
  pattern: /^([0-9A-Fa-f]*:[0-9A-Fa-f:.]*|\d{1,3}(\.\d{1,3}){3})$/,
  expected: 'an address, as 192.0.2.20 or 2001:db8::20',
  complaint: complaintAboutHost,
};
const step: ObjectShape = {
  kind: 'object',
  exactlyOne: ['send', 'sendTo', 'expect', 'expectFrom', 'expectClose', 'waitMs', 'shutdown', 'close', 'stall'],
  fields: {
    send: { shape: bytesShape, about: 'Sends these bytes; by a datagram peer to whoever it heard from last.' },
    sendTo: {
      shape: {
        kind: 'object',
        exactlyOne: byteSources,
        fields: { to: { shape: endpoint, about: 'Where the datagram goes.', isRequired: true }, ...byteFields },
      },
      about: 'Sends a datagram with these bytes to an address.',
    },
    expect: {
      shape: expectationShape,
      about: 'Waits for these bytes from the driver; by a datagram peer for one datagram.',
    },
    expectFrom: {
      shape: {
        kind: 'object',
        exactlyOne: expectationSources,
        fields: {
          from: { shape: endpoint, about: 'Where the datagram comes from.', isRequired: true },
          ...expectationFields,
        },
      },
      about: 'Waits for a datagram with these bytes from an address.',
    },
    expectClose: {
      shape: ending,
      about: 'Waits until the driver ends the connection so; rst as the first step: until it is refused.',
    },
    waitMs: {
      shape: { kind: 'number', min: 0, max: HOUR_MS },
      about: 'Does nothing for this many virtual milliseconds.',
    },
    shutdown: { shape: { kind: 'choice', values: ['send'] }, about: 'Sends no more (FIN), and reads on.' },
    close: {
      shape: ending,
      about:
        'Ends the connection: fin in good order, rst at once. What the driver sends after that is refused, unless a later step expects it.',
    },
    stall: {
      shape: { kind: 'boolean' },
      ifEmpty: true,
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
    listen: {
      shape: endpoint,
      about:
        'Listens here for connections of the driver. Each is served by a run of the steps of its own; where several peers listen at one address, by theirs in turn.',
    },
    datagram: { shape: endpoint, about: 'Sends and receives datagrams at this address.' },
    to: { shape: endpoint, about: 'Where a datagram peer sends first.' },
    from: { shape: host, about: 'Address of the machine from which it connects.' },
    patienceMs: {
      shape: { kind: 'number', min: 0, max: HOUR_MS },
      about: 'A connecting peer gives up with RST when it is not connected so long after it began.',
    },
    groups: { shape: { kind: 'list', of: host }, about: 'Multicast groups that a datagram peer joins.' },
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
    files: {
      shape: { kind: 'list', of: { kind: 'text', names: 'file' } },
      about: 'C files of the driver, relative to this file.',
    },
    stubs: {
      shape: { kind: 'list', of: { kind: 'text', names: 'file' } },
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
          bridge: {
            shape: { kind: 'boolean' },
            about:
              'true lets real programs on this machine talk to the driver through loopback. The driver is then unloaded at Ctrl+C or after unloadAfterMs of real time.',
          },
          delayUs: { shape: { kind: 'number', min: 0, max: 60_000_000 }, about: 'Time that a packet is under way.' },
          jitterUs: {
            shape: { kind: 'number', min: 0, max: 60_000_000 },
            about: 'At most this much more, from the seed.',
          },
          seed: {
            shape: { kind: 'number', min: 0, max: 4_294_967_295, isInteger: true },
            about: 'Seed of jitter, loss and order where the run has none of its own.',
          },
          lossPercent: { shape: percent, about: 'So many packets of a hundred are lost.' },
          duplicatePercent: { shape: percent, about: 'So many packets of a hundred arrive twice.' },
          reorderPercent: { shape: percent, about: 'So many packets of a hundred are overtaken by later ones.' },
          partitions: {
            about: 'Times in which packets do not get through.',
            shape: {
              kind: 'list',
              of: {
                kind: 'object',
                fields: {
                  fromMs: { shape: { kind: 'number', min: 0, max: HOUR_MS }, about: 'Virtual time of its beginning.' },
                  untilMs: {
                    shape: { kind: 'number', min: 0, max: HOUR_MS },
                    about: 'Virtual time of its end; without it, it never ends.',
                  },
                  hosts: {
                    shape: { kind: 'list', of: host },
                    about: 'Machines that are cut off; without it, all packets are concerned.',
                  },
                  how: {
                    shape: { kind: 'choice', values: ['silent', 'unreachable', 'network-unreachable'] },
                    about:
                      'Whether packets are lost in silence, or the sender is told that the host, or its network, is unreachable.',
                  },
                },
              },
            },
          },
          changes: {
            about: 'Transports and addresses of the driver’s machine that come and go.',
            shape: {
              kind: 'list',
              of: {
                kind: 'object',
                fields: {
                  afterMs: {
                    shape: { kind: 'number', min: 0, max: HOUR_MS },
                    about: 'Virtual milliseconds after boot.',
                  },
                  transports: {
                    shape: {
                      kind: 'list',
                      of: { kind: 'choice', values: ['tcp4', 'udp4', 'raw4', 'tcp6', 'udp6', 'raw6'] },
                    },
                    about: 'The transports from then on; WSK_TRANSPORT_LIST_CHANGE requests complete.',
                  },
                  addresses: {
                    shape: { kind: 'list', of: host },
                    about: 'Its addresses from then on, beside loopback; SIO_ADDRESS_LIST_CHANGE requests complete.',
                  },
                },
              },
            },
          },
          backlog: {
            shape: { kind: 'number', min: 1, max: 65_535, isInteger: true },
            about: 'Connections that a listener holds until they are accepted; more are refused.',
          },
          retransmissions: {
            shape: { kind: 'number', min: 1, max: 255, isInteger: true },
            about: 'Repetitions of a segment before its connection is given up.',
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
            about: 'Names that WskGetAddressInfo finds, each with its addresses, or with the name that it stands for.',
          },
          reverseNames: {
            shape: { kind: 'map', of: { kind: 'text' } },
            about: 'Names that WskGetNameInfo finds for addresses, where they are not those of names.',
          },
        },
      },
    },
    callers: { shape: { kind: 'list', of: callerShape }, about: 'Programs that open the driver’s devices.' },
    devices: { shape: { kind: 'list', of: deviceShape }, about: 'Devices of other drivers, for this one to use.' },
    fileSystem: {
      shape: { kind: 'map', of: bytesShape },
      about: 'Files that the driver finds, by their path, as \\??\\C:\\log.txt or \\SystemRoot\\Temp\\x.',
    },
    registry: {
      shape: registryShape,
      about:
        'Keys of the registry with their values. A path is below the service key of the driver (Parameters; . is that key itself), unless it begins with \\Registry\\, or with the name of a device: \\Device\\Lower0\\Device Parameters, \\Device\\Lower0\\Driver.',
    },
    peers: { shape: { kind: 'list', of: peer }, about: 'Machines and programs that talk to the driver.' },
    faults: {
      about: 'Calls that fail.',
      shape: {
        kind: 'list',
        of: {
          kind: 'object',
          fields: {
            call: {
              shape: { kind: 'text', names: 'function' },
              about: 'Name of the function, as WskSocket.',
              isRequired: true,
            },
            occurrence: {
              shape: { kind: 'number', min: 1, max: 1_000_000, isInteger: true },
              about: 'Which call of it fails, counted from 1.',
            },
            status: {
              shape: {
                kind: 'text',
                names: 'status',
                pattern: /^STATUS_[A-Z0-9_]+$/,
                expected: 'the name of an NTSTATUS',
              },
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
            shape: {
              kind: 'list',
              of: {
                kind: 'text',
                names: 'rule',
                pattern: /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
                expected: 'the id of a rule, as irp-leak',
                complaint: complaintAboutRule,
              },
            },
            about: 'Rule ids of the findings that must be there, and no others.',
          },
          registry: { shape: registryShape, about: 'Values that must stand in the registry at the end.' },
          fileSystem: {
            shape: { kind: 'map', of: bytesShape },
            about: 'What must stand in files at the end, by their path.',
          },
        },
      },
    },
  },
};

/** What looks like an address and is none. */
function complaintAboutHost(text: string): string | undefined {
  const isLike = /^([0-9a-f]*:[0-9a-f:.]*|\d{1,3}(\.\d{1,3}){3})$/i.test(text);
  if (!isLike || parseHost(text) !== undefined) return undefined;
  return text.includes(':')
    ? `${text} is no IPv6 address`
    : `${text} is no IPv4 address: each of its numbers is from 0 to 255`;
}
