/** Marks that hide findings, and what is said of those that hide nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lint, UNUSED_SILENCE } from '../lint.ts';
import { catalog, lintTexts, parse, shown } from '../testing.ts';

const wrong = 'IoAllocateIrp(0, FALSE)';
const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ['on the line', `PIRP F(VOID) { return ${wrong}; } // wsk-lint: allow irp-stack-size a test`, []],
  ['with slash and star', `PIRP F(VOID) { return ${wrong}; } /* wsk-lint: allow irp-stack-size */`, []],
  ['on the line above', `PIRP F(VOID) {\n// wsk-lint: allow irp-stack-size\nreturn ${wrong};\n}`, []],
  [
    'above, with more comments between',
    `PIRP F(VOID) {\n/* wsk-lint: allow irp-stack-size\n   because */\n// more\nreturn ${wrong};\n}`,
    [],
  ],
  [
    'two lines above is too far',
    `PIRP F(VOID) {\n// wsk-lint: allow irp-stack-size\n\nreturn ${wrong};\n}`,
    ['2 unused-silence', '4 irp-stack-size'],
  ],
  [
    'behind other code it does not reach down',
    `PIRP F(VOID) {\nint i = 0; // wsk-lint: allow irp-stack-size\nreturn i ? NULL : ${wrong};\n}`,
    ['2 unused-silence', '3 irp-stack-size'],
  ],
  [
    'another rule stays',
    `PIRP F(VOID) { return ${wrong}; } // wsk-lint: allow irp-null-check`,
    ['1 irp-stack-size', '1 unused-silence'],
  ],
  ['nothing to hide', 'int x; // wsk-lint: allow irp-null-check', ['1 unused-silence']],
  ['no such rule', 'int x; // wsk-lint: allow nonsense', ['1 unused-silence']],
  [
    'above a statement of several lines',
    `PIRP F(VOID) {\n// wsk-lint: allow irp-stack-size\nreturn IoAllocateIrp(\n  0,\n  FALSE);\n}`,
    [],
  ],
  [
    'not beyond that statement',
    `PIRP F(VOID) {\n// wsk-lint: allow irp-stack-size\nPIRP irp = NULL;\nreturn irp ? irp : ${wrong};\n}`,
    ['2 unused-silence', '4 irp-stack-size'],
  ],
  [
    'right before a function',
    `// wsk-lint: allow irp-stack-size a test\nPIRP\nF(VOID)\n{\n\n\nreturn ${wrong};\n}`,
    [],
  ],
  [
    'not in the function behind that one',
    `// wsk-lint: allow irp-stack-size\nPIRP F(VOID)\n{\n  return ${wrong};\n}\nPIRP G(VOID)\n{\n  return ${wrong};\n}`,
    ['8 irp-stack-size'],
  ],
  [
    'several rules',
    `VOID F(VOID) {\nIoFreeIrp(${wrong}); // wsk-lint: allow irp-null-check, irp-stack-size, of course\n}`,
    [],
  ],
  ['in a part that is left out it is not judged', '#if 0\nint x; // wsk-lint: allow irp-null-check\n#endif\n', []],
  ['with a missing header it is not judged', '#include "gone.h"\nint x; // wsk-lint: allow irp-null-check\n', []],
  [
    'against marks that hide nothing',
    '// wsk-lint: allow unused-silence old\nint x; // wsk-lint: allow irp-null-check',
    [],
  ],
  ['a word that means nothing', 'int x; // wsk-lint: disable irp-null-check', ['1 unused-silence']],
  ['no rule at all', 'int x; // wsk-lint: allow', ['1 unused-silence']],
  [
    'a region',
    `#pragma region wsk-lint: allow irp-stack-size old code\nPIRP F(VOID)\n{\n  return ${wrong};\n}\n#pragma region Inner\n#pragma endregion\nPIRP G(VOID) { return ${wrong}; }\n#pragma endregion\nPIRP H(VOID) { return ${wrong}; }\n`,
    ['10 irp-stack-size'],
  ],
  ['a region without end', `#pragma region wsk-lint: allow irp-stack-size\nPIRP F(VOID) { return ${wrong}; }\n`, []],
  [
    'a region that hides nothing',
    '#pragma region wsk-lint: allow irp-stack-size\n#pragma endregion\n',
    ['1 unused-silence'],
  ],
  ['a region in a comment', '/*\n#pragma region wsk-lint: allow irp-stack-size\n*/\n', ['2 unused-silence']],
  ['not in a string', 'const char *s = "// wsk-lint: allow irp-null-check";', []],
];

for (const [name, text, expected] of cases) {
  test(name, () => assert.deepEqual(lintTexts(text).findings.map(shown), expected));
}

