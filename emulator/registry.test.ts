/** The scenario's registry: a driver finds its values, and what it writes is held against what is expected. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../base/source.ts';
import { findingsOf, finish, planOf, readyRun, scenarioText } from './testing.ts';

const driver = `
#include <ntddk.h>

static DRIVER_UNLOAD Unload;
static VOID Unload(PDRIVER_OBJECT DriverObject) { UNREFERENCED_PARAMETER(DriverObject); }

static NTSTATUS Query(HANDLE Key, PCWSTR Name, KEY_VALUE_PARTIAL_INFORMATION *Value, ULONG Size) {
  UNICODE_STRING Text;
  ULONG Length;
  RtlInitUnicodeString(&Text, Name);
  return ZwQueryValueKey(Key, &Text, KeyValuePartialInformation, Value, Size, &Length);
}

DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  OBJECT_ATTRIBUTES Attributes;
  HANDLE Service, Parameters;
  UNICODE_STRING Below = RTL_CONSTANT_STRING(L"Parameters");
  UNICODE_STRING Written = RTL_CONSTANT_STRING(L"Started");
  UCHAR Room[128];
  KEY_VALUE_PARTIAL_INFORMATION *Value = (KEY_VALUE_PARTIAL_INFORMATION *)Room;
  ULONG Started = 1;
  NTSTATUS Status;
  DriverObject->DriverUnload = Unload;
  InitializeObjectAttributes(&Attributes, RegistryPath, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
  Status = ZwOpenKey(&Service, KEY_READ, &Attributes);
  if (!NT_SUCCESS(Status)) return Status;
  InitializeObjectAttributes(&Attributes, &Below, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, Service, NULL);
  Status = ZwOpenKey(&Parameters, KEY_READ | KEY_WRITE, &Attributes);
  DbgPrint("open %X\\n", Status);
  if (NT_SUCCESS(Status)) {
    if (NT_SUCCESS(Query(Parameters, L"Port", Value, sizeof(Room))))
      DbgPrint("port %u type %u\\n", *(ULONG *)Value->Data, Value->Type);
    if (NT_SUCCESS(Query(Parameters, L"Name", Value, sizeof(Room))))
      DbgPrint("name %ws length %u type %u\\n", (PWSTR)Value->Data, Value->DataLength, Value->Type);
    if (NT_SUCCESS(Query(Parameters, L"List", Value, sizeof(Room))))
      DbgPrint("list %ws length %u type %u\\n", (PWSTR)Value->Data, Value->DataLength, Value->Type);
    if (NT_SUCCESS(Query(Parameters, L"Big", Value, sizeof(Room))))
      DbgPrint("big %I64u type %u\\n", *(ULONG64 UNALIGNED *)Value->Data, Value->Type);
    if (NT_SUCCESS(Query(Parameters, L"Raw", Value, sizeof(Room))))
      DbgPrint("raw %02x %02x type %u\\n", Value->Data[0], Value->Data[1], Value->Type);
    ZwSetValueKey(Parameters, &Written, 0, REG_DWORD, &Started, sizeof(Started));
    ZwClose(Parameters);
  }
  ZwClose(Service);
  return STATUS_SUCCESS;
}
`;

function run(scenario: string) {
  const file = sourceFile('/drivers/service.c', driver);
  return finish(readyRun(planOf([file], { scenario: scenarioText(scenario) })));
}

const parameters = `registry:
  Parameters:
    Port: 40007
    Name: echo
    List: { multi: [a, bc] }
    Big: { qword: 4294967296 }
    Raw: { hex: 01 ff }
`;

test('a driver finds every type of value below its service key', () => {
  const result = run(`${parameters}expect:\n  registry:\n    Parameters: { Started: 1, Name: echo }\n`);
  assert.deepEqual(findingsOf(result), []);
  assert.deepEqual(result.log, [
    'open 0',
    'port 40007 type 4',
    'name echo length 10 type 1',
    'list a length 12 type 7',
    'big 4294967296 type 11',
    'raw 01 ff type 3',
  ]);
});

test('an absolute path is the same key', () => {
  const path = '\\Registry\\Machine\\System\\ControlSet001\\Services\\service\\Parameters';
  assert.deepEqual(run(`registry:\n  ${path}:\n    Port: 7\n`).log.slice(0, 2), ['open 0', 'port 7 type 4']);
});

test('a key that is not there is not found', () => {
  assert.deepEqual(run('registry: {}').log, ['open C0000034']);
});

test('each difference at the end is named', () => {
  const expected = 'Started: 2\n      Port: "40007"\n      Raw: { hex: 01 fe }\n      None: 1';
  const result = run(`${parameters}expect:\n  registry:\n    Parameters:\n      ${expected}\n    Other: {}\n`);
  assert.deepEqual(
    result.findings.map(({ rule, message }) => `${rule}: ${message}`),
    [
      'expected-registry: The scenario expects the value Started of the registry key Parameters to be REG_DWORD 2, but it is REG_DWORD 1.',
      'expected-registry: The scenario expects the value Port of the registry key Parameters to be REG_SZ "40007", but it is REG_DWORD 40007.',
      'expected-registry: The scenario expects the value Raw of the registry key Parameters to be REG_BINARY 01 fe, but it is REG_BINARY 01 ff.',
      'expected-registry: The scenario expects the value None of the registry key Parameters, but there is none.',
      'expected-registry: The scenario expects the registry key Other, but there is none.',
    ],
  );
  // Each stands where the scenario names the value or the key.
  const lines = result.findings.map(({ span }) => span.file.text.slice(span.start, span.end));
  assert.deepEqual(lines, ['Started', 'Port', 'Raw', 'None', 'Other']);
});

test('the keys above a key of the scenario are there as well', () => {
  const source = `
#include <ntddk.h>
static DRIVER_UNLOAD Unload;
static VOID Unload(PDRIVER_OBJECT DriverObject) { UNREFERENCED_PARAMETER(DriverObject); }
DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  UNICODE_STRING Name = RTL_CONSTANT_STRING(L"Children");
  OBJECT_ATTRIBUTES Attributes;
  HANDLE Service, Children;
  ULONG Disposition = 0;
  DriverObject->DriverUnload = Unload;
  InitializeObjectAttributes(&Attributes, RegistryPath, OBJ_KERNEL_HANDLE, NULL, NULL);
  if (!NT_SUCCESS(ZwOpenKey(&Service, KEY_READ, &Attributes))) return STATUS_UNSUCCESSFUL;
  InitializeObjectAttributes(&Attributes, &Name, OBJ_KERNEL_HANDLE, Service, NULL);
  if (NT_SUCCESS(ZwCreateKey(&Children, KEY_READ, &Attributes, 0, NULL, 0, &Disposition))) ZwClose(Children);
  DbgPrint("disposition %u\\n", Disposition);
  ZwClose(Service);
  return STATUS_SUCCESS;
}
`;
  const file = sourceFile('/drivers/children.c', source);
  const scenario = scenarioText('registry:\n  Children\\One: { A: 1 }\n');
  const result = finish(readyRun(planOf([file], { scenario })));
  assert.deepEqual(findingsOf(result), []);
  assert.deepEqual(result.log, ['disposition 2']);
});
