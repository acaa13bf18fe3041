/**
 * What the facts of each kind of API have to say, so that a gap fails: a table of groups, and the fields that none of the
 * group may lack. Exceptions stand beside the field, and one that has become idle fails too.
 *
 * WSK, NMR and Dot4 say everything; the kernel says summary and IRQL everywhere, and statuses where NTSTATUS comes back.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ApiFacts, ApiKind } from './model.ts';
import { data, headers, prototypeOf } from './testing/bundled.ts';

interface Requirement {
  readonly field: string;
  readonly holds: (facts: ApiFacts) => unknown;
  /** Names that may lack it, and why. */
  readonly except?: RegExp;
  readonly why?: string;
}
interface Group {
  readonly what: string;
  readonly headers: RegExp;
  readonly kinds: readonly ApiKind[];
  readonly fields: readonly Requirement[];
}

const wsk = /^(?:wsk|netioddk)\.h$/;
const winsock = /^(?:ws2def|ws2ipdef|mstcpip|inaddr|in6addr|ip2string)\.h$/;
const dot4 = /^(?:d4drvif|d4iface)\.h$/;
const kmdf = /^wdf\w+\.h$/;
const kernel = /^(?!(?:wsk|netioddk|ws2def|ws2ipdef|mstcpip|inaddr|in6addr|ip2string|d4drvif|d4iface|wdf\w+)\.h$)/;

const page: Requirement = { field: 'page', holds: (f) => f.page };
const minimumOs: Requirement = { field: 'minimum OS', holds: (f) => f.minimumOs };
const irql: Requirement = { field: 'IRQL', holds: (f) => f.irql };
const irp: Requirement = { field: 'IRP contract', holds: (f) => f.irp };
const returns: Requirement = { field: 'statuses', holds: (f) => !returnsStatus(f) || f.returns?.length };
const categories: Requirement = { field: 'socket categories', holds: (f) => f.categories?.length };
const members: Requirement = { field: 'members', holds: (f) => f.members?.every((m) => m.note) };
const parameters: Requirement = {
  field: 'a note on every parameter',
  holds: (f) =>
    (prototypeOf(f.typeName ?? f.name)?.parameters ?? []).every((name) =>
      f.parameters?.some((p) => p.name === name && p.note),
    ),
};
const directions: Requirement = {
  field: 'the direction of every parameter',
  holds: (f) => f.parameters?.every((p) => p.direction !== undefined),
};
const lifetimes: Requirement = {
  field: 'the lifetime of all memory that a parameter points to',
  holds: (f) => pointersOf(f).every((name) => f.parameters?.some((p) => p.name === name && (p.lifetime || p.reserved))),
};
const reserved = /^Wsk(?:Send|Receive)Ex$/;

const groups: readonly Group[] = [
  {
    what: 'functions of WSK and NMR',
    headers: wsk,
    kinds: ['function', 'table-function'],
    fields: [
      irql,
      parameters,
      directions,
      lifetimes,
      returns,
      { ...minimumOs, except: reserved, why: 'reserved' },
      { ...page, except: reserved, why: 'reserved' },
      { field: 'order of use', holds: (f) => f.rules?.length },
      {
        field: 'what Information holds',
        holds: (f) => f.kind === 'function' || f.irp?.use === 'none' || f.irp?.information,
      },
    ],
  },
  {
    what: 'callbacks of WSK and NMR',
    headers: wsk,
    kinds: ['callback'],
    fields: [
      irql,
      parameters,
      directions,
      lifetimes,
      returns,
      minimumOs,
      page,
      { field: 'concurrency', holds: (f) => f.rules?.length },
    ],
  },
  {
    what: 'structures and enumerations of WSK and NMR',
    headers: wsk,
    kinds: ['structure', 'enumeration'],
    fields: [
      members,
      minimumOs,
      {
        ...page,
        except: /^(?:NPI_MODULEID|NPI_MODULEID_TYPE|WSK_INSPECT_ACTION|WSK_CONTROL_SOCKET_TYPE)$/,
        why: 'no page',
      },
    ],
  },
  {
    what: 'control requests of sockets',
    headers: /./,
    kinds: ['socket-option', 'socket-ioctl'],
    fields: [
      irql,
      irp,
      categories,
      minimumOs,
      { field: 'requests', holds: (f) => f.control?.requests?.length },
      { field: 'OutputSizeReturned', holds: (f) => f.control?.outputSizeReturned },
      { ...page, except: /^SIO_ADDRESS_LIST_SORT$/, why: 'no page' },
      {
        field: 'what goes in or out',
        holds: (f) => f.control?.input ?? f.control?.output,
        except: /^(?:SIO_ADDRESS_LIST_CHANGE|SIO_WSK_SET_TCP_SILENT_MODE)$/,
        why: 'nothing does',
      },
      {
        field: 'statuses',
        holds: (f) => f.returns?.length || /^(?:IP|IPV6|TCP|UDP)_/.test(f.name),
      },
    ],
  },
  {
    what: 'control requests of the client',
    headers: /./,
    kinds: ['client-control'],
    fields: [
      irql,
      irp,
      minimumOs,
      page,
      { field: 'statuses', holds: (f) => f.returns?.length },
      { field: 'OutputSizeReturned', holds: (f) => f.control?.outputSizeReturned },
    ],
  },
  {
    what: 'requests of Dot4',
    headers: dot4,
    kinds: ['ioctl'],
    fields: [
      irp,
      minimumOs,
      page,
      { field: 'statuses', holds: (f) => f.returns?.length },
      { field: 'order and lifetime', holds: (f) => f.rules?.length },
      {
        field: 'what goes in or out',
        holds: (f) => f.ioctl?.input ?? f.ioctl?.output,
        except: /^IOCTL_DOT4_WAIT_FOR_CHANNEL$/,
        why: 'no source says it',
      },
    ],
  },
  { what: 'structures of Dot4', headers: dot4, kinds: ['structure'], fields: [members, minimumOs, page] },
  {
    what: 'structures and enumerations of Winsock',
    headers: winsock,
    kinds: ['structure', 'enumeration'],
    fields: [{ ...members, except: /^ADDRESS_FAMILY$/, why: 'a number' }],
  },
  {
    what: 'functions of Winsock and of addresses as text',
    headers: winsock,
    kinds: ['function'],
    fields: [irql, returns],
  },
  {
    what: 'macros with arguments of WSK, Winsock and Dot4',
    headers: /^(?:wsk|ws2def|ws2ipdef|mstcpip|d4drvif|d4iface)\.h$/,
    kinds: ['macro'],
    fields: [{ field: 'parameters', holds: (f) => f.parameters?.every((p) => p.note) }],
  },
  {
    what: 'functions of the kernel',
    headers: kernel,
    kinds: ['function'],
    fields: [irql, returns],
  },
  { what: 'functions of KMDF', headers: kmdf, kinds: ['function'], fields: [irql, page] },
  { what: 'role types of KMDF', headers: kmdf, kinds: ['callback'], fields: [irql, page] },
  { what: 'role types of the kernel', headers: kernel, kinds: ['callback'], fields: [irql] },
];

