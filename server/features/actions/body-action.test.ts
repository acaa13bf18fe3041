/** "Write the body of <name>": which names offer it, and that the driver compiles with the body. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { sourceFile } from '../../../base/source.ts';
import { withHeaders } from '../../../catalog/testing/reading.ts';
import { parseTranslationUnit } from '../../../cfront/index.ts';
import { analyseDriver } from '../testing.ts';
import { bodyAction } from './body-action.ts';

const use = (name: string): string => `VOID Use(PDRIVER_OBJECT d) { d->DriverUnload = ${name}; }`;

/** The text, with its cursor, and what the body that is written must hold; undefined where none is offered. */
const cases: readonly (readonly [string, RegExp | undefined])[] = [
  [`static DRIVER_UNLOAD /*$0*/OnUnload;\n${use('OnUnload')}`, /_Use_decl_annotations_\nstatic void\nOnUnload\(/],
  [`DRIVER_UNLOAD OnUnload;\n${use('/*$0*/OnUnload')}`, /\n_Use_decl_annotations_\nvoid\nOnUnload\(/],
  ['DRIVER_DISPATCH /*$0*/OnRead;', /IoCompleteRequest\(Irp, IO_NO_INCREMENT\);/],
  [
    'static NTSTATUS WSKAPI /*$0*/OnEvent(PVOID c, ULONG f);\nstatic const WSK_CLIENT_CONNECTION_DISPATCH D = { NULL, OnEvent };',
    /WSKAPI\nOnEvent\([^)]*PVOID c,\s+ULONG f\s+\)\s+{\s+UNREFERENCED_PARAMETER\(c\)/,
  ],
  ['static PVOID /*$0*/Make(VOID);', /Make\(\s+VOID\s+\)\s+{\s+return NULL;/],
  ['static VOID /*$0*/Done(VOID) { }', undefined],
  ['VOID Use(VOID) { /*$0*/KeGetCurrentIrql(); }', undefined],
  ['static ULONG /*$0*/Count;', undefined],
];

test('a function that is declared only is written at the end of the file', () => {
  for (const [text, expected] of cases) {
    const { analysis, offset } = analyseDriver(text);
    const action = bodyAction(analysis, offset, []);
    if (expected === undefined) {
      assert.equal(action, undefined, text);
      continue;
    }
    const [edit] = action?.edits ?? [];
    assert.match(edit?.newText ?? '', expected, text);
    const after = analysis.unit.file.text.slice(0, edit?.span.start) + edit?.newText;
    const unit = parseTranslationUnit(sourceFile('a.c', after), withHeaders);
    assert.deepEqual(
      unit.problems.map(({ message }) => message),
      [],
      after,
    );
  }
});

test('what another file of the driver defines is not written', () => {
  const { analysis, offset } = analyseDriver('DRIVER_UNLOAD /*$0*/OnUnload;');
  const { analysis: other } = analyseDriver('VOID OnUnload(PDRIVER_OBJECT d) { UNREFERENCED_PARAMETER(d); }');
  assert.equal(bodyAction(analysis, offset, [other.unit]), undefined);
});
