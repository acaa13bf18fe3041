import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../base/source.ts';
import { createHeaderCache, type HeaderCache } from '../cfront/header-cache.ts';
import { parseTranslationUnit } from '../cfront/index.ts';
import { freezeShared } from '../cfront/testing/frozen.ts';
import { assertSameUnit } from '../cfront/testing/same-unit.ts';
import type { ParseOptions, TranslationUnit } from '../cfront/unit.ts';
import { declaringHeaders } from './declaring-headers.ts';
import { catalog } from './testing/bundled.ts';

function read(text: string, headers: HeaderCache | undefined, more: Partial<ParseOptions> = {}): TranslationUnit {
  return parseTranslationUnit(sourceFile('main.c', text), {
    include: ({ name }) => {
      const file = catalog.headerFile(name);
      if (file === undefined) return { kind: 'missing', searched: [] };
      return { kind: 'found', file, isSystem: true, outline: catalog.outlineOf(file) };
    },
    ...(headers === undefined ? {} : { headers }),
    ...more,
  });
}

/** A small generator with a fixed sequence for each seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

const headerNames = ['ntddk.h', 'wdm.h', 'ntifs.h', 'wsk.h', 'ntstrsafe.h', 'ntintsafe.h', 'netioddk.h', 'stdio.h'];
const names = [...declaringHeaders(catalog).keys()];

/** A file that includes some headers and mentions some of what they declare in every way that C has. */
function randomFile(next: (below: number) => number): string {
  const pick = <T>(list: readonly T[]): T => list[next(list.length)] as T;
  const includes = Array.from({ length: 1 + next(4) }, () => `#include <${pick(headerNames)}>\n`);
  const before = [
    '',
    '',
    '#pragma warning(disable: 4201)\n',
    `#define ${pick(names)} 1\n`,
    '#define POOL_NX_OPTIN 1\n',
  ];
  const forms = [
    (name: string) => `${name} *p${next(1000)};`,
    (name: string) => `int s${next(1000)} = sizeof(${name});`,
    (name: string) => `struct _${name} *q${next(1000)};`,
    (name: string) => `void f${next(1000)}(void) { ${name}(); }`,
    (name: string) => `typedef struct _${name} T${next(1000)};`,
    (name: string) => `int ${name};`,
    (name: string) => `struct _${name} { int own; };`,
    (name: string) => `#undef ${name}`,
  ];
  const body = Array.from({ length: next(12) }, () => `${pick(forms)(pick(names))}\n`);
  includes.splice(next(includes.length), 0, pick(before));
  return [...includes, ...body].join('');
}

test('what is read when it is asked for is what reading everything gives', () => {
  for (let seed = 1; seed <= 6; seed++) {
    const next = numbers(seed);
    const cache = createHeaderCache();
    for (const text of [randomFile(next), randomFile(next)]) {
      const unit = read(text, cache);
      for (let i = 0; i < 5; i++) unit.symbols.get(names[next(names.length)] ?? '');
      assertSameUnit(unit, read(text, undefined), `seed ${seed}:\n${text}`);
      freezeShared(cache);
    }
  }
});

test('a macro of the file with a name that a header makes of two pieces has what the header declares read in its place', () => {
  const text = '#define WritePointerNoFence 1\n#include <ntddk.h>\n';
  assertSameUnit(read(text, createHeaderCache()), read(text, undefined), text);
});

test('most declarations of the headers are left unread, whatever names the file misspells', () => {
  for (const text of [
    'PIRP Irp;',
    'PIRQ Irp; MY_CONNECTION_STATE *State; int f(void) { return IoFreeIrq(Irp, StatusOf); }',
  ]) {
    const unit = read(`#include <ntddk.h>\n#include <wsk.h>\n${text}\n`, createHeaderCache());
    const count = unit.declarations.length;
    const whole = unit.whole().declarations.length;
    assert.ok(count < whole / 8, `${count} of ${whole} are read for ${text}`);
  }
});

test('a misspelt name is found among those that nobody has asked for', () => {
  const text = '#include <ntddk.h>\nPIPR Irp;\nvoid f(void) { IoCompletRequest(0, 0); KeInitialiseEvent(0, 0, 0); }\n';
  const said = (headers: HeaderCache | undefined) => read(text, headers).problems.map(({ message }) => message);
  assert.deepEqual(said(createHeaderCache()), said(undefined));
  for (const name of ['PIRP', 'KeInitializeEvent'])
    assert.ok(
      said(undefined).some((message) => message.includes(`'${name}' is meant`)),
      name,
    );
});
