/**
 * Changes to a program that change nothing at run time change no finding: other names, expressions split into
 * temporaries, calls wrapped in macros and helpers, branches turned round, code moved to another file.
 *
 * The programs are the blocks of the rules' pages; the changes are made in their text, so they are simple ones.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { lintTexts, root } from './testing.ts';

const folder = join(root, 'server/lint/rules');
const blocks = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => {
    const page = readFileSync(join(folder, name, 'rule.md'), 'utf8');
    return [...page.matchAll(/^```c\n([\s\S]*?)^```/gm)].map((match, index) => ({
      name: `${name} ${index + 1}`,
      text: match[1] ?? '',
    }));
  });

/** The rules that are broken, with their counts: lines move when text changes. */
function broken(...texts: readonly string[]): readonly string[] {
  return lintTexts(...texts)
    .findings.map((f) => f.rule)
    .sort();
}

const NAMES =
  'irp Irp status event dispatch Context Socket Done Forward NewRequest Send Close address request Request'.split(' ');

const HELPERS: Readonly<Record<string, string>> = {
  AllocateOne: 'static PIRP AllocateOne(VOID) { return IoAllocateIrp(1, FALSE); }',
  FreeIt: 'static VOID FreeIt(PIRP It) { IoFreeIrp(It); }',
  ArmIt:
    'static VOID ArmIt(PIRP I, PIO_COMPLETION_ROUTINE R, PVOID C) { IoSetCompletionRoutine(I, R, C, TRUE, TRUE, TRUE); }',
  WaitOn: 'static VOID WaitOn(PVOID E) { KeWaitForSingleObject(E, Executive, KernelMode, FALSE, NULL); }',
};

/** With what the program uses in front: one that makes no IRPs gets no function that does. */
function withUsed(definitions: Readonly<Record<string, string>>, text: string): string {
  const used = Object.entries(definitions).flatMap(([name, body]) => (text.includes(`${name}(`) ? [body] : []));
  return used.concat(text).join('\n');
}

function withMacros(macros: Readonly<Record<string, string>>, text: string): string {
  const lines = Object.entries(macros).map(([name, macro]) => [name, `#define ${macro}`]);
  return withUsed(Object.fromEntries(lines), text);
}

/** Where a function leaves with the status that says what went wrong, and what comes after that to its end. */
const CHECKED = /\n {2}if \(!NT_SUCCESS\((\w+)\)\)\n {4}return \1;\n([\s\S]*?)\n\}\n/g;

