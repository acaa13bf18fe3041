/* Registry: keys made, opened, listed and deleted; values of every type; sizes that don't suffice; Rtl functions by path. */
#include "check.h"

static HANDLE Root;

static HANDLE Key(HANDLE Parent, PCWSTR Name, BOOLEAN Create, NTSTATUS Expected, ULONG Disposition)
{
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING name;
    HANDLE key = NULL;
    ULONG disposition = 0;
    NTSTATUS status;

    RtlInitUnicodeString(&name, Name);
    InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE, Parent, NULL);
    if (Create) {
        status = ZwCreateKey(&key, KEY_ALL_ACCESS, &attributes, 0, NULL, REG_OPTION_NON_VOLATILE, &disposition);
        EQUAL(disposition, Disposition);
    } else {
        status = ZwOpenKey(&key, KEY_ALL_ACCESS, &attributes);
    }
    EQUAL(status, Expected);
    return key;
}

static VOID Set(HANDLE AtKey, PCWSTR Name, ULONG Type, PVOID Data, ULONG Size)
{
    UNICODE_STRING name;

    RtlInitUnicodeString(&name, Name);
    RETURNS(ZwSetValueKey(AtKey, &name, 0, Type, Data, Size), STATUS_SUCCESS);
}

static VOID KeysAndValues(PUNICODE_STRING RegistryPath)
{
    UCHAR buffer[128];
    PKEY_VALUE_PARTIAL_INFORMATION partial = (PKEY_VALUE_PARTIAL_INFORMATION)buffer;
    PKEY_VALUE_BASIC_INFORMATION basic = (PKEY_VALUE_BASIC_INFORMATION)buffer;
    PKEY_VALUE_FULL_INFORMATION full = (PKEY_VALUE_FULL_INFORMATION)buffer;
    UNICODE_STRING number = RTL_CONSTANT_STRING(L"Number"), text = RTL_CONSTANT_STRING(L"text"), none = RTL_CONSTANT_STRING(L"None");
    OBJECT_ATTRIBUTES attributes;
    ULONG value = 0x1234, size = 0;
    HANDLE key;

    InitializeObjectAttributes(&attributes, RegistryPath, OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(ZwOpenKey(&Root, KEY_ALL_ACCESS, &attributes), STATUS_SUCCESS);
    Key(Root, L"Missing", FALSE, STATUS_OBJECT_NAME_NOT_FOUND, 0);
    key = Key(Root, L"Settings", TRUE, STATUS_SUCCESS, REG_CREATED_NEW_KEY);
    RETURNS(ZwClose(key), STATUS_SUCCESS);
    key = Key(Root, L"SETTINGS", TRUE, STATUS_SUCCESS, REG_OPENED_EXISTING_KEY);
    Set(key, L"Number", REG_DWORD, &value, sizeof(value));
    Set(key, L"Text", REG_SZ, L"hello", 12);
    Set(key, L"", REG_BINARY, "xyz", 3);

    RETURNS(ZwQueryValueKey(key, &number, KeyValuePartialInformation, buffer, sizeof(buffer), &size), STATUS_SUCCESS);
    EQUAL(size, FIELD_OFFSET(KEY_VALUE_PARTIAL_INFORMATION, Data) + 4);
    EQUAL(partial->Type, REG_DWORD);
    EQUAL(partial->DataLength, 4);
    EQUAL(*(PULONG)partial->Data, 0x1234);
    RETURNS(ZwQueryValueKey(key, &text, KeyValueBasicInformation, buffer, sizeof(buffer), &size), STATUS_SUCCESS);
    EQUAL(basic->Type, REG_SZ);
    EQUAL(basic->NameLength, 8);
    EQUAL(basic->Name[0], L'T');
    RETURNS(ZwQueryValueKey(key, &text, KeyValueFullInformation, buffer, sizeof(buffer), &size), STATUS_SUCCESS);
    EQUAL(full->DataLength, 12);
    EQUAL(((PWCHAR)(buffer + full->DataOffset))[4], L'o');
    RETURNS(ZwQueryValueKey(key, &none, KeyValuePartialInformation, buffer, sizeof(buffer), &size), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(ZwQueryValueKey(key, &text, KeyValuePartialInformation, NULL, 0, &size), STATUS_BUFFER_TOO_SMALL);
    EQUAL(size, FIELD_OFFSET(KEY_VALUE_PARTIAL_INFORMATION, Data) + 12);
    RETURNS(ZwQueryValueKey(key, &text, KeyValuePartialInformation, buffer, 16, &size), STATUS_BUFFER_OVERFLOW);
    EQUAL(partial->DataLength, 12);
    EQUAL(size, FIELD_OFFSET(KEY_VALUE_PARTIAL_INFORMATION, Data) + 12);
    value = 5;
    Set(key, L"number", REG_DWORD, &value, sizeof(value));
    RETURNS(ZwQueryValueKey(key, &number, KeyValuePartialInformation, buffer, sizeof(buffer), &size), STATUS_SUCCESS);
    EQUAL(*(PULONG)partial->Data, 5);
    RETURNS(ZwDeleteValueKey(key, &number), STATUS_SUCCESS);
    RETURNS(ZwDeleteValueKey(key, &number), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(ZwFlushKey(key), STATUS_SUCCESS);
    RETURNS(ZwClose(key), STATUS_SUCCESS);
}

static VOID Enumeration(VOID)
{
    UCHAR buffer[200];
    PKEY_BASIC_INFORMATION basic = (PKEY_BASIC_INFORMATION)buffer;
    PKEY_FULL_INFORMATION full = (PKEY_FULL_INFORMATION)buffer;
    PKEY_VALUE_BASIC_INFORMATION value = (PKEY_VALUE_BASIC_INFORMATION)buffer;
    HANDLE key = Key(Root, L"Settings", FALSE, STATUS_SUCCESS, 0);
    HANDLE first = Key(key, L"Alpha", TRUE, STATUS_SUCCESS, REG_CREATED_NEW_KEY);
    HANDLE second = Key(key, L"Beta", TRUE, STATUS_SUCCESS, REG_CREATED_NEW_KEY);
    ULONG size;

    RETURNS(ZwEnumerateKey(key, 0, KeyBasicInformation, buffer, sizeof(buffer), &size), STATUS_SUCCESS);
    EQUAL(basic->NameLength, 10);
    CHECK(basic->Name[0] == L'A');
    EQUAL(size, FIELD_OFFSET(KEY_BASIC_INFORMATION, Name) + 10);
    RETURNS(ZwEnumerateKey(key, 1, KeyBasicInformation, buffer, sizeof(buffer), &size), STATUS_SUCCESS);
    EQUAL(basic->NameLength, 8);
    RETURNS(ZwEnumerateKey(key, 2, KeyBasicInformation, buffer, sizeof(buffer), &size), STATUS_NO_MORE_ENTRIES);
    RETURNS(ZwEnumerateKey(key, 0, KeyBasicInformation, buffer, 4, &size), STATUS_BUFFER_TOO_SMALL);
    RETURNS(ZwEnumerateKey(key, 0, KeyBasicInformation, buffer, 20, &size), STATUS_BUFFER_OVERFLOW);
    RETURNS(ZwQueryKey(key, KeyFullInformation, buffer, sizeof(buffer), &size), STATUS_SUCCESS);
    EQUAL(full->SubKeys, 2);
    EQUAL(full->Values, 2);
    EQUAL(full->MaxNameLen, 10);
    EQUAL(full->MaxValueNameLen, 8);
    EQUAL(full->MaxValueDataLen, 12);
    RETURNS(ZwEnumerateValueKey(key, 0, KeyValueBasicInformation, buffer, sizeof(buffer), &size), STATUS_SUCCESS);
    EQUAL(value->Type, REG_SZ);
    RETURNS(ZwEnumerateValueKey(key, 2, KeyValueBasicInformation, buffer, sizeof(buffer), &size), STATUS_NO_MORE_ENTRIES);
    RETURNS(ZwDeleteKey(key), STATUS_CANNOT_DELETE);
    RETURNS(ZwDeleteKey(first), STATUS_SUCCESS);
    RETURNS(ZwDeleteKey(second), STATUS_SUCCESS);
    RETURNS(ZwQueryKey(first, KeyBasicInformation, buffer, sizeof(buffer), &size), STATUS_KEY_DELETED);
    ZwClose(first);
    ZwClose(second);
    RETURNS(ZwDeleteKey(key), STATUS_SUCCESS);
    ZwClose(key);
    Key(Root, L"Settings", FALSE, STATUS_OBJECT_NAME_NOT_FOUND, 0);
    Key(Root, L"Not\\There", FALSE, STATUS_OBJECT_NAME_NOT_FOUND, 0);
}

static RTL_QUERY_REGISTRY_ROUTINE OnValue;
static ULONG Seen, SeenType, SeenSize;

static NTSTATUS OnValue(PWSTR Name, ULONG Type, PVOID Data, ULONG Size, PVOID Context, PVOID EntryContext)
{
    UNREFERENCED_PARAMETER(Name);
    UNREFERENCED_PARAMETER(Data);
    UNREFERENCED_PARAMETER(EntryContext);
    (*(PULONG)Context)++;
    SeenType = Type;
    SeenSize = Size;
    return STATUS_SUCCESS;
}

static VOID RtlFunctions(PUNICODE_STRING RegistryPath)
{
    RTL_QUERY_REGISTRY_TABLE table[4] = { 0 };
    ULONG number = 0, fallback = 77, other = 0, stored = 9;
    UNICODE_STRING text = { 0 };
    WCHAR room[16];
    WCHAR path[128];

    RETURNS(RtlStringCbCopyUnicodeString(path, sizeof(path), RegistryPath), STATUS_SUCCESS);
    RETURNS(RtlCheckRegistryKey(RTL_REGISTRY_ABSOLUTE, path), STATUS_SUCCESS);
    RETURNS(RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, L"NoSuchService"), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(RtlCreateRegistryKey(RTL_REGISTRY_SERVICES, L"NoSuchService"), STATUS_SUCCESS);
    RETURNS(RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, L"NoSuchService"), STATUS_SUCCESS);
    RETURNS(RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L"NoSuchService", L"Stored", REG_DWORD, &stored, 4), STATUS_SUCCESS);
    RETURNS(RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L"NoSuchService", L"Text", REG_SZ, L"abc", 8), STATUS_SUCCESS);
    table[0].Flags = RTL_QUERY_REGISTRY_DIRECT | RTL_QUERY_REGISTRY_REQUIRED | RTL_QUERY_REGISTRY_TYPECHECK;
    table[0].Name = L"Stored";
    table[0].EntryContext = &number;
    table[0].DefaultType = (REG_DWORD << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT) | REG_NONE;
    table[1].Flags = RTL_QUERY_REGISTRY_DIRECT | RTL_QUERY_REGISTRY_TYPECHECK;
    table[1].Name = L"Absent";
    table[1].EntryContext = &other;
    table[1].DefaultType = (REG_DWORD << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT) | REG_DWORD;
    table[1].DefaultData = &fallback;
    table[1].DefaultLength = sizeof(fallback);
    table[2].Flags = RTL_QUERY_REGISTRY_DIRECT | RTL_QUERY_REGISTRY_TYPECHECK;
    table[2].Name = L"Text";
    text.Buffer = room;
    text.MaximumLength = sizeof(room);
    table[2].EntryContext = &text;
    table[2].DefaultType = (REG_SZ << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT) | REG_NONE;
    RETURNS(RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"NoSuchService", table, NULL, NULL), STATUS_SUCCESS);
    EQUAL(number, 9);
    EQUAL(other, 77);
    EQUAL(text.Length, 6);
    EQUAL(room[2], L'c');
    RtlZeroMemory(table, sizeof(table));
    table[0].QueryRoutine = OnValue;
    table[0].Name = L"Text";
    RETURNS(RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"NoSuchService", table, &Seen, NULL), STATUS_SUCCESS);
    EQUAL(Seen, 1);
    EQUAL(SeenType, REG_SZ);
    EQUAL(SeenSize, 8);
    Seen = 0;
    table[0].Name = NULL;
    RETURNS(RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"NoSuchService", table, &Seen, NULL), STATUS_SUCCESS);
    EQUAL(Seen, 2);
    table[0].Name = L"Absent";
    table[0].Flags = RTL_QUERY_REGISTRY_REQUIRED;
    RETURNS(RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"NoSuchService", table, &Seen, NULL), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(RtlDeleteRegistryValue(RTL_REGISTRY_SERVICES, L"NoSuchService", L"Stored"), STATUS_SUCCESS);
    RETURNS(RtlDeleteRegistryValue(RTL_REGISTRY_SERVICES, L"NoSuchService", L"Stored"), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"NeverMade", table, &Seen, NULL), STATUS_OBJECT_NAME_NOT_FOUND);
}

