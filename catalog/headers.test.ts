/**
 * The bundled headers: each reads without a problem, and all of them against oracles that nobody here wrote, which are
 * a list of x64 layouts and, where it is installed, mingw-w64 with its own headers. Each difference has its reason.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { sizeOf } from '../cfront/types/layout.ts';
import type { CType, Field, RecordDefinition } from '../cfront/types/types.ts';
import { catalog, data, headers, parseWithHeaders, root } from './testing/bundled.ts';
import { canCompile, compiler, openMingw } from './testing/mingw.ts';

const layoutDifferences = new Map([
  ['sizeof(SOCKADDR)', 'the list counts a union of another header; it is a family and 14 bytes'],
  [
    'sizeof(DEVICE_OBJECT)',
    'the list comes from a header without the 16-byte alignment, as in a kernel debugger: 0x150',
  ],
]);
const processorRelationship = ['_PROCESSOR_RELATIONSHIP', 'mingw-w64 lacks EfficiencyClass, of Windows 10'] as const;
/** Tag, and why its layout is not that of mingw-w64's kernel headers; and of those for programs. */
const mingwLayouts = new Map<string, string>([
  ['_DEVICE_OBJECT', 'no alignment in mingw-w64'],
  ['_KWAIT_BLOCK', 'the layout of newer Windows versions'],
  ['_IO_DRIVER_CREATE_CONTEXT', 'mingw-w64 lacks SiloContext, of Windows 10'],
  processorRelationship,
  ['_IO_REMOVE_LOCK', 'mingw-w64 adds the debug block, which checked builds alone have'],
  ['_SE_EXPORTS', 'mingw-w64 lacks SeAllAppPackagesSid, of Windows 8'],
  ['_DEVICE_DESCRIPTION', 'mingw-w64 lacks what controllers of Windows 8 are described by'],
]);
const mingwUserLayouts = new Map([processorRelationship]);
const mingwConstants = new Map([
  ['LDBL_DIG', 'long double is double with Microsoft’s compiler'],
  ['LDBL_MANT_DIG', 'long double is double with Microsoft’s compiler'],
  ['LDBL_MIN_EXP', 'long double is double with Microsoft’s compiler'],
  ['LDBL_MAX_EXP', 'long double is double with Microsoft’s compiler'],
  ['LDBL_MIN_10_EXP', 'long double is double with Microsoft’s compiler'],
  ['LDBL_MAX_10_EXP', 'long double is double with Microsoft’s compiler'],
  ['DECIMAL_DIG', 'long double is double with Microsoft’s compiler'],
  ['AF_MAX', 'newer headers have more address families'],
]);