const changes: Readonly<Record<string, (text: string) => string>> = {
  'other names': (text) => {
    // Members and parameters of the API keep their names: only what stands alone is renamed.
    const names = NAMES.filter((n) => !new RegExp(`(->|\\.)${n}\\b`).test(text));
    return names.reduce((t, n) => t.replace(new RegExp(`(?<![>.\\w])${n}\\b`, 'g'), `${n}_x`), text);
  },
  'branches turned round': (text) =>
    text
      .replace(/if \(!(\w+)\)\n(\s+)(return[^;]*;)/g, 'if ($1) {} else\n$2$3')
      .replace(/if \((\w+) == NULL\)\n(\s+)(return[^;]*;)/g, 'if (!($1 == NULL)) { ; } else\n$2$3'),
  'a check through a variable': (text) =>
    text.replace(/ {2}if \((\w+) == NULL\)\n/g, '  int missing_$1 = ($1 == NULL);\n  if (missing_$1)\n'),
  'NULL tests the other way': (text) =>
    text.replace(/\((\w+) == NULL\)/g, '(NULL == $1)').replace(/\(!(\w+)\)/g, '(!!($1 == (void *)0))'),
  'calls through macros': (text) =>
    withMacros(
      {
        ALLOCATE: 'ALLOCATE(n) IoAllocateIrp(n, FALSE)',
        FREE: 'FREE(irp) do { IoFreeIrp(irp); } while (0)',
        REUSE: 'REUSE(irp) (IoReuseIrp(irp, STATUS_UNSUCCESSFUL))',
      },
      text
        .replace(/IoAllocateIrp\(([^,()]+), FALSE\)/g, 'ALLOCATE($1)')
        .replace(/IoFreeIrp\((\w+)\);/g, 'FREE($1);')
        .replace(/IoReuseIrp\((\w+), STATUS_UNSUCCESSFUL\);/g, 'REUSE($1);'),
    ),
  'calls through helpers': (text) => {
    const changed = text
      .replace(/IoAllocateIrp\(1, FALSE\)/g, 'AllocateOne()')
      .replace(/IoFreeIrp\((\w+)\);/g, 'FreeIt($1);')
      .replace(/IoSetCompletionRoutine\((\w+), (\w+), ([&\w]+), TRUE, TRUE, TRUE\);/g, 'ArmIt($1, $2, $3);')
      .replace(/KeWaitForSingleObject\(([^,]+), Executive, KernelMode, FALSE, NULL\);/g, 'WaitOn($1);');
    return withUsed(HELPERS, changed);
  },
  'temporaries for results and pointers': (text) =>
    text
      .replace(
        /return (.*->Wsk\w+\([^;]*\));( \/\/ error.*)?/g,
        (_, call: string, mark = '') => `{ NTSTATUS result_ = ${call};${mark}\n return result_; }`,
      )
      .replace(
        / {2}PIRP irp = IoAllocateIrp\(1, FALSE\);/g,
        '  PIRP raw_ = IoAllocateIrp(1, FALSE);\n  PVOID any_ = raw_;\n  PIRP irp = (PIRP)any_;',
      ),
  'everything in a block and a loop that runs once': (text) =>
    text.replace(/\n {2}IoFreeIrp\((\w+)\);/g, '\n  do { { IoFreeIrp($1); } } while (0);'),
  'operands of comparisons the other way': (text) =>
    text.replace(/\((\w+(?:(?:->|\.)\w+)*) (==|!=) (\w+)\)/g, '($3 $2 $1)'),
  'nested ifs in place of early returns': (text) =>
    text.replace(CHECKED, '\n  if (NT_SUCCESS($1)) {\n$2\n  }\n  return $1;\n}\n'),
  'one way out, by goto': (text) =>
    text.replace(CHECKED, '\n  if (!NT_SUCCESS($1))\n    goto failed_;\n$2\nfailed_:\n  return $1;\n}\n'),
  'arguments through temporaries': (text) =>
    text
      .replace(/\n {2}IoFreeIrp\((\w+)\);/g, '\n  { PIRP old_ = $1; IoFreeIrp(old_); }')
      .replace(/\n {2}KeSetEvent\(([^,]+), /g, '\n  PKEVENT event_ = $1;\n  KeSetEvent(event_, ')
      .replace(
        /\n {2}IoSetCompletionRoutine\((\w+), (\w+), ([&\w]+), TRUE, TRUE, TRUE\);/g,
        '\n  { PIO_COMPLETION_ROUTINE routine_ = $2; PVOID context_ = $3;\n  IoSetCompletionRoutine($1, routine_, context_, TRUE, TRUE, TRUE); }',
      ),
  'locals through pointers to them': (text) =>
    ['KEVENT', 'WSK_BUF', 'IO_STATUS_BLOCK', 'KLOCK_QUEUE_HANDLE'].reduce(
      (t, type) =>
        t.replace(new RegExp(`\\n  ${type} (\\w+);\\n([\\s\\S]*?)\\n\\}\\n`, 'g'), (_, name: string, rest: string) => {
          const uses = rest.replace(new RegExp(`&${name}\\b(?![.\\[])`, 'g'), `${name}_`);
          return `\n  ${type} ${name};\n  P${type} ${name}_ = &${name};\n${uses}\n}\n`;
        }),
      text,
    ),
  'several statements in a macro': (text) =>
    withMacros(
      {
        ARM: 'ARM(irp, r, c) do { IoReuseIrp(irp, STATUS_UNSUCCESSFUL); IoSetCompletionRoutine(irp, r, c, TRUE, TRUE, TRUE); } while (0)',
        FINISH:
          'FINISH(irp, s, n) do { (irp)->IoStatus.Status = (s); (irp)->IoStatus.Information = (n); IoCompleteRequest(irp, IO_NO_INCREMENT); } while (0)',
      },
      text
        .replace(
          /IoReuseIrp\((\w+), STATUS_UNSUCCESSFUL\);\n {2}IoSetCompletionRoutine\(\1, (\w+), ([^,]+), TRUE, TRUE, TRUE\);/g,
          'ARM($1, $2, $3);',
        )
        .replace(
          /(\w+)->IoStatus\.Status = (\w+);\n {2}\1->IoStatus\.Information = (\w+);\n {2}IoCompleteRequest\(\1, IO_NO_INCREMENT\);/g,
          'FINISH($1, $2, $3);',
        ),
    ),
  'goto to the end': (text) =>
    text.replace(
      /\n {2}return STATUS_MORE_PROCESSING_REQUIRED;\n}/g,
      '\n  goto end_;\nend_:\n  return STATUS_MORE_PROCESSING_REQUIRED;\n}',
    ),
};

