/**
 * Is everything in the catalog: the documentation of WSK, NMR and Dot4 name by name and the other way round, all that
 * the bundled kernel headers declare, and all that drivers of the field use.
 *
 * The corpus and the lists of the field (../shared) are read in place. Each gap stands in a table with its reason, and
 * a reason without a gap fails too, so that the tables cannot grow old.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { CSymbol } from '../cfront/parse/ast.ts';
import type { DocPage } from './docs/page.ts';
import { readDocPage } from './docs/read.ts';
import type { ApiFacts } from './model.ts';
import { catalog, data, headers, prototypeOf, root } from './testing/bundled.ts';

const corpus = join(root, '../shared/docs-corpus');
const noCorpus = existsSync(corpus) ? false : '../shared/docs-corpus is not beside the checkout';
const lists = join(root, '../shared/facts');
const noLists = existsSync(lists) ? false : '../shared/facts is not beside the checkout';

/** What matches has a reason not to be there. */
interface Reason {
  readonly names: RegExp;
  readonly why: string;
}

/** Facts that no page tells. */
const undocumented: readonly Reason[] = [
  {
    names: /^(?:DOT4_|HP_|MIO_|ECHO_|FAX_|CONFIG_|HOST_DATASTORE_|\w+_CHANNEL$|NO_TIMEOUT$|IMAGE_DOWNLOAD$)/,
    why: 'd4iface.h has pages for structures only',
  },
  { names: /^(?:WSK_FLAG_OOB|NPI_MODULEID_TYPE)$/, why: 'the header has it, no page' },
];
/** Of KMDF's names those that drivers use most have facts; the headers say the rest. */
const kmdf: Reason = { names: /^(?:EVT_)?W(?:DF|df)/, why: 'KMDF has the facts of its most used names' };

const plainTypes: Reason = {
  names:
    /^P?(?:VOID|U?(?:CHAR|SHORT|INT|LONG|LONGLONG)(?:8|16|32|64|_PTR)?|C?CHAR|CLONG|BYTE|DWORD|WCHAR|C?W?STR|BOOLEAN|SIZE_T|HANDLE|NPIID|ACCESS_MASK|SECURITY_DESCRIPTOR|NTAPI|NTSYSAPI|WSKAPI|CONST|FORCEINLINE|EXTERN_C)$/,
  why: 'plain types and words of declarations',
};

/** By list, the names in it that need no facts. */
const unlisted: Readonly<Record<string, readonly Reason[]>> = {
  'driver-api-frequency.md': [
    { names: /^(?:mem|str|wcs|va_|min$|max$)/, why: 'C itself' },
    { names: /^__/, why: 'functions of the compiler' },
    { names: /^(?:WPP_|Trace$|f$)/, why: 'the trace preprocessor or the driver makes them' },
    kmdf,
  ],
  'driver-constants-frequency.md': [
    plainTypes,
    { names: /^(?:NULL|FALSE|TRUE|__\w+__|MAXULONG|_TRUNCATE)$/, why: 'C itself' },
    kmdf,
  ],
  'driver-types-frequency.md': [plainTypes, kmdf],
};

const isKnown = (name: string): boolean => catalog.byName(name).length > 0 || catalog.byTypeName(name) !== undefined;
const headerWords = new Set(Object.values(data.headers).flatMap((text) => text.match(/[A-Za-z_]\w*/g) ?? []));

/** The names without a reason, then the reasons without a name. */
function gaps(names: Iterable<string>, reasons: readonly Reason[]): string[] {
  const all = [...new Set(names)];
  const open = all.filter((name) => !reasons.some((reason) => reason.names.test(name)));
  const idle = reasons.filter((reason) => !all.some((name) => reason.names.test(name)));
  return [...open, ...idle.map((reason) => `no gap for: ${reason.why}`)];
}