test('a mark that hides nothing is of severity info and says why', () => {
  const { findings } = lintTexts('int x; // wsk-lint: allow nonsense\nint y; // wsk-lint: allow irp-null-check');
  assert.deepEqual(
    findings.map((f) => [f.rule, f.severity, f.message.includes('no rule nonsense')]),
    [
      [UNUSED_SILENCE, 'info', true],
      [UNUSED_SILENCE, 'info', false],
    ],
  );
});

test('marks in a header of the driver count as well', () => {
  const own = { 'own.h': `static PIRP F(VOID) { return ${wrong}; } // wsk-lint: allow irp-stack-size\n` };
  const unit = parse('main.c', '#include <ntddk.h>\n#include "own.h"\n', own);
  assert.deepEqual(lint([unit], catalog).findings, []);
});

/** The wait is C28121, among others; `KeWaitForMutexObject` at DISPATCH_LEVEL. */
const wait = (before: string, inside: string): string =>
  `${before}VOID F(PKSPIN_LOCK Lock, PKEVENT Event)\n{\n  KIRQL irql;\n  KeAcquireSpinLock(Lock, &irql);\n${inside}  KeReleaseSpinLock(Lock, irql);\n}\n`;
const call = '  KeWaitForSingleObject(Event, Executive, KernelMode, FALSE, NULL);\n';

const numbers: readonly (readonly [name: string, text: string, isHidden: boolean])[] = [
  ['nothing', wait('', call), false],
  ['suppress', wait('', `#pragma warning(suppress: 28121)\n${call}`), true],
  ['suppress among others', wait('', `#pragma warning( suppress : 6011 28121 )\n${call}`), true],
  ['suppress of another number', wait('', `#pragma warning(suppress: 6011)\n${call}`), false],
  ['prefast', wait('', `#pragma prefast(suppress: 28121, "never at DISPATCH_LEVEL")\n${call}`), true],
  ['__pragma in the line', wait('', `  __pragma(warning(suppress: 28121)) ${call}`), true],
  ['disable', wait('#pragma warning(disable: 28121)\n', call), true],
  [
    'disable, and default again',
    wait('#pragma warning(disable: 28121)\n#pragma warning(default: 28121)\n', call),
    false,
  ],
  [
    'disable between push and pop',
    `#pragma warning(push)\n#pragma warning(disable: 28121)\n${wait('', call)}#pragma warning(pop)\n`,
    true,
  ],
  [
    'disable before pop',
    wait('#pragma warning(push)\n#pragma warning(disable: 28121)\n#pragma warning(pop)\n', call),
    false,
  ],
];

for (const [name, text, isHidden] of numbers) {
  test(`numbers of PREfast: ${name}`, () => {
    const { findings, silenced } = lintTexts(text);
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      isHidden ? [] : ['wait-at-dispatch'],
    );
    assert.deepEqual(
      silenced.map(({ finding }) => finding.rule),
      isHidden ? ['wait-at-dispatch'] : [],
    );
  });
}

/** The text after a fix of the only finding; the title begins so. */
function mended(text: string, title: string): string {
  const { findings } = lintTexts(text);
  assert.equal(findings.length, 1);
  const fix = findings[0]?.fixes?.find((one) => one.title.startsWith(title));
  const edit = fix?.edits[0];
  if (findings[0] === undefined || edit === undefined) return 'no such fix';
  const whole = findings[0].span.file.text;
  return (whole.slice(0, edit.span.start) + edit.newText + whole.slice(edit.span.end)).split('\n').slice(2).join('\n');
}

test('quick fixes take a useless mark away, or put the name that is meant', () => {
  const cases: readonly (readonly [before: string, title: string, after: string])[] = [
    ['int x; // wsk-lint: allow irp-null-check old\nint y;', 'Remove', 'int x;\nint y;'],
    ['int x;\n  /* wsk-lint: allow irp-null-check */\nint y;', 'Remove', 'int x;\nint y;'],
    ['int /* wsk-lint: allow irp-null-check */ x;', 'Remove', 'int x;'],
    ['int x; // see above; wsk-lint: allow irp-null-check', 'Remove', 'no such fix'],
    [
      'int x; // wsk-lint: allow irp-nul-check why',
      "Replace 'irp-nul-check'",
      'int x; // wsk-lint: allow irp-null-check why',
    ],
    ['int x; // wsk-lint: allow IRP-null-check', 'Replace', 'int x; // wsk-lint: allow irp-null-check'],
  ];
  for (const [before, title, after] of cases) assert.equal(mended(before, title), after, before);
});

test('what a mark hides is told apart, with its reason', () => {
  const { findings, silenced } = lintTexts(
    `PIRP F(VOID) { return ${wrong}; } /* wsk-lint: allow irp-stack-size: never sent */`,
  );
  assert.deepEqual(findings, []);
  assert.deepEqual(
    silenced.map(({ finding, reason }) => [finding.rule, reason]),
    [['irp-stack-size', 'never sent']],
  );
});
