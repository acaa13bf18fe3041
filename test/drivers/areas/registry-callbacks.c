/* Filters of the registry: in which order they hear of what, what they may refuse, and their notes at key objects. */
#include "check.h"

#define PATH L"\\Registry\\Machine\\Software\\AreaFilters"

typedef struct _HEARD {
    LONG Altitude;
    REG_NOTIFY_CLASS Class;
} HEARD;

static HEARD Heard[64];
static ULONG HeardCount, Cleaned;
static REG_NOTIFY_CLASS RefusedClass = MaxRegNtNotifyClass;
static NTSTATUS RefusedStatus;
static LARGE_INTEGER High, Low;
static PVOID KeyObject;
static NTSTATUS PostStatus;
static PVOID PostObject;
static WCHAR KeyName[128];
static ULONG DataSize;

static EX_CALLBACK_FUNCTION Filter;

static NTSTATUS Filter(PVOID Context, PVOID Argument1, PVOID Argument2)
{
    REG_NOTIFY_CLASS class = (REG_NOTIFY_CLASS)(ULONG_PTR)Argument1;
    LONG altitude = (LONG)(LONG_PTR)Context;

    if (class == RegNtCallbackObjectContextCleanup) {
        PREG_CALLBACK_CONTEXT_CLEANUP_INFORMATION info = Argument2;

        Cleaned++;
        EQUAL(info->ObjectContext, 77);
        return STATUS_SUCCESS;
    }
    if (HeardCount < ARRAYSIZE(Heard)) {
        Heard[HeardCount].Altitude = altitude;
        Heard[HeardCount++].Class = class;
    }
    if (class == RegNtPreSetValueKey) {
        PREG_SET_VALUE_KEY_INFORMATION info = Argument2;

        DataSize = info->DataSize;
        info->CallContext = (PVOID)(LONG_PTR)(1000 + altitude);
    }
    if (class == RegNtPostSetValueKey) {
        PREG_POST_OPERATION_INFORMATION info = Argument2;

        PostStatus = info->Status;
        EQUAL(info->CallContext, 1000 + altitude);
        EQUAL(((PREG_SET_VALUE_KEY_INFORMATION)info->PreInformation)->Object, info->Object);
    }
    if (class == RegNtPostCreateKeyEx && altitude == 1) {
        PREG_POST_OPERATION_INFORMATION info = Argument2;
        PCUNICODE_STRING name = NULL;
        ULONG_PTR id = 0;
        PVOID before = (PVOID)1;

        PostObject = info->Object;
        KeyObject = info->Object;
        RETURNS(CmCallbackGetKeyObjectID(&Low, info->Object, &id, &name), STATUS_SUCCESS);
        CHECK(id != 0);
        RtlStringCbCopyNW(KeyName, sizeof(KeyName), name->Buffer, name->Length);
        RETURNS(CmSetCallbackObjectContext(info->Object, &Low, (PVOID)77, &before), STATUS_SUCCESS);
        EQUAL(before, NULL);
    }
    if (class == RegNtPreQueryValueKey && altitude == 1) {
        EQUAL(((PREG_QUERY_VALUE_KEY_INFORMATION)Argument2)->ObjectContext, 77);
    }
    return class == RefusedClass && altitude == 1 ? RefusedStatus : STATUS_SUCCESS;
}

