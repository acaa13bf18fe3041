/**
 * Look-up in the catalog, and its soundness: every name that a fact mentions exists, every name of WSK and Dot4 has a
 * fact.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Field } from '../cfront/types/types.ts';
import { createCatalog, parameterFact } from './catalog.ts';
import { pageUrl } from './page-url.ts';
import { catalog, data, headers, prototypeOf } from './testing/bundled.ts';
import { catalogProblems } from './testing/problems.ts';

describe('look-up', () => {
  test('finds an API by the name that drivers call', () => {
    assert.equal(catalog.byName('WskSocket')[0]?.typeName, 'PFN_WSK_SOCKET');
    assert.equal(catalog.byName('IoAllocateIrp')[0]?.header, 'wdm.h');
    assert.deepEqual(catalog.byName('NoSuchName'), []);
    assert.deepEqual(catalog.byName('constructor'), []);
  });

  test('finds both functions that are called WskRelease', () => {
    const categories = catalog.byName('WskRelease').map((facts) => facts.categories?.join(' '));
    assert.deepEqual(categories, ['connection stream', 'datagram']);
  });

  const typeNames: [string, string | undefined][] = [
    ['PFN_WSK_SOCKET', 'WskSocket'],
    ['PFN_WSK_RELEASE_DATAGRAM_INDICATION_LIST', 'WskRelease'],
    ['_WSK_BUF', 'WSK_BUF'],
    ['WSK_BUF', 'WSK_BUF'],
    ['PWSK_BUF', 'WSK_BUF'],
    ['IO_COMPLETION_ROUTINE', 'IO_COMPLETION_ROUTINE'],
    ['PIO_COMPLETION_ROUTINE', 'IO_COMPLETION_ROUTINE'],
    ['NPI_CLIENT_ATTACH_PROVIDER_FN', 'ClientAttachProvider'],
    ['PFN_WDF_TIMER', 'EVT_WDF_TIMER'],
    ['WSK_INSPECT_ACTION', 'WSK_INSPECT_ACTION'],
    ['PVOID', undefined],
  ];
  for (const [typeName, name] of typeNames)
    test(`finds ${name ?? 'nothing'} behind the type ${typeName}`, () => {
      assert.equal(catalog.byTypeName(typeName)?.name, name);
    });

  test('finds a header in any spelling and below any folder', () => {
    for (const name of ['ntddk.h', 'NTDDK.H', 'km/ntddk.h', 'km\\Ntddk.h']) assert.ok(catalog.header(name), name);
    assert.equal(catalog.header('windows.h'), undefined);
    assert.ok(catalog.headerNames.includes('TraceLoggingProvider.h'));
  });

  test('knows which constants fit a parameter', () => {
    const [socket] = catalog.byName('WskSocket');
    assert.ok(socket);
    assert.ok(catalog.valuesOf(socket, 'Flags').includes('WSK_FLAG_LISTEN_SOCKET'));
    assert.deepEqual(catalog.valuesOf(socket, 'Irp'), []);
    assert.equal(parameterFact(socket, 'Client')?.direction, 'in');
  });

  const pages: [string, string | undefined][] = [
    ['NC:wsk.PFN_WSK_SOCKET', 'https://learn.microsoft.com/windows-hardware/drivers/ddi/wsk/nc-wsk-pfn_wsk_socket'],
    ['NS:wsk._WSK_BUF', 'https://learn.microsoft.com/windows-hardware/drivers/ddi/wsk/ns-wsk-_wsk_buf'],
    ['NF:wdm.KeLowerIrql~r1', 'https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/nf-wdm-kelowerirql'],
    [
      'NF:wdm.IofCompleteRequest',
      'https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/nf-wdm-iocompleterequest',
    ],
    [
      'NF:ntifs.FsRtlDissectName',
      'https://learn.microsoft.com/windows-hardware/drivers/ddi/ntifs/nf-ntifs-_fsrtl_advanced_fcb_header-fsrtldissectname',
    ],
    ['NS:ntdef.LIST_ENTRY', 'https://learn.microsoft.com/windows/win32/api/ntdef/ns-ntdef-list_entry'],
    [
      'win32/winsock/ipproto-tcp-socket-options',
      'https://learn.microsoft.com/windows/win32/winsock/ipproto-tcp-socket-options',
    ],
    ['network/so-reuseaddr', 'https://learn.microsoft.com/windows-hardware/drivers/network/so-reuseaddr'],
    ['so-reuseaddr', undefined],
    ['see the docs', undefined],
  ];
  for (const [page, url] of pages) test(`address of "${page}"`, () => assert.equal(pageUrl(page), url));
});

describe('soundness', () => {
  test('the bundled facts have no problem', () => assert.deepEqual(catalogProblems(data), []));

  const slips: [string, Record<string, unknown>, RegExp][] = [
    ['an unknown key', { sumary: 'x' }, /unknown key "sumary"/],
    ['an unknown kind', { kind: 'callbak' }, /"kind" cannot be "callbak"/],
    ['an unknown IRQL', { irql: { max: 'DISPATCH' } }, /"max" cannot be "DISPATCH"/],
    ['an unknown key inside', { irql: { max: 'APC_LEVEL', unles: 'x' } }, /unknown key "unles"/],
    ['a value that no header has', { parameters: [{ name: 'Irp', values: ['NO_SUCH_VALUE'] }] }, /"NO_SUCH_VALUE"/],
    ['a parameter that no header has', { parameters: [{ name: 'Irpp' }] }, /"Irpp" occurs in no header/],
    ['a status that no header has', { returns: [{ name: 'STATUS_WRONG', meaning: 'No.' }] }, /"STATUS_WRONG"/],
    ['a header that is not bundled', { header: 'windows.h' }, /"windows.h" is not bundled/],
    ['a summary without a full stop', { summary: 'Frees' }, /summary is no sentence/],
    ['a page that is none', { page: 'IoFreeIrp' }, /page "IoFreeIrp"/],
    ['code and method that differ', { ioctl: { code: 1, method: 'METHOD_BUFFERED' } }, /do not agree/],
  ];
  for (const [what, change, message] of slips)
    test(`${what} is found`, () => {
      const fact = { name: 'IoFreeIrp', kind: 'function', header: 'wdm.h', summary: 'Frees an IRP.', ...change };
      const found = catalogProblems({ headers: data.headers, facts: [fact] });
      assert.equal(found.length, 1, JSON.stringify(found));
      assert.match(`${found[0]?.where}: ${found[0]?.message}`, message);
    });

  test('two facts under one name and type are found', () => {
    const fact = { name: 'IoFreeIrp', kind: 'function', header: 'wdm.h', summary: 'Frees an IRP.' };
    assert.match(catalogProblems({ headers: data.headers, facts: [fact, fact] })[0]?.message ?? '', /occurs twice/);
  });

  test('what is no mapping at all is reported, not thrown', () => {
    for (const fact of [null, 7, 'x', [], { irql: 3 }])
      assert.ok(catalogProblems({ headers: {}, facts: [fact] }).length > 0);
  });
});

describe('completeness of WSK and Dot4', () => {
  const names = (header: string, pattern: RegExp): string[] =>
    [...(catalog.header(header) ?? '').matchAll(pattern)].map((match) => match[1] ?? '');
  /** Names that only serve the header itself. */
  const internal = new Set(['WSKAPI', '_WSK_']);

  for (const header of ['wsk.h', 'd4drvif.h', 'd4iface.h']) {
    test(`every constant and macro of ${header} has a fact`, () => {
      const missing = names(header, /^#define (\w+)/gm).filter((n) => !internal.has(n) && !catalog.byName(n).length);
      assert.deepEqual(missing, []);
    });
    test(`every structure and enumeration of ${header} has a fact`, () => {
      const missing = names(header, /^\} (\w+)/gm).filter((n) => !catalog.byTypeName(n));
      assert.deepEqual(missing, []);
    });
  }
  test('every function type of wsk.h has a fact', () => {
    const types = names('wsk.h', /\*(PFN_\w+)\)\(/g);
    assert.equal(types.length, 34);
    assert.deepEqual(
      types.filter((n) => !catalog.byTypeName(n)),
      [],
    );
  });
  test('every export of wsk.h and netioddk.h has a fact', () => {
    const exports = [...names('wsk.h', /^(?:NTSTATUS|VOID) (Wsk\w+)\(/gm), ...names('netioddk.h', /\b(Nmr\w+)\(/g)];
    assert.equal(exports.length, 14);
    assert.deepEqual(
      exports.filter((n) => !catalog.byName(n).length),
      [],
    );
  });
  test('every parameter of a WSK, NMR and Dot4 API has a note', () => {
    const bare = data.facts
      .filter((f) => ['wsk.h', 'netioddk.h', 'd4drvif.h'].includes(f.header))
      .flatMap((f) => (f.parameters ?? []).filter((p) => !p.note).map((p) => `${f.name}/${p.name}`));
    assert.deepEqual(bare, []);
  });
  test('members are those of the C structure, in its order', () => {
    for (const facts of data.facts.filter((f) => f.kind === 'structure' && f.members)) {
      const type = headers.symbols.get(facts.name);
      const record = type?.kind === 'typedef' && type.type.kind === 'record' ? type.type.definition : undefined;
      assert.ok(record, facts.name);
      const members = memberNames(record.fields ?? [], facts.header === 'wsk.h');
      const named = (facts.members ?? []).map((m) => m.name);
      // Of the kernel's structures the facts name only what a driver may use.
      assert.deepEqual(
        named,
        facts.header === 'wdm.h' ? members.filter((m) => named.includes(m)) : members,
        facts.name,
      );
    }
  });
});

