// What devices are called in a trace: those of the scenario by their names, those of the driver that have none by its.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../base/source.ts';
import { finish, planOf, readyRun, scenarioText } from './testing.ts';

const filter = `#include <ntddk.h>
static PDEVICE_OBJECT Control, Filter, Lower;
static NTSTATUS Pass(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(Lower, Irp);
}
static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    IoDetachDevice(Lower);
    IoDeleteDevice(Filter);
    IoDeleteDevice(Control);
}
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\\\Device\\\\Below");
    UNREFERENCED_PARAMETER(RegistryPath);
    for (int i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) DriverObject->MajorFunction[i] = Pass;
    DriverObject->DriverUnload = Unload;
    if (!NT_SUCCESS(IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Control))) return STATUS_UNSUCCESSFUL;
    if (!NT_SUCCESS(IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Filter))) return STATUS_UNSUCCESSFUL;
    Filter->Flags &= ~DO_DEVICE_INITIALIZING;
    return IoAttachDevice(Filter, &name, &Lower);
}
`;

test('a request goes to a filter and to the device below, and each of them returns', () => {
  const scenario = scenarioText(
    'devices:\n  - { name: \\Device\\Below, answers: [{ function: 0x800 }] }\ncallers:\n  - steps: [{ open: \\Device\\Below }, { ioctl: { function: 0x800 } }]\n',
  );
  const run = readyRun(planOf([sourceFile('driver.c', filter)], { scenario }));
  const { findings } = finish(run);
  const trace = run.trace(0);
  const ioctl = trace.flatMap((event) =>
    event.kind === 'irp-sent' && event.call.includes('Control') ? [event.irp] : [],
  );
  assert.equal(ioctl.length, 1);
  const told = trace.flatMap((event) => {
    if (event.kind === 'irp-sent' && event.irp === ioctl[0]) return [`to ${event.object}`];
    return event.kind === 'irp-returned' && event.irp === ioctl[0] ? [`${event.call} returns`] : [];
  });
  assert.deepEqual(findings, []);
  assert.deepEqual(told, [
    'to device of \\Driver\\driver #2 over \\Device\\Below',
    'to \\Device\\Below',
    '\\Device\\Below returns',
    'Pass returns',
  ]);
});