for (const group of groups) {
  const facts = data.facts.filter((f) => group.kinds.includes(f.kind) && group.headers.test(f.header));
  describe(group.what, () => {
    for (const { field, holds, except, why } of group.fields)
      test(`say ${field}`, () => {
        assert.ok(facts.length > 0);
        const without = facts.filter((f) => !holds(f)).map((f) => f.name);
        assert.deepEqual(
          without.filter((name) => except?.test(name) !== true),
          [],
        );
        if (except !== undefined)
          assert.ok(
            without.some((name) => except.test(name)),
            `idle: ${why}`,
          );
      });
  });
}

describe('summaries', () => {
  /** Words by their stems: `Sets`, `setting` and `set` say the same. */
  const stemsOf = (text: string): string[] =>
    (text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? []).map((word) =>
      word.toLowerCase().replace(/(?<=\w{2})(?:ing|ed|es|s|er|ion)$/, ''),
    );
  const joining = new Set(
    'a an the of for to in on and or is it its that this by with from at as be are not no'.split(' ').flatMap(stemsOf),
  );

  test('are one or two sentences', () => {
    const long = data.facts.filter((f) => (f.summary.match(/[.!?](?=\s|$)/g) ?? []).length > 2);
    assert.deepEqual(
      long.map((f) => f.name),
      [],
    );
  });
  test('say more than the name does', () => {
    const echoes = data.facts.filter((f) => {
      const inName = new Set(stemsOf(f.name));
      const fresh = stemsOf(f.summary).filter((word) => !inName.has(word) && !joining.has(word));
      return fresh.length < 2;
    });
    assert.deepEqual(
      echoes.map((f) => `${f.name}: ${f.summary}`),
      [],
    );
  });
});

/** Whether a caller gets an NTSTATUS, or a callback may return only what the facts name. */
function returnsStatus(facts: ApiFacts): boolean {
  const symbol = headers.symbols.get(facts.typeName ?? facts.name);
  if (symbol === undefined || !('type' in symbol)) return false;
  const type = symbol.type.kind === 'pointer' ? symbol.type.target : symbol.type;
  return type.kind === 'function' && type.result.alias === 'NTSTATUS';
}

/** Parameters that are pointers in C, without those that stand for an object: sockets, IRPs, processes. */
function pointersOf(facts: ApiFacts): readonly string[] {
  const objects =
    /^(?:Irp|Client|OwningProcess|OwningThread|\w*Socket|\w*Handle|\w*BindingContext|ClientContext|ProviderContext)$/;
  const symbol = headers.symbols.get(facts.typeName ?? facts.name);
  if (symbol === undefined || !('type' in symbol)) return [];
  const type = symbol.type.kind === 'pointer' ? symbol.type.target : symbol.type;
  if (type.kind !== 'function') return [];
  return type.parameters.flatMap((p) =>
    p.type.kind === 'pointer' && p.name !== undefined && !objects.test(p.name) ? [p.name] : [],
  );
}