static BOOLEAN Hears(ULONG At, LONG Altitude, REG_NOTIFY_CLASS Class)
{
    return At < HeardCount && Heard[At].Altitude == Altitude && Heard[At].Class == Class;
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING path = RTL_CONSTANT_STRING(PATH), deep = RTL_CONSTANT_STRING(PATH L"\\No\\Deeper");
    UNICODE_STRING value = RTL_CONSTANT_STRING(L"Value"), altitude = RTL_CONSTANT_STRING(L"1000.5");
    UNICODE_STRING lower = RTL_CONSTANT_STRING(L"500"), bad = RTL_CONSTANT_STRING(L"high");
    OBJECT_ATTRIBUTES attributes;
    HANDLE key = NULL;
    ULONG data = 5, disposition = 0, length = 0, major = 0, minor = 0;
    UCHAR buffer[64];
    LARGE_INTEGER none;

    UNREFERENCED_PARAMETER(RegistryPath);
    CmGetCallbackVersion(&major, &minor);
    EQUAL(major, 1);
    EQUAL(minor, 1);
    InitializeObjectAttributes(&attributes, &deep, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(ZwCreateKey(&key, KEY_ALL_ACCESS, &attributes, 0, NULL, 0, NULL), STATUS_OBJECT_NAME_NOT_FOUND);

    RETURNS(CmRegisterCallbackEx(Filter, &bad, DriverObject, NULL, &High, NULL), STATUS_INVALID_PARAMETER);
    RETURNS(CmRegisterCallbackEx(Filter, &lower, DriverObject, (PVOID)1, &Low, NULL), STATUS_SUCCESS);
    RETURNS(CmRegisterCallbackEx(Filter, &altitude, DriverObject, (PVOID)2, &High, NULL), STATUS_SUCCESS);
    RETURNS(CmRegisterCallbackEx(Filter, &altitude, DriverObject, NULL, &none, NULL), (NTSTATUS)0xC01C0011);

    InitializeObjectAttributes(&attributes, &path, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(ZwCreateKey(&key, KEY_ALL_ACCESS, &attributes, 0, NULL, 0, &disposition), STATUS_SUCCESS);
    EQUAL(disposition, REG_CREATED_NEW_KEY);
    CHECK(PostObject != NULL);
    EQUAL(wcscmp(KeyName, L"\\REGISTRY\\MACHINE\\SOFTWARE\\AreaFilters"), 0);
    /* From the highest altitude down before, and up again after. */
    CHECK(Hears(0, 2, RegNtPreCreateKeyEx));
    CHECK(Hears(1, 1, RegNtPreCreateKeyEx));
    CHECK(Hears(2, 1, RegNtPostCreateKeyEx));
    CHECK(Hears(3, 2, RegNtPostCreateKeyEx));
    EQUAL(HeardCount, 4);

    RETURNS(ZwSetValueKey(key, &value, 0, REG_DWORD, &data, sizeof(data)), STATUS_SUCCESS);
    EQUAL(DataSize, sizeof(data));
    EQUAL(PostStatus, STATUS_SUCCESS);
    RETURNS(ZwQueryValueKey(key, &value, KeyValuePartialInformation, buffer, sizeof(buffer), &length), STATUS_SUCCESS);
    EQUAL(*(PULONG)((PKEY_VALUE_PARTIAL_INFORMATION)buffer)->Data, 5);

    /* The lower one refuses: the higher one is told so, it is not. */
    HeardCount = 0;
    RefusedClass = RegNtPreSetValueKey;
    RefusedStatus = STATUS_ACCESS_DENIED;
    data = 6;
    RETURNS(ZwSetValueKey(key, &value, 0, REG_DWORD, &data, sizeof(data)), STATUS_ACCESS_DENIED);
    EQUAL(PostStatus, STATUS_ACCESS_DENIED);
    CHECK(Hears(0, 2, RegNtPreSetValueKey));
    CHECK(Hears(1, 1, RegNtPreSetValueKey));
    CHECK(Hears(2, 2, RegNtPostSetValueKey));
    EQUAL(HeardCount, 3);

    /* The filter has done it itself: the caller hears of success, and the value is the old one. */
    RefusedStatus = STATUS_CALLBACK_BYPASS;
    RETURNS(ZwSetValueKey(key, &value, 0, REG_DWORD, &data, sizeof(data)), STATUS_SUCCESS);
    RefusedClass = MaxRegNtNotifyClass;
    RETURNS(ZwQueryValueKey(key, &value, KeyValuePartialInformation, buffer, sizeof(buffer), &length), STATUS_SUCCESS);
    EQUAL(*(PULONG)((PKEY_VALUE_PARTIAL_INFORMATION)buffer)->Data, 5);

    HeardCount = 0;
    RETURNS(ZwDeleteValueKey(key, &value), STATUS_SUCCESS);
    CHECK(Hears(0, 2, RegNtPreDeleteValueKey));
    RETURNS(ZwQueryKey(key, KeyNameInformation, buffer, 0, &length), STATUS_BUFFER_TOO_SMALL);
    CHECK(Hears(4, 2, RegNtPreQueryKey));
    RETURNS(ZwDeleteKey(key), STATUS_SUCCESS);
    CHECK(Hears(8, 2, RegNtPreDeleteKey));
    EQUAL(Cleaned, 0);
    RETURNS(ZwClose(key), STATUS_SUCCESS);
    CHECK(Hears(12, 2, RegNtPreKeyHandleClose));
    CHECK(Hears(15, 2, RegNtPostKeyHandleClose));
    EQUAL(Cleaned, 1);

    RETURNS(CmUnRegisterCallback(High), STATUS_SUCCESS);
    RETURNS(CmUnRegisterCallback(High), STATUS_INVALID_PARAMETER);
    RETURNS(CmUnRegisterCallback(Low), STATUS_SUCCESS);
    HeardCount = 0;
    RETURNS(ZwOpenKey(&key, KEY_READ, &attributes), STATUS_OBJECT_NAME_NOT_FOUND);
    EQUAL(HeardCount, 0);
    RETURNS(CmRegisterCallback(Filter, (PVOID)3, &Low), STATUS_SUCCESS);
    RETURNS(ZwOpenKey(&key, KEY_READ, &attributes), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK(Hears(1, 3, RegNtPostOpenKeyEx));
    RETURNS(CmUnRegisterCallback(Low), STATUS_SUCCESS);
}
