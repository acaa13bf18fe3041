/**
 * The five pages that the project was conceived from, asserted field by field.
 *
 * Names, types, orders and counts stand here. Prose does not: it is compared with the page itself, at the lines named
 * here, after a removal of tags and marks that shares no code with the reader.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DocPage, DocValue } from './page.ts';
import { plainText } from './prose/inline.ts';
import { readDocPage } from './read.ts';

const folder = join(String(process.env.WSK_ROOT), '../shared/docs-corpus/seeds');
const missing = existsSync(folder) ? false : '../shared/docs-corpus/seeds is not beside the checkout';

interface Seed {
  readonly page: DocPage;
  /** The words of the page's lines `from` to `to` (from 1), without tags and marks. */
  readonly prose: (...ranges: readonly (readonly [number, number])[]) => string;
}

function seed(file: string): Seed {
  const path = join(folder, file);
  const lines = readFileSync(path, 'utf8').split('\n');
  const prose: Seed['prose'] = (...ranges) =>
    squash(
      ranges
        .flatMap(([from, to]) => lines.slice(from - 1, to))
        .join(' ')
        .replace(/<[^>]*>/g, '')
        .replace(/\]\([^)]*\)/g, ']')
        .replace(/&gt;/g, '>')
        .replace(/&lt;/g, '<'),
    );
  return { page: readDocPage(file, readFileSync(path)), prose };
}

/** Letters, digits and relations alone: what two renderings of one text share. */
function squash(text: string): string {
  return plainText(text)
    .replace(/[^A-Za-z0-9<>=]+/g, ' ')
    .trim();
}

const empty = (page: DocPage, keys: readonly (keyof DocPage)[]): void => {
  for (const key of keys) {
    const value = page[key];
    const isEmpty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
    assert.ok(isEmpty || JSON.stringify(value) === '{}', `${key}: ${JSON.stringify(value)}`);
  }
};

const ioctls: readonly (readonly [string, string])[] = [
  ['000_52f86348251d302e.txt', 'IOCTL_DOT4_CREATE_SOCKET'],
  ['001_e3e6b4bb9373350f.txt', 'IOCTL_DOT4_DESTROY_SOCKET'],
];

for (const [file, name] of ioctls) {
  test(`seed ${file.slice(0, 3)}: ${name}`, { skip: missing }, () => {
    const { page, prose } = seed(file);
    assert.equal(page.dialect, 'G');
    assert.equal(page.kind, 'ioctl');
    assert.deepEqual(page.names, [name]);
    assert.equal(page.title, `${name} control code`);
    assert.equal(page.header, 'D4drvif.h');
    assert.equal(page.summary, plainText(page.description));
    assert.ok(page.description.endsWith(`**${name}**.`));
    const at = file.startsWith('000') ? 25 : 30;
    const parts = ['input-buffer', 'input-buffer-length', 'output-buffer', 'output-buffer-length'];
    assert.deepEqual(Object.keys(page.ioctl), [...parts, 'in-out-buffer', 'in-out-buffer-length', 'status-block']);
    assert.deepEqual(Object.values(page.ioctl).slice(0, 6), ['', '', '', '', '', '']);
    assert.equal(squash(page.ioctl['status-block'] ?? ''), prose([at, at]));
    assert.match(page.ioctl['status-block'] ?? '', /^\*\*Irp->IoStatus\.Status\*\* .*STATUS_SUCCESS/);
    assert.deepEqual(page.requirements, { Header: 'D4drvif.h' });
    assert.deepEqual(page.seeAlso, [
      'Creating IOCTL Requests in Drivers',
      'WdfIoTargetSendInternalIoctlOthersSynchronously',
      'WdfIoTargetSendInternalIoctlSynchronously',
      'WdfIoTargetSendIoctlSynchronously',
    ]);
    assert.deepEqual(page.links[0], { text: 'NTSTATUS', target: 'kernel.ntstatus_values' });
    assert.equal(page.links.length, 5);
    empty(page, ['uid', 'callName', 'includeHeader', 'minimumOs', 'irql', 'library', 'dll', 'signature', 'parameters']);
    empty(page, ['fields', 'returns', 'remarks', 'requests', 'irpRules', 'appliesTo', 'sections', 'keywords']);
    empty(page, ['codeBlocks', 'problems']);
  });
}