#define WATCHED L"Watched"

static KEVENT WorkDone;

static VOID OnWork(PVOID Context)
{
    EQUAL(Context, &WorkDone);
    KeSetEvent(&WorkDone, IO_NO_INCREMENT, FALSE);
}

static VOID Change(PVOID Context)
{
    ULONG number = 5;

    UNREFERENCED_PARAMETER(Context);
    Pause(5);
    RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, WATCHED L"\\Below", L"Later", REG_DWORD, &number, sizeof(number));
    PsTerminateSystemThread(STATUS_SUCCESS);
}

/* A change of a key is told to who asked for it, once. */
static VOID Watches(VOID)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\" WATCHED);
    OBJECT_ATTRIBUTES attributes = RTL_CONSTANT_OBJECT_ATTRIBUTES(&name, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE);
    static IO_STATUS_BLOCK block;
    static WORK_QUEUE_ITEM item;
    HANDLE key = NULL, event = NULL;
    LARGE_INTEGER none = { .QuadPart = 0 };
    ULONG number = 5;
    PKTHREAD thread;

    KeInitializeEvent(&WorkDone, SynchronizationEvent, FALSE);
    RETURNS(ZwCreateKey(&key, KEY_ALL_ACCESS, &attributes, 0, NULL, 0, NULL), STATUS_SUCCESS);
    RETURNS(ZwCreateEvent(&event, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE), STATUS_SUCCESS);
    RETURNS(ZwNotifyChangeKey(key, event, NULL, NULL, &block, REG_NOTIFY_CHANGE_LAST_SET, FALSE, NULL, 0, TRUE),
        STATUS_PENDING);
    RtlCreateRegistryKey(RTL_REGISTRY_SERVICES, WATCHED L"\\Below");
    RETURNS(ZwWaitForSingleObject(event, FALSE, &none), STATUS_TIMEOUT);
    RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, WATCHED, L"Value", REG_DWORD, &number, sizeof(number));
    RETURNS(ZwWaitForSingleObject(event, FALSE, &none), STATUS_SUCCESS);
    RETURNS(block.Status, STATUS_SUCCESS);
    RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, WATCHED, L"Value", REG_DWORD, &number, sizeof(number));
    RETURNS(ZwWaitForSingleObject(event, FALSE, &none), STATUS_TIMEOUT);
    /* What changed in between is not lost. */
    RETURNS(ZwNotifyChangeKey(key, NULL, NULL, NULL, &block, REG_NOTIFY_CHANGE_LAST_SET, FALSE, NULL, 0, FALSE),
        STATUS_SUCCESS);
    ExInitializeWorkItem(&item, OnWork, &WorkDone);
    RETURNS(ZwNotifyChangeKey(key, NULL, (PIO_APC_ROUTINE)&item, (PVOID)(ULONG_PTR)DelayedWorkQueue, &block,
                REG_NOTIFY_CHANGE_LAST_SET, FALSE, NULL, 0, TRUE),
        STATUS_PENDING);
    RETURNS(RtlDeleteRegistryValue(RTL_REGISTRY_SERVICES, WATCHED, L"Value"), STATUS_SUCCESS);
    RETURNS(KeWaitForSingleObject(&WorkDone, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    RETURNS(ZwNotifyChangeKey(key, event, NULL, NULL, &block, REG_NOTIFY_CHANGE_LAST_SET, FALSE, NULL, 0, TRUE),
        STATUS_PENDING);
    ZwClose(key);
    RETURNS(ZwWaitForSingleObject(event, FALSE, &none), STATUS_SUCCESS);
    RETURNS(block.Status, STATUS_NOTIFY_CLEANUP);
    /* A thread that waits for a change below the key. */
    RETURNS(ZwOpenKey(&key, KEY_NOTIFY, &attributes), STATUS_SUCCESS);
    RETURNS(ZwNotifyChangeKey(key, NULL, NULL, NULL, &block, 0x80, TRUE, NULL, 0, FALSE), STATUS_INVALID_PARAMETER);
    thread = StartThread(Change, NULL);
    RETURNS(ZwNotifyChangeKey(key, NULL, NULL, NULL, &block, REG_NOTIFY_CHANGE_NAME | REG_NOTIFY_CHANGE_LAST_SET, TRUE,
                NULL, 0, FALSE),
        STATUS_SUCCESS);
    JoinThread(thread);
    ZwClose(key);
    ZwClose(event);
}

/* Drivers are loaded by their keys. */
static VOID Loading(PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING absent = RTL_CONSTANT_STRING(L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\NeverThere");

    RETURNS(ZwLoadDriver(RegistryPath), STATUS_IMAGE_ALREADY_LOADED);
    RETURNS(ZwLoadDriver(&absent), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(ZwUnloadDriver(&absent), STATUS_OBJECT_NAME_NOT_FOUND);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    HANDLE parameters = NULL;

    KeysAndValues(RegistryPath);
    Enumeration();
    ZwClose(Root);
    RtlFunctions(RegistryPath);
    Watches();
    Loading(RegistryPath);
    RETURNS(IoOpenDriverRegistryKey(DriverObject, DriverRegKeyParameters, KEY_READ, 0, &parameters), STATUS_SUCCESS);
    CHECK(parameters != NULL);
    ZwClose(parameters);
}
