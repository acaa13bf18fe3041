/** What RtlQueryRegistryValues makes of REG_EXPAND_SZ and REG_MULTI_SZ, with RTL_QUERY_REGISTRY_NOEXPAND and without. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDriver } from '../fixtures/run-driver.ts';

/** Lines that a routine logs: "type/bytes text", a vertical line for each zero inside. */
function logOf(entry: string, after = ''): readonly string[] {
  const run = runDriver(`
static NTSTATUS Log(PWSTR Name, ULONG Type, PVOID Data, ULONG Length, PVOID Context, PVOID Entry) {
  WCHAR text[64] = { 0 }; ULONG i;
  UNREFERENCED_PARAMETER(Context); UNREFERENCED_PARAMETER(Entry); UNREFERENCED_PARAMETER(Name);
  for (i = 0; i < Length / 2 - 1; i++) text[i] = ((PWSTR)Data)[i] == 0 ? L'|' : ((PWSTR)Data)[i];
  DbgPrint("%u/%u %ws\\n", Type, Length, text);
  return STATUS_SUCCESS;
}
static VOID Unload(PDRIVER_OBJECT d) { UNREFERENCED_PARAMETER(d); }
NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p) {
  static WCHAR path[] = L"%systemroot%\\\\a %None%", list[] = L"one\\0two\\0three\\0", none[] = L"", holes[] = L"a\\0\\0b\\0";
  UNICODE_STRING strings[4] = { 0 };
  RTL_QUERY_REGISTRY_TABLE table[3] = { 0 };
  NTSTATUS status;
  UNREFERENCED_PARAMETER(p); UNREFERENCED_PARAMETER(strings); d->DriverUnload = Unload;
  RtlCreateRegistryKey(RTL_REGISTRY_SERVICES, L"Q");
  RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L"Q", L"Path", REG_EXPAND_SZ, path, sizeof(path));
  RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L"Q", L"List", REG_MULTI_SZ, list, sizeof(list));
  RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L"Q", L"None", REG_MULTI_SZ, none, sizeof(none));
  RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L"Q", L"Empty", REG_MULTI_SZ, L"\\0", 4);
  RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L"Q", L"Holes", REG_MULTI_SZ, holes, sizeof(holes));
  table[0].QueryRoutine = Log;
  ${entry}
  status = RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"Q", table, NULL, NULL);
  if (status != STATUS_SUCCESS) DbgPrint("%08x\\n", status);
  ${after}
  return STATUS_SUCCESS;
}`);
  return [...run.messages, ...run.log];
}

const asIs = 'table[0].Flags = RTL_QUERY_REGISTRY_NOEXPAND;';
const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ['variables are expanded, and the value is a REG_SZ', 'table[0].Name = L"Path";', ['1/40 C:\\Windows\\a %None%']],
  ['unless the flag forbids it', `table[0].Name = L"Path"; ${asIs}`, ['2/44 %systemroot%\\a %None%']],
  ['each string comes by itself', 'table[0].Name = L"List";', ['1/8 one', '1/8 two', '1/12 three']],
  ['unless the flag forbids it, again', `table[0].Name = L"List"; ${asIs}`, ['7/30 one|two|three|']],
  ['a list of none calls nobody', 'table[0].Name = L"None";', []],
  ['a list of an empty string has one', 'table[0].Name = L"Empty";', ['1/2 ']],
  ['an empty string between others is one of them', 'table[0].Name = L"Holes";', ['1/4 a', '1/2 ', '1/4 b']],
  [
    'a list by default, whose end is looked for',
    'table[0].Name = L"Missing"; table[0].DefaultType = REG_MULTI_SZ; table[0].DefaultData = list;',
    ['1/8 one', '1/8 two', '1/12 three'],
  ],
  [
    'or said: then an empty string does not end it',
    'table[0].Name = L"Missing"; table[0].DefaultType = REG_MULTI_SZ; table[0].DefaultData = holes; table[0].DefaultLength = sizeof(holes);',
    ['1/4 a', '1/2 ', '1/4 b'],
  ],
  [
    'a list by default of one zero, behind which nothing is read',
    'table[0].Name = L"Missing"; table[0].DefaultType = REG_MULTI_SZ; table[0].DefaultData = none; table[0].DefaultLength = sizeof(none);',
    [],
  ],
  [
    'a list by default that is empty',
    'table[0].Name = L"Missing"; table[0].DefaultType = REG_MULTI_SZ; table[0].DefaultData = L"\\0"; table[0].DefaultLength = 4;',
    [],
  ],
  [
    'all values of a key',
    'table[0].Name = NULL;',
    ['1/40 C:\\Windows\\a %None%', '1/8 one', '1/8 two', '1/12 three', '1/2 ', '1/4 a', '1/2 ', '1/4 b'],
  ],
];

for (const [name, entry, expected] of cases) {
  test(name, () => assert.deepEqual(logOf(entry), expected));
}

test('without a routine each string fills a UNICODE_STRING of an array', () => {
  const entry =
    'table[0].QueryRoutine = NULL; table[0].Flags = RTL_QUERY_REGISTRY_DIRECT; table[0].Name = L"List"; table[0].EntryContext = strings;';
  const after =
    'for (int i = 0; i < 3; i++) { DbgPrint("%wZ %u\\n", &strings[i], strings[i].Length); RtlFreeUnicodeString(&strings[i]); }';
  assert.deepEqual(logOf(entry, after), ['one 6', 'two 6', 'three 10']);
});

test('a key is given by its handle, and roots other than the services’ by number', () => {
  const entry = 'table[0].Name = L"Path"; table[0].Flags = RTL_QUERY_REGISTRY_NOEXPAND;';
  const after = `
  OBJECT_ATTRIBUTES attributes; HANDLE key; static WCHAR value[] = L"v";
  InitializeObjectAttributes(&attributes, p, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE, NULL, NULL);
  if (!NT_SUCCESS(ZwOpenKey(&key, KEY_ALL_ACCESS, &attributes))) return STATUS_UNSUCCESSFUL;
  DbgPrint("%08x\\n", RtlWriteRegistryValue(RTL_REGISTRY_HANDLE, (PCWSTR)key, L"Path", REG_SZ, value, sizeof(value)));
  DbgPrint("%08x\\n", RtlQueryRegistryValues(RTL_REGISTRY_HANDLE, (PCWSTR)key, table, NULL, NULL));
  ZwClose(key);
  DbgPrint("%08x\\n", RtlCreateRegistryKey(RTL_REGISTRY_DEVICEMAP, L"Mine"));
  DbgPrint("%08x\\n", RtlCheckRegistryKey(RTL_REGISTRY_ABSOLUTE, L"\\\\Registry\\\\Machine\\\\Hardware\\\\DeviceMap\\\\Mine"));
  DbgPrint("%08x\\n", RtlCheckRegistryKey(99, L"Mine"));
  DbgPrint("%08x\\n", RtlCheckRegistryKey(RTL_REGISTRY_HANDLE, (PCWSTR)(ULONG_PTR)0x1238));`;
  assert.deepEqual(logOf(entry, after), [
    '2/44 %systemroot%\\a %None%',
    '00000000',
    '1/4 v',
    '00000000',
    '00000000',
    '00000000',
    'c000000d',
    'c0000008',
  ]);
});
