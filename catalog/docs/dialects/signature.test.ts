import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSignature } from './signature.ts';

const functions: readonly (readonly [
  source: string,
  returnType: string,
  name: string,
  parameters: readonly string[],
])[] = [
  [
    'NTSTATUS WSKAPI * LampOn(\n  _In_  PLAMP  Lamp,\n  _In_opt_ const VOID  *Data\n);',
    'NTSTATUS WSKAPI *',
    'LampOn',
    ['PLAMP|Lamp', 'const VOID *|Data'],
  ],
  ['PFN_LAMP LampOn;\n\nNTSTATUS LampOn(\n  _In_ ULONG A\n)\n{ ... }', 'NTSTATUS', 'LampOn', ['ULONG|A']],
  ['_IRQL_requires_max_(DISPATCH_LEVEL)\nVOID LampOff(VOID);', 'VOID', 'LampOff', []],
  [
    'typedef VOID (*PLAMP_ROUTINE)(IN PVOID Context OPTIONAL, OUT ULONG Sizes[2]);',
    'VOID *',
    'PLAMP_ROUTINE',
    ['|', 'ULONG [2]|Sizes'],
  ],
  ['__declspec(dllexport) int Lamp(int);', '__declspec(dllexport) int', 'Lamp', ['int|']],
  [
    'void Lamp(\n   void*  To,\n   size_t Length\n   int    Fill\n);',
    'void',
    'Lamp',
    ['void*|To', 'size_t|Length', 'int|Fill'],
  ],
  [
    'VOID Lamp\n(\n\tHANDLE Context\n\tLAMP_DATA * pArgs\n)\n{...}',
    'VOID',
    'Lamp',
    ['HANDLE|Context', 'LAMP_DATA *|pArgs'],
  ],
  ['ULONG Lamp(PCSTR Format, ...);', 'ULONG', 'Lamp', ['PCSTR|Format', '|...']],
  ['NTSTATUS Lamp(VOID (*Routine)(PVOID), PVOID Context);', 'NTSTATUS', 'Lamp', ['|Routine', 'PVOID|Context']],
];

for (const [source, returnType, name, parameters] of functions) {
  test(`signature ${source.replace(/\s+/g, ' ').slice(0, 60)}`, () => {
    const read = readSignature(source);
    assert.equal(read.name, name);
    assert.equal(read.returnType, returnType);
    const found = read.parameters.map((p) => `${p.type ?? ''}|${p.name ?? ''}`);
    assert.deepEqual(found.length, parameters.length);
    parameters.forEach((p, i) => {
      if (p !== '|') assert.equal(found[i], p);
    });
  });
}

test('a macro has names only', () => {
  const read = readSignature('#define Lamp(a,b)   \\\n        LampOn(a,b)\n);');
  assert.deepEqual([read.name, read.returnType, read.parameters.map((p) => p.name)], ['Lamp', undefined, ['a', 'b']]);
});

test('a structure: members, and the names that it declares', () => {
  const read = readSignature(
    'typedef struct _LAMP {\n  ULONG A; // one\n  PVOID B[2];\n  union { int C; } U;\n  ULONG D : 4;\n} LAMP, *PLAMP;',
  );
  assert.deepEqual(read.declares, ['_LAMP', 'LAMP', 'PLAMP']);
  assert.deepEqual(
    read.members.map((m) => [m.type, m.name]),
    [
      ['ULONG', 'A'],
      ['PVOID [2]', 'B'],
      ['union { int C; }', 'U'],
      ['ULONG : 4', 'D'],
    ],
  );
});

test('an enumeration: enumerators with values', () => {
  const read = readSignature('typedef enum _M {\n  MOff = 0,\n  MOn,\n  MAll = MOff | 1,\n} M;');
  assert.deepEqual(
    read.members.map((m) => [m.name, m.value]),
    [
      ['MOff', '0'],
      ['MOn', undefined],
      ['MAll', 'MOff | 1'],
    ],
  );
  assert.deepEqual(read.declares, ['_M', 'M']);
});

test('no declaration keeps its text', () => {
  for (const text of ['', '...', 'text only', '(', '{{{{', 'struct {', '((((((((']) {
    assert.equal(readSignature(text).text, text);
  }
});
