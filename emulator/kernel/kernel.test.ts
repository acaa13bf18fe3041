import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDriver } from './fixtures/run-driver.ts';

test('a driver that prints', () => {
  const run = runDriver(`
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  UNREFERENCED_PARAMETER(DriverObject);
  DbgPrint("hello %d %s %wZ\\n", 42, "world", RegistryPath);
  return STATUS_SUCCESS;
}
`);
  assert.deepEqual(run.messages, []);
  assert.equal(run.entryStatus, 0);
  assert.deepEqual(run.log, ['hello 42 world \\Registry\\Machine\\System\\CurrentControlSet\\Services\\driver']);
});