describe('documentation of WSK, NMR and Dot4', { skip: noCorpus }, () => {
  const folders = ['ddi/wsk', 'ddi/netioddk', 'ddi/d4drvif', 'ddi-2017', 'desktop-2018'];
  const pages = noCorpus === false ? folders.flatMap(readPages).filter((page) => page.kind !== 'index') : [];
  const guides = noCorpus === false ? readPages('conceptual') : [];
  /** Everything that a page writes like a name of C. */
  const mentioned = new Set(
    [...pages, ...guides].flatMap(
      (page) =>
        JSON.stringify(page)
          .replaceAll('\\n', ' ')
          .match(/[A-Za-z_]\w*/g) ?? [],
    ),
  );

  test('every API that a page is about is in the catalog', () => {
    assert.ok(pages.length > 150, `${pages.length}`);
    const names = pages.flatMap((page) => page.names.filter((name) => /^\w+$/.test(name)));
    assert.deepEqual(
      gaps(
        names.filter((name) => !isKnown(name)),
        [],
      ),
      [],
    );
  });
  test('every parameter, member and enumerator of a page is declared', () => {
    const names = pages.flatMap((page) => [...page.parameters, ...page.fields].map((part) => part.name));
    assert.deepEqual(
      gaps(
        names.filter((name) => /^\w+$/.test(name) && !headerWords.has(name)),
        [],
      ),
      [],
    );
  });
  test('every value and status of a page is in the catalog', () => {
    const names = pages.flatMap((page) => [
      ...[...page.parameters, ...page.fields].flatMap((part) => part.values.map((value) => value.name)),
      ...(page.returns?.codes ?? []).map((code) => code.name),
    ]);
    const constants = names.filter((name) => /^[A-Z][A-Z0-9]*_\w+$/.test(name));
    assert.ok(constants.length > 100, `${constants.length}`);
    assert.deepEqual(
      gaps(
        constants.filter((name) => !isKnown(name)),
        [],
      ),
      [],
    );
  });
  test('every fact of these headers is on a page', () => {
    const ours = data.facts.filter((f) => ['wsk.h', 'netioddk.h', 'd4drvif.h', 'd4iface.h'].includes(f.header));
    assert.ok(ours.length > 150, `${ours.length}`);
    const alone = ours.filter((f) => !mentioned.has(f.name) && !mentioned.has(f.typeName ?? f.name));
    assert.deepEqual(
      gaps(
        alone.map((f) => f.name),
        undocumented,
      ),
      [],
    );
  });
});

describe('contract of every WSK function and callback', () => {
  const callable = data.facts.filter((f) => f.header === 'wsk.h' && ['table-function', 'callback'].includes(f.kind));
  const without = (facts: readonly ApiFacts[], has: (f: ApiFacts) => unknown): string[] =>
    facts.filter((f) => !has(f)).map((f) => f.name);

  test('there are all of them', () => assert.equal(callable.length, 34));
  test('each says IRQL, parameters, minimum OS and page', () => {
    const isUndocumented = (f: ApiFacts): boolean => ['WskSendEx', 'WskReceiveEx'].includes(f.name);
    assert.deepEqual(
      without(callable, (f) => f.irql && f.parameters),
      [],
    );
    assert.deepEqual(
      without(callable, (f) => isUndocumented(f) || (f.minimumOs && f.page)),
      [],
    );
  });
  test('each function says what becomes of the IRP, and each that takes one what it returns', () => {
    const functions = callable.filter((f) => f.kind === 'table-function');
    assert.deepEqual(
      without(functions, (f) => f.irp),
      [],
    );
    assert.deepEqual(
      without(functions, (f) => f.irp?.use === 'none' || f.returns?.length),
      [],
    );
  });
  test('each function of a socket says for which categories', () => {
    const ofSockets = callable.filter((f) => f.parameters?.[0]?.name.endsWith('Socket'));
    assert.ok(ofSockets.length > 15);
    assert.deepEqual(
      without(ofSockets, (f) => f.categories?.length),
      [],
    );
  });
  test('each callback says what it may return, and whether calls overlap', () => {
    const callbacks = callable.filter((f) => f.kind === 'callback');
    assert.deepEqual(
      without(callbacks, (f) => f.returns?.length),
      [],
    );
    assert.deepEqual(
      without(callbacks, (f) => f.rules?.some((rule) => /same time|one after the other/.test(rule))),
      [],
    );
  });
  test('each pointer that is not an object says how long its memory lives', () => {
    const objects = /^(?:Irp|Client|OwningProcess|OwningThread|(?:\w*)Socket)$/;
    const bare = callable.flatMap((f) => {
      const pointers = pointersOf(f).filter((name) => !objects.test(name));
      const said = new Set((f.parameters ?? []).filter((p) => p.lifetime || p.reserved).map((p) => p.name));
      return pointers.filter((name) => !said.has(name)).map((name) => `${f.name}/${name}`);
    });
    assert.deepEqual(bare, []);
  });
  test('each socket option and control says request, IRP and what goes in or out', () => {
    const controls = data.facts.filter((f) => /^(?:socket-option|socket-ioctl|client-control)$/.test(f.kind));
    assert.ok(controls.length > 50, `${controls.length}`);
    assert.deepEqual(
      without(controls, (f) => f.irp && f.control),
      [],
    );
  });
});

