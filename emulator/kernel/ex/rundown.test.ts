/** Rundown protection where its rules are bent, and not broken. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDriver } from '../fixtures/run-driver.ts';

test('ExInitializeRundownProtection at DISPATCH_LEVEL is a warning, and the run goes on', () => {
  const run =
    runDriver(`static EX_RUNDOWN_REF Rundown; static VOID Unload(PDRIVER_OBJECT d) { UNREFERENCED_PARAMETER(d); }
NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p) {
  KIRQL old; UNREFERENCED_PARAMETER(p); d->DriverUnload = Unload;
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  ExInitializeRundownProtection(&Rundown);
  KeLowerIrql(old);
  DbgPrint("went on");
  return STATUS_SUCCESS;
}`);
  assert.deepEqual(run.findings, ['irql-too-high:6']);
  assert.equal(run.kernel.findings[0]?.severity, 'warning');
  assert.deepEqual(run.log, ['went on']);
});