describe('facts and prototypes', () => {
  const callable = data.facts.filter((f) => ['function', 'table-function', 'callback'].includes(f.kind));

  test('every function and callback has a prototype', () => {
    const missing = callable.filter((f) => !prototypeOf(f.typeName ?? f.name)).map((f) => f.name);
    assert.deepEqual(missing, []);
  });
  test('parameters are those of the prototype, in its order', () => {
    for (const facts of callable.filter((f) => f.parameters)) {
      const parameters = prototypeOf(facts.typeName ?? facts.name)?.parameters ?? [];
      const named = (facts.parameters ?? []).map((p) => p.name);
      const isWhole = ['wsk.h', 'netioddk.h'].includes(facts.header);
      // Kernel facts name only the parameters that they have something to say about.
      assert.deepEqual(named, isWhole ? parameters : parameters.filter((p) => named.includes(p)), facts.name);
    }
  });
  test('what a status means to a kernel function is no matter of sockets', () => {
    const kernel = callable.filter((f) => !/^(?:wsk|netioddk|netioapi|d4\w+)\.h$/.test(f.header));
    const strange = kernel.filter((f) => f.returns?.some(({ meaning }) => /\bsockets?\b/.test(meaning)));
    assert.ok(kernel.length > 500);
    assert.deepEqual(
      strange.map((f) => f.name),
      [],
    );
  });
  test('what an annotation makes depend on an argument, the facts say in words', () => {
    const silent = callable.filter(
      (f) => prototypeOf(f.typeName ?? f.name)?.isConditional && !f.irql?.unless && !f.irql?.remark,
    );
    assert.deepEqual(
      silent.map((f) => f.name),
      [],
    );
  });
  test('the IRQL is that of the annotations', () => {
    for (const facts of data.facts.filter((f) => f.irql)) {
      const prototype = prototypeOf(facts.typeName ?? facts.name);
      if (!prototype || facts.irql?.unless !== undefined || facts.irql?.remark !== undefined || facts.kind === 'macro')
        continue;
      // A role type without an annotation leaves it to the facts; a function without one can be called anywhere.
      const isBare = prototype.irql.min === undefined && prototype.irql.max === undefined;
      if (facts.kind === 'callback' && isBare) continue;
      // No annotation stands for DIRQL: the headers say HIGH_LEVEL, as the WDK's do.
      const annotated = (level: string | undefined): string | undefined => (level === 'DIRQL' ? 'HIGH_LEVEL' : level);
      assert.equal(annotated(facts.irql?.max), prototype.irql.max ?? 'HIGH_LEVEL', `${facts.name}: highest`);
      if (facts.irql?.min)
        assert.equal(annotated(facts.irql.min), prototype.irql.min ?? 'PASSIVE_LEVEL', `${facts.name}: lowest`);
      else
        assert.ok(
          (prototype.irql.min ?? 'PASSIVE_LEVEL') === 'PASSIVE_LEVEL' || prototype.irql.max === 'PASSIVE_LEVEL',
          `${facts.name}: lowest`,
        );
    }
  });
});

/** What a driver writes: of an unnamed member its own members, except for WSK's basic table, which has a name in C++. */
function memberNames(fields: readonly Field[], isWsk: boolean): string[] {
  return fields.flatMap((field) => {
    if (field.name !== undefined) return [field.name];
    if (isWsk) return ['Basic'];
    return field.type.kind === 'record' ? memberNames(field.type.definition?.fields ?? [], isWsk) : [];
  });
}

test('an empty catalog answers', () => {
  const empty = createCatalog({ headers: {}, facts: [] });
  assert.deepEqual(empty.byName('WskSocket'), []);
  assert.equal(empty.header('wsk.h'), undefined);
});