describe('kernel', () => {
  /** Functions and role types without facts, by why nobody misses them. */
  const reasons: readonly Reason[] = [
    { names: /^[a-z_]/, why: 'functions of C and of the compiler, which every C book tells' },
    { names: /^(?:Read|Write)\w*(?:NoFence|Acquire|Release)$/, why: 'one family that a macro makes by pasting names' },
    {
      names: /^Rtl(?:U?Int8|U?Short|U?Int|U?Long(?:Long)?|SIZET)(?:Add|Sub|Mult|To[A-Z]\w+)$/,
      why: 'one family of ntintsafe.h, of which the common ones have facts',
    },
    kmdf,
    { names: /^FAST_IO_/, why: 'fast I/O is for file systems' },
    { names: /^(?:TRANSLATE_BUS_ADDRESS|GET_DMA_ADAPTER|GET_SET_DEVICE_DATA)$/, why: 'members of a bus interface' },
  ];
  test('every function and role type that the headers declare has facts', () => {
    const declared = [...headers.symbols.values()].filter(isCallable).map((symbol) => symbol.name);
    assert.ok(declared.length > 1000, `${declared.length}`);
    assert.deepEqual(
      gaps(
        declared.filter((name) => !isKnown(name)),
        reasons,
      ),
      [],
    );
  });
  test('every status that some API returns has facts of its own', () => {
    const named = data.facts.flatMap((f) => (f.returns ?? []).map((status) => status.name));
    assert.deepEqual(
      gaps(
        named.filter((name) => name.startsWith('STATUS_') && !isKnown(name)),
        [],
      ),
      [],
    );
  });
});

describe('what drivers use', { skip: noLists }, () => {
  const read = (file: string): string => (noLists === false ? readFileSync(join(lists, file), 'utf8') : '');
  /** The name in a row "| 12 | KeSetEvent | 15 | …", whatever stands before it. */
  const rows = (file: string): string[] =>
    [...read(file).matchAll(/^\|(?: *\d+ *\|)? *`?(?:\(socket\)->)?(\w+)`? *\|/gm)].map((m) => m[1] ?? '');
  const tableHead = /^(?:API|name|type|drivers)$/;

  test('every function of the kernel pages has facts', () => {
    const names = [...read('kernel-functions.md').matchAll(/^- \*\*(\w+)/gm)].map((match) => match[1] ?? '');
    assert.ok(names.length > 200, `${names.length}`);
    assert.deepEqual(
      gaps(
        names.filter((name) => !isKnown(name)),
        [],
      ),
      [],
    );
  });
  for (const [file, reasons] of Object.entries(unlisted))
    test(`every name of ${file} that a bundled header has is in the catalog`, () => {
      const names = rows(file).filter((name) => headerWords.has(name) && !tableHead.test(name));
      assert.ok(names.length > 80, `${names.length}`);
      assert.deepEqual(
        gaps(
          names.filter((name) => !isKnown(name)),
          reasons,
        ),
        [],
      );
    });
});

function isCallable(symbol: CSymbol): boolean {
  return symbol.kind === 'function' || (symbol.kind === 'typedef' && symbol.type.kind === 'function');
}

/** Names of the parameters of an API that are pointers in C. */
function pointersOf(facts: ApiFacts): readonly string[] {
  assert.ok(prototypeOf(facts.typeName ?? facts.name), facts.name);
  const symbol = headers.symbols.get(facts.typeName ?? facts.name);
  const type = symbol?.kind === 'typedef' && symbol.type.kind === 'pointer' ? symbol.type.target : undefined;
  if (type?.kind !== 'function') return [];
  return type.parameters.flatMap((p) => (p.type.kind === 'pointer' && p.name !== undefined ? [p.name] : []));
}

function readPages(folder: string): DocPage[] {
  return readdirSync(join(corpus, folder), { recursive: true })
    .map((name) => `${folder}/${String(name).replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md'))
    .sort()
    .map((path) => readDocPage(path, readFileSync(join(corpus, path))));
}