const before = new Map<string, readonly string[]>();

function brokenBefore(text: string): readonly string[] {
  const known = before.get(text) ?? broken(text);
  before.set(text, known);
  return known;
}

for (const [name, change] of Object.entries(changes)) {
  describe(name, () => {
    const changed = blocks.filter(({ text }) => change(text) !== text);
    test('touches several programs', () => assert.ok(changed.length >= 5, `${changed.length}`));
    for (const block of changed) {
      test(block.name, () => assert.deepEqual(broken(change(block.text)), brokenBefore(block.text)));
    }
  });
}

describe('code moved to another file', () => {
  const text = (file: 'one' | 'two'): string => {
    const prototypes =
      'NTSTATUS Done(PDEVICE_OBJECT D, PIRP Irp, PVOID C);\nPIRP NewRequest(PVOID C);\nVOID Cleanup(PIRP *Irp);\n';
    if (file === 'two') {
      return `${prototypes}NTSTATUS Done(PDEVICE_OBJECT D, PIRP Irp, PVOID C) { D; C; IoFreeIrp(Irp); return STATUS_SUCCESS; }
PIRP NewRequest(PVOID C) { PIRP irp = IoAllocateIrp(1, FALSE); if (irp) IoSetCompletionRoutine(irp, Done, C, TRUE, TRUE, TRUE); return irp; }
VOID Cleanup(PIRP *Irp) { IoFreeIrp(*Irp); *Irp = NULL; }`;
    }
    return `${prototypes}NTSTATUS Send(PWSK_SOCKET S, PWSK_BUF B) {
  PIRP irp = NewRequest(S);
  if (!irp) return STATUS_INSUFFICIENT_RESOURCES;
  if (((const WSK_PROVIDER_CONNECTION_DISPATCH *)S->Dispatch)->WskSend(S, B, 0, irp) != STATUS_PENDING)
    Cleanup(&irp);
  return STATUS_SUCCESS;
}`;
  };
  const expected = ['completion-keeps-irp', 'irp-touched-after-send'];
  test('together they are one driver', () => {
    assert.deepEqual(broken(text('one'), text('two')), expected);
    assert.deepEqual(broken(text('two'), text('one')), expected);
    assert.deepEqual(broken(`${text('two')}\n${text('one')}`), expected);
  });
  test('two drivers linted in one run keep their own functions', () => {
    const right = text('two').replace('STATUS_SUCCESS', 'STATUS_MORE_PROCESSING_REQUIRED');
    assert.deepEqual(broken(right, `${text('two')}\n${text('one')}`), expected);
    assert.deepEqual(broken(text('one'), right, text('two')).includes('irp-touched-after-send'), false);
  });
  test('alone they are not known to be wrong', () => {
    assert.deepEqual(broken(text('one')), []);
  });
});
