/** "Write <name>": which names offer it, and that the driver compiles with the stub. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { sourceFile } from '../../../base/source.ts';
import { withHeaders } from '../../../catalog/testing/reading.ts';
import { parseTranslationUnit } from '../../../cfront/index.ts';
import { syntaxFindings } from '../../lint/syntax.ts';
import { analyseDriver } from '../testing.ts';
import { callbackAction } from './callback-action.ts';

const entry = (statement: string): string =>
  `NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p) { UNREFERENCED_PARAMETER(p); UNREFERENCED_PARAMETER(d); ${statement} return STATUS_SUCCESS; }`;

const cases: readonly (readonly [string, readonly string[]])[] = [
  ['const WSK_CLIENT_LISTEN_DISPATCH Listen = { OnAccept, NULL, NULL };', ["Write 'OnAccept', a WskAcceptEvent"]],
  [entry('d->DriverUnload = OnUnload;'), ["Write 'OnUnload', a DRIVER_UNLOAD"]],
  [entry('d->MajorFunction[IRP_MJ_READ] = OnRead;'), ["Write 'OnRead', a DRIVER_DISPATCH"]],
  [entry('KDPC dpc; KeInitializeDpc(&dpc, OnTime, NULL);'), ["Write 'OnTime', a KDEFERRED_ROUTINE"]],
  [entry('ULONG n = Unknown; UNREFERENCED_PARAMETER(n);'), []],
  [entry('d->DriverUnload = 5;'), []],
];

test('a name that nothing declares becomes a callback where one is wanted', () => {
  for (const [text, titles] of cases) {
    const { analysis } = analyseDriver(text);
    const actions = syntaxFindings(analysis.unit).flatMap((finding) => callbackAction(finding, analysis) ?? []);
    assert.deepEqual(
      actions.map(({ title }) => title),
      titles,
      text,
    );
    const edit = actions[0]?.edits[0];
    if (edit === undefined) continue;
    const before = analysis.unit.file.text;
    const after = before.slice(0, edit.span.start) + edit.newText + before.slice(edit.span.end);
    const unit = parseTranslationUnit(sourceFile('a.c', after), withHeaders);
    assert.deepEqual(
      unit.problems.map(({ message }) => message),
      [],
      after,
    );
  }
});