describe('every header', () => {
  for (const name of catalog.headerNames) {
    // The parts of wdm.h, wdf.h and ws2def.h are never included alone, and wdm.h comes before the latter.
    const whole = /^(wdm_|in6?addr|ip2string)/.test(name) ? 'wdm.h' : /^wdf./.test(name) ? 'wdf.h' : name;
    test(`${name} reads without a problem`, () => {
      const unit = parseWithHeaders(`#include <${whole}>\n#include <${name}>\nint end;\n`);
      assert.deepEqual(
        unit.problems.map((p) => `${p.span.file.path}: ${p.message}`),
        [],
      );
      assert.ok(unit.symbols.has('end'));
    });
  }
  test('opens with a comment', () => {
    for (const [name, text] of Object.entries(data.headers)) assert.match(text, /^\/\*/, name);
  });
  test('includes only bundled headers', () => {
    for (const [name, text] of Object.entries(data.headers))
      for (const match of text.matchAll(/^#include <(.+)>/gm))
        assert.ok(catalog.header(match[1] ?? ''), `${name}: ${match[1]}`);
  });
});

test('what drivers define and use beside the headers reads without a problem', () => {
  const unit = parseWithHeaders(`#include <ntddk.h>
#include <stdint.h>
#define UINT8_MAX 0xffui8
#define INT64_MAX 9223372036854775807i64
#if UINT64_MAX > 1 && INT16_MIN < 0
typedef enum FLAGS { FIRST = 1, SECOND = 2 } FLAGS;
DEFINE_ENUM_FLAG_OPERATORS(FLAGS)
typedef struct CONFIG { FLAGS Flags; } CONFIG;
#endif
ULONG use(PACCESS_STATE state, CONFIG *config) {
  return state->Flags + state->Privileges.PrivilegeSet.PrivilegeCount + config->Flags + towupper(L'a');
}
`);
  assert.deepEqual(
    unit.problems.map((p) => p.message),
    [],
  );
});

test('layouts are those of the list', (t) => {
  const list = join(root, '../shared/facts/layout-x64.txt');
  if (!existsSync(list)) return t.skip('../shared/facts is not beside the checkout');
  const wrong: string[] = [];
  const lines = readFileSync(list, 'utf8').trim().split('\n');
  for (const line of lines) {
    const [place = '', number = ''] = line.trim().split(' ');
    const found = place.startsWith('sizeof(') ? sizeOf(typeNamed(place.slice(7, -1))) : offsetOf(place.split('.'));
    if (found !== Number(number) && !layoutDifferences.has(place)) wrong.push(`${place}: ${found}, not ${number}`);
  }
  assert.ok(lines.length > 90);
  assert.deepEqual(wrong, []);
  assert.deepEqual([sizeOf(typeNamed('SOCKADDR')), sizeOf(typeNamed('DEVICE_OBJECT'))], [16, 336]);
});

function typeNamed(name: string): CType {
  const symbol = headers.symbols.get(name);
  assert.ok(symbol?.kind === 'typedef', name);
  return symbol.type;
}

/** Offset of a member, looked for in unnamed members too. */
function offsetOf([type = '', ...path]: readonly string[]): number {
  let record = recordOf(typeNamed(type));
  let offset = 0;
  for (const name of path) {
    const step = record && memberStep(record, name);
    assert.ok(step, `${type}.${path.join('.')}`);
    offset += step.offset;
    record = recordOf(step.field.type);
  }
  return offset;
}

function memberStep(record: RecordDefinition, name: string): { field: Field; offset: number } | undefined {
  for (const field of record.fields ?? []) {
    if (field.name === name) return { field, offset: field.offset };
    const inner = field.name === undefined ? recordOf(field.type) : undefined;
    const step = inner && memberStep(inner, name);
    if (step) return { field: step.field, offset: field.offset + step.offset };
  }
  return undefined;
}

function recordOf(type: CType): RecordDefinition | undefined {
  return type.kind === 'record' ? type.definition : undefined;
}

// ---- mingw-w64 ----

describe('against mingw-w64', { skip: canCompile ? false : `${compiler} is not installed` }, () => {
  const mingw = openMingw();
  after(() => mingw.dispose());

  test('the compiler reads our headers without a warning', () => {
    const options = ['-Wall', '-Wextra', '-Wno-unused', '-Wno-unknown-pragmas'];
    assert.deepEqual(mingw.diagnose(mingw.ours, 'int end;', options), []);
  });
  test('the compiler lays our structures out as our front end does', () => {
    const asserts = layoutAsserts();
    assert.deepEqual(mingw.checkAsserts(mingw.ours, asserts), { failed: [], compared: asserts.length });
    assert.ok(asserts.length > 800, `${asserts.length} places`);
  });
  for (const what of ['kernel', 'user'] as const) {
    test(`structures are laid out as in the ${what} headers of mingw-w64`, () => {
      const { failed, compared } = mingw.checkAsserts(mingw[what], layoutAsserts());
      const tags = new Set(failed.map((text) => /"(\w+)/.exec(text)?.[1] ?? text));
      assert.deepEqual([...tags].sort(), [...(what === 'kernel' ? mingwLayouts : mingwUserLayouts).keys()].sort());
      assert.ok(compared > (what === 'kernel' ? 500 : 120), `${compared} places compared`);
    });
    test(`constants are those of the ${what} headers of mingw-w64`, () => {
      const ourNames = mingw.macroNames(mingw.ours);
      const common = [...mingw.macroNames(mingw[what])].filter((name) => ourNames.has(name));
      const theirs = mingw.valuesOf(mingw[what], common);
      const ours = mingw.valuesOf(mingw.ours, [...theirs.keys()]);
      assert.ok(ours.size > (what === 'kernel' ? 1500 : 400), `${ours.size} constants compared`);
      // An NTSTATUS is signed in kernel headers and unsigned in user headers, hence 32 bits.
      const wrong = [...ours].filter(
        ([name, value]) => BigInt.asUintN(32, value) !== BigInt.asUintN(32, theirs.get(name) ?? 0n),
      );
      assert.deepEqual(
        wrong.filter(([name]) => !mingwConstants.has(name)),
        [],
      );
    });
  }
});

/** For each named structure of our headers its size, and the offsets of its named members, as C assertions. */
function layoutAsserts(): string[] {
  const asserts: string[] = [];
  for (const [tag, record] of headers.records) {
    if (record.fields === undefined) continue;
    const type = `${record.isUnion ? 'union' : 'struct'} ${tag}`;
    asserts.push(`_Static_assert(sizeof(${type}) == ${record.size}, "${tag}");`);
    for (const { name, offset } of namedMembers(record))
      asserts.push(`_Static_assert(__builtin_offsetof(${type}, ${name}) == ${offset}, "${tag}.${name}");`);
  }
  return asserts;
}

function namedMembers(record: RecordDefinition): { name: string; offset: number }[] {
  return (record.fields ?? []).flatMap((field) => {
    if (field.bits) return [];
    if (field.name !== undefined) return [{ name: field.name, offset: field.offset }];
    const inner = recordOf(field.type);
    return inner ? namedMembers(inner).map((m) => ({ name: m.name, offset: m.offset + field.offset })) : [];
  });
}
