import assert from 'node:assert/strict';
import test from 'node:test';
import { codeLenses } from './code-lens.ts';
import { analyseDriver } from './testing.ts';

function titles(fixture: string): readonly string[] {
  const { analysis } = analyseDriver(fixture);
  return codeLenses(analysis).map(({ title, span }) => `${span.file.text.slice(span.start, span.end)}: ${title}`);
}

test('above DriverEntry and completion routines', () => {
  const send = (name: string, api: string): string =>
    `NTSTATUS ${name}(PWSK_SOCKET S, PWSK_BUF B, PIRP Irp) {\n  IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE);\n  return ((PWSK_PROVIDER_CONNECTION_DISPATCH)S->Dispatch)->${api}(S, B, 0, Irp);\n}\n`;
  assert.deepEqual(
    titles(
      `IO_COMPLETION_ROUTINE Done, Unused;\n${send('a', 'WskSend')}${send('b', 'WskReceive')}NTSTATUS Done(PDEVICE_OBJECT d, PIRP i, PVOID c) { return 0; }\nNTSTATUS Unused(PDEVICE_OBJECT d, PIRP i, PVOID c) { return 0; }\nNTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p) { return 0; }\n`,
    ),
    ['Done: 2 IRPs complete here: from WskSend, WskReceive', 'DriverEntry: Run on the emulator'],
  );
  assert.deepEqual(titles('NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p);'), []);
  assert.deepEqual(
    titles(
      'IO_COMPLETION_ROUTINE Done;\nvoid f(PDEVICE_OBJECT d, PIRP i) { IoSetCompletionRoutineEx(d, i, Done, 0, 1, 1, 1); IoCallDriver(d, i); }\nNTSTATUS Done(PDEVICE_OBJECT d, PIRP i, PVOID c) { return 0; }\n',
    ),
    ['Done: 1 IRP completes here: from IoCallDriver'],
  );
});