test('seed 002: the guide Creating Sockets', { skip: missing }, () => {
  const { page, prose } = seed('002_b7eec74aeb4edcf4.txt');
  assert.equal(page.dialect, 'D');
  assert.equal(page.kind, 'guide');
  assert.deepEqual(page.names, ['Creating Sockets']);
  assert.equal(page.summary, 'Creating Sockets');
  assert.deepEqual(page.keywords, [
    'Winsock Kernel WDK networking , socket creation',
    'WSK WDK networking , socket creation',
    'listening sockets WDK Winsock Kernel',
    'WskSocket',
  ]);
  assert.equal(page.codeBlocks.length, 1);
  const [code] = page.codeBlocks;
  assert.equal(code?.language, 'C++');
  assert.equal(code?.line, 29);
  assert.equal(code?.text.split('\n').length, 119);
  assert.match(
    code?.text ?? '',
    /^\/\/ [^\n]*\ntypedef struct _WSK_APP_SOCKET_CONTEXT \{\n {2}PWSK_SOCKET Socket;\n {2}\.\n/,
  );
  assert.match(code?.text ?? '', /return STATUS_MORE_PROCESSING_REQUIRED;\n\}$/);
  const [before, after] = page.description.split(/```[\s\S]*```/);
  assert.equal(squash(before ?? ''), prose([15, 27]));
  assert.equal(squash(after ?? ''), prose([151, 151]));
  assert.deepEqual(
    page.links.map((link) => link.text),
    [
      'WskSocket',
      'WSK_PROVIDER_DISPATCH',
      'Winsock Kernel Socket Categories',
      'WSK Address Families',
      'Enabling and Disabling Event Callback Functions',
      'WSK_SOCKET',
      'Using IRPs with Winsock Kernel Functions',
      'WskSocketConnect',
    ],
  );
  empty(page, [
    'uid',
    'header',
    'irql',
    'signature',
    'parameters',
    'fields',
    'returns',
    'remarks',
    'requests',
    'sections',
  ]);
  empty(page, ['requirements', 'seeAlso', 'problems']);
});

test('seed 003: PFN_WSK_SOCKET', { skip: missing }, () => {
  const { page, prose } = seed('003_118c4771212a7a25.txt');
  assert.equal(page.dialect, 'A');
  assert.equal(page.kind, 'callback');
  assert.deepEqual(page.names, ['PFN_WSK_SOCKET', 'WskSocket']);
  assert.equal(page.callName, 'WskSocket');
  assert.equal(page.title, 'PFN_WSK_SOCKET');
  assert.equal(page.uid, 'NC.wsk.PFN_WSK_SOCKET');
  assert.equal(page.header, 'wsk.h');
  assert.equal(page.includeHeader, 'Wsk.h');
  // The value of this key goes on in the next line, without YAML's indentation rules.
  assert.equal(squash(page.minimumOs ?? ''), prose([384, 385]));
  assert.deepEqual(page.irql, { text: '<= DISPATCH_LEVEL', max: 'DISPATCH_LEVEL' });
  assert.equal(squash(page.description), prose([44, 45]));

  const { signature } = page;
  assert.equal(signature?.name, 'WskSocket');
  assert.equal(signature?.returnType, 'NTSTATUS WSKAPI *');

  type Row = readonly [
    name: string,
    sal: string,
    type: string,
    way: string,
    line: number,
    text: readonly [number, number][],
    values?: readonly (readonly [string, number, number])[],
  ];
  const rows: readonly Row[] = [
    ['Client', '_In_', 'PWSK_CLIENT', 'in', 70, [[73, 78]]],
    ['AddressFamily', '_In_', 'ADDRESS_FAMILY', 'in', 81, [[84, 86]]],
    [
      'SocketType',
      '_In_',
      'USHORT',
      'in',
      89,
      [
        [92, 93],
        [115, 117],
      ],
      [
        ['SOCK_STREAM', 100, 100],
        ['SOCK_DGRAM', 106, 106],
        ['SOCK_RAW', 112, 112],
      ],
    ],
    ['Protocol', '_In_', 'ULONG', 'in', 120, [[123, 125]]],
    [
      'Flags',
      '_In_',
      'ULONG',
      'in',
      128,
      [
        [131, 134],
        [171, 172],
      ],
      [
        ['WSK_FLAG_BASIC_SOCKET', 141, 142],
        ['WSK_FLAG_LISTEN_SOCKET', 148, 149],
        ['WSK_FLAG_DATAGRAM_SOCKET', 155, 155],
        ['WSK_FLAG_CONNECTION_SOCKET', 161, 162],
        ['WSK_FLAG_STREAM_SOCKET', 168, 168],
      ],
    ],
    ['SocketContext', '_In_opt_', 'PVOID', 'in optional', 175, [[178, 182]]],
    ['Dispatch', '_In_opt_', 'const VOID *', 'in optional', 185, [[188, 247]]],
    ['OwningProcess', '_In_opt_', 'PEPROCESS', 'in optional', 250, [[253, 256]]],
    ['OwningThread', '_In_opt_', 'PETHREAD', 'in optional', 259, [[262, 265]]],
    ['SecurityDescriptor', '_In_opt_', 'PSECURITY_DESCRIPTOR', 'in optional', 268, [[271, 282]]],
    ['Irp', '_Inout_', 'PIRP', 'in-out', 285, [[288, 291]]],
  ];
  assert.deepEqual(
    page.parameters.map((p) => p.name),
    rows.map(([name]) => name),
  );
  assert.deepEqual(
    signature?.parameters.map((p) => [p.name, p.annotation, p.type]),
    rows.map(([name, sal, type]) => [name, sal, type]),
  );
  rows.forEach(([name, , , way, line, text, values = []], i) => {
    const parameter = page.parameters[i];
    assert.ok(parameter);
    assert.equal(`${parameter.direction}${parameter.optional ? ' optional' : ''}`, way, name);
    assert.equal(parameter.line, line, name);
    assert.equal(squash(parameter.description), prose(...text), name);
    assert.deepEqual(
      squashed(parameter.values),
      values.map(([value, from, to]) => [value, prose([from, to])]),
      name,
    );
  });
  for (const structure of ['LISTEN', 'DATAGRAM', 'CONNECTION', 'STREAM']) {
    assert.ok(
      page.parameters[6]?.description.includes(`| WSK_FLAG_${structure}_SOCKET | WSK_CLIENT_${structure}_DISPATCH |`),
    );
  }

  assert.equal(squash(page.returns?.text ?? ''), prose([296, 296]));
  assert.deepEqual(squashed(page.returns?.codes ?? []), [
    ['STATUS_SUCCESS', prose([298, 298])],
    ['STATUS_PENDING', prose([300, 302])],
    ['Other status codes', prose([304, 304])],
  ]);
  assert.equal(page.remarks.split('\n\n').length, 5);
  assert.equal(squash(page.remarks), prose([309, 337]));
  assert.deepEqual(Object.keys(page.requirements).sort(), [
    'Header',
    'IRQL',
    'Include header',
    'Minimum supported client',
    'Product',
    'Target platform',
    'Version',
  ]);
  assert.equal(page.requirements['Target platform'], 'Universal');
  assert.deepEqual(page.seeAlso, [
    'WskCaptureProviderNPI',
    'WskCloseSocket',
    'WskControlClient',
    'WskSocketConnect',
    'WSK_CLIENT',
    'WSK_CLIENT_CONNECTION_DISPATCH',
    'WSK_CLIENT_DATAGRAM_DISPATCH',
    'WSK_CLIENT_LISTEN_DISPATCH',
    'WSK_CLIENT_STREAM_DISPATCH',
    'WSK_PROVIDER_DISPATCH',
    'WSK_PROVIDER_NPI',
    'WSK_SOCKET',
  ]);
  assert.deepEqual(
    page.problems.map((p) => [p.code, p.line]),
    [['doubled-text', 308]],
  );
  assert.equal(page.codeBlocks.length, 1);
  empty(page, ['library', 'dll', 'fields', 'ioctl', 'requests', 'irpRules', 'sections', 'keywords']);
});

