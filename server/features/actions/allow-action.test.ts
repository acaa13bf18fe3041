/** "Allow <rule> here": where the comment goes, and that the finding is gone with it. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { sourceFile } from '../../../base/source.ts';
import { withHeaders } from '../../../catalog/testing/reading.ts';
import { parseTranslationUnit } from '../../../cfront/index.ts';
import { lint } from '../../lint/lint.ts';
import { analyseDriver, catalog, INCLUDES } from '../testing.ts';
import { allowAction } from './allow-action.ts';

/** The text with the comment of the first finding, `|` where the cursor goes on; the includes are left out. */
function allowed(body: string): string {
  const { analysis } = analyseDriver(body);
  const [finding] = lint([analysis.unit], catalog).findings;
  assert.ok(finding, body);
  const action = allowAction(finding, analysis.unit);
  const [edit] = action?.edits ?? [];
  if (action === undefined || edit === undefined) return '';
  const { text } = analysis.unit.file;
  const write = (newText: string): string => text.slice(0, edit.span.start) + newText + text.slice(edit.span.end);
  const main = sourceFile('a.c', write(edit.newText));
  const unit = parseTranslationUnit(main, withHeaders);
  assert.deepEqual(
    lint([unit], catalog).findings.map(({ rule }) => rule),
    [],
    body,
  );
  const { cursor = 0 } = action;
  return write(`${edit.newText.slice(0, cursor)}|${edit.newText.slice(cursor)}`).slice(INCLUDES.length);
}

const MARK = '// wsk-lint: allow irp-stack-size |';

test('above the statement, as deep as it', () => {
  assert.equal(
    allowed('PIRP Make(VOID)\n{\n  return IoAllocateIrp(0, FALSE);\n}\n'),
    `PIRP Make(VOID)\n{\n  ${MARK}\n  return IoAllocateIrp(0, FALSE);\n}\n`,
  );
  assert.equal(
    allowed('PIRP Make(VOID)\n{\n\tPIRP Irp =\n\t\tIoAllocateIrp(0,\n\t\tFALSE);\n\treturn Irp;\n}\n'),
    `PIRP Make(VOID)\n{\n\t${MARK}\n\tPIRP Irp =\n\t\tIoAllocateIrp(0,\n\t\tFALSE);\n\treturn Irp;\n}\n`,
  );
  assert.equal(
    allowed('PIRP Make(int a)\n{\n  if (a)\n    return IoAllocateIrp(0, FALSE);\n  return NULL;\n}\n'),
    `PIRP Make(int a)\n{\n  if (a)\n    ${MARK}\n    return IoAllocateIrp(0, FALSE);\n  return NULL;\n}\n`,
  );
});

test('line ends are those of the file', () => {
  assert.equal(allowed('PIRP Make(VOID)\r\n{\r\n  return IoAllocateIrp(0, FALSE);\r\n}\r\n').includes('\n\n'), false);
});

test('behind the line where the comment above would cover a function', () => {
  assert.equal(
    allowed('PIRP Make(VOID) { return IoAllocateIrp(0, FALSE); }\n'),
    `PIRP Make(VOID) { return IoAllocateIrp(0, FALSE); } ${MARK}\n`,
  );
});