test('seed 004: the guide Performing Control Operations on a Socket', { skip: missing }, () => {
  const { page, prose } = seed('004_47ef025d344d9f32.txt');
  assert.equal(page.dialect, 'D');
  assert.equal(page.kind, 'guide');
  assert.deepEqual(page.names, ['Performing Control Operations on a Socket']);
  assert.equal(page.keywords.length, 3);
  assert.deepEqual(
    page.codeBlocks.map((c) => [c.language, c.line]),
    [
      ['C++', 22],
      ['C++', 135],
    ],
  );
  const [first, second] = page.codeBlocks.map((c) => c.text);
  assert.ok(first?.includes("socket's") && !first.includes('&#39;'));
  assert.ok(second?.includes('\n SIO_WSK_SET_REMOTE_ADDRESS,\n'));
  for (const code of [first, second]) assert.equal((code?.match(/IoAllocateIrp\(/g) ?? []).length, 1);
  const text = page.description.split(/```[\s\S]*?\n```/).map(squash);
  assert.deepEqual(text, [prose([14, 20]), prose([131, 133]), prose([241, 241])]);
  assert.deepEqual(
    page.links.map((link) => link.text),
    [
      'WskControlSocket',
      'WSK_SOCKET',
      'SO_EXCLUSIVEADDRUSE',
      'WSK Socket Options',
      'SIO_WSK_SET_REMOTE_ADDRESS',
      'WSK Socket IOCTL Operations',
    ],
  );
  empty(page, [
    'uid',
    'header',
    'irql',
    'signature',
    'parameters',
    'fields',
    'returns',
    'remarks',
    'requests',
    'sections',
  ]);
  empty(page, ['requirements', 'seeAlso', 'problems']);
});

function squashed(values: readonly DocValue[]): [string, string][] {
  return values.map((v) => [v.name, squash(v.description)]);
}
