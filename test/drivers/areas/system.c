/* Time, hashes and random numbers, exceptions, object handles, sections, callbacks, notify routines, tracing. */
#define WPP_CONTROL_GUIDS \
    WPP_DEFINE_CONTROL_GUID(AreaTrace, (81f2ca80, 1e26, 4e7a, a5c4, 8bb2d2b3a2b1), WPP_DEFINE_BIT(TRACE_AREA))
#include "check.h"
#include <aux_klib.h>
#include <bcrypt.h>
#include <TraceLoggingProvider.h>

TRACELOGGING_DEFINE_PROVIDER(Provider, "AreaProvider", (0x1a2b3c4d, 0x1111, 0x2222, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa));

static VOID Time(VOID)
{
    LARGE_INTEGER before, after, local, back, frequency;
    TIME_FIELDS fields;
    ULONG seconds, increment;
    ULONG64 interrupt = KeQueryInterruptTime(), precise, unbiased;

    KeQuerySystemTime(&before);
    Pause(100);
    KeQuerySystemTime(&after);
    CHECK(after.QuadPart - before.QuadPart >= 1000000);
    CHECK(KeQueryInterruptTime() - interrupt >= 1000000);
    KeQuerySystemTimePrecise(&after);
    CHECK(after.QuadPart > before.QuadPart);
    CHECK(KeQueryInterruptTimePrecise(&precise) >= interrupt);
    KeQueryPerformanceCounter(&frequency);
    CHECK(frequency.QuadPart > 0);
    CHECK(KeQueryPerformanceCounter(NULL).QuadPart > 0);
    interrupt = KeQueryInterruptTime();
    KeStallExecutionProcessor(50);
    CHECK(KeQueryInterruptTime() - interrupt >= 500);
    increment = KeQueryTimeIncrement();
    CHECK(increment >= 5000 && increment <= 200000);
    unbiased = KeQueryUnbiasedInterruptTime();
    CHECK(unbiased > 0);
    ExSystemTimeToLocalTime(&before, &local);
    ExLocalTimeToSystemTime(&local, &back);
    EQUAL(back.QuadPart, before.QuadPart);
    before.QuadPart = 116444736000000000LL;
    RtlTimeToTimeFields(&before, &fields);
    EQUAL(fields.Year, 1970);
    EQUAL(fields.Month, 1);
    EQUAL(fields.Day, 1);
    EQUAL(fields.Weekday, 4);
    EQUAL(fields.Hour, 0);
    CHECK(RtlTimeFieldsToTime(&fields, &after));
    EQUAL(after.QuadPart, before.QuadPart);
    fields.Month = 13;
    CHECK(!RtlTimeFieldsToTime(&fields, &after));
    CHECK(RtlTimeToSecondsSince1970(&before, &seconds));
    EQUAL(seconds, 0);
    RtlSecondsSince1970ToTime(86400, &after);
    EQUAL(after.QuadPart - before.QuadPart, 864000000000LL);
    CHECK(!RtlTimeToSecondsSince1980(&before, &seconds));
}

static VOID Hash(LPCWSTR Name, ULONG Flags, PUCHAR Key, ULONG KeySize, ULONG Size, UCHAR FirstByte, UCHAR LastByte)
{
    BCRYPT_ALG_HANDLE algorithm;
    BCRYPT_HASH_HANDLE hash;
    UCHAR digest[64];
    ULONG length = 0, got;

    RETURNS(BCryptOpenAlgorithmProvider(&algorithm, Name, NULL, Flags), STATUS_SUCCESS);
    RETURNS(BCryptGetProperty(algorithm, BCRYPT_HASH_LENGTH, (PUCHAR)&length, sizeof(length), &got, 0), STATUS_SUCCESS);
    EQUAL(length, Size);
    RETURNS(BCryptCreateHash(algorithm, &hash, NULL, 0, Key, KeySize, 0), STATUS_SUCCESS);
    RETURNS(BCryptHashData(hash, (PUCHAR)"a", 1, 0), STATUS_SUCCESS);
    RETURNS(BCryptHashData(hash, (PUCHAR)"bc", 2, 0), STATUS_SUCCESS);
    RETURNS(BCryptFinishHash(hash, digest, Size, 0), STATUS_SUCCESS);
    EQUAL(digest[0], FirstByte);
    EQUAL(digest[Size - 1], LastByte);
    RETURNS(BCryptDestroyHash(hash), STATUS_SUCCESS);
    RETURNS(BCryptCloseAlgorithmProvider(algorithm, 0), STATUS_SUCCESS);
}

static VOID Cryptography(VOID)
{
    BCRYPT_ALG_HANDLE algorithm;
    UCHAR one[16] = { 0 }, two[16] = { 0 };

    Hash(BCRYPT_SHA256_ALGORITHM, 0, NULL, 0, 32, 0xBA, 0xAD);
    Hash(BCRYPT_SHA1_ALGORITHM, 0, NULL, 0, 20, 0xA9, 0x9D);
    Hash(BCRYPT_MD5_ALGORITHM, 0, NULL, 0, 16, 0x90, 0x72);
    RETURNS(BCryptOpenAlgorithmProvider(&algorithm, L"NOSUCH", NULL, 0), STATUS_NOT_FOUND);
    RETURNS(BCryptGenRandom(NULL, one, sizeof(one), BCRYPT_USE_SYSTEM_PREFERRED_RNG), STATUS_SUCCESS);
    RETURNS(BCryptGenRandom(NULL, two, sizeof(two), BCRYPT_USE_SYSTEM_PREFERRED_RNG), STATUS_SUCCESS);
    CHECK(!RtlEqualMemory(one, two, sizeof(one)));
    RETURNS(BCryptGenRandom(NULL, one, sizeof(one), 0), STATUS_INVALID_HANDLE);
}

static LONG Filter(NTSTATUS Code, PNTSTATUS Seen)
{
    *Seen = Code;
    return EXCEPTION_EXECUTE_HANDLER;
}

static VOID Exceptions(VOID)
{
    NTSTATUS seen = 0;
    ULONG steps = 0;

    __try {
        __try {
            steps |= 1;
            ExRaiseStatus(STATUS_DISK_FULL);
            steps |= 2;
        } __finally {
            steps |= AbnormalTermination() ? 4 : 8;
        }
    } __except (Filter(GetExceptionCode(), &seen)) {
        steps |= 16;
    }
    EQUAL(steps, 21);
    RETURNS(seen, STATUS_DISK_FULL);
    RAISES(ExRaiseAccessViolation(), STATUS_ACCESS_VIOLATION);
    RAISES(ExRaiseDatatypeMisalignment(), STATUS_DATATYPE_MISALIGNMENT);
    RAISES(ProbeForRead((PVOID)0x1001, 4, 4), STATUS_DATATYPE_MISALIGNMENT);
    RAISES(ProbeForRead((PVOID)0xFFFF800000000000ULL, 4, 1), STATUS_ACCESS_VIOLATION);
    RAISES(ProbeForRead(NULL, 0, 1), STATUS_SUCCESS);
    steps = 0;
    __try {
        steps++;
    } __finally {
        steps += AbnormalTermination() ? 10 : 100;
    }
    EQUAL(steps, 101);
}

static CALLBACK_FUNCTION OnCallback;
static ULONG_PTR CallbackSum;

static VOID OnCallback(PVOID Context, PVOID Argument1, PVOID Argument2)
{
    CallbackSum = CallbackSum * 10 + (ULONG_PTR)Context + (ULONG_PTR)Argument1 + (ULONG_PTR)Argument2;
}

static VOID Callbacks(VOID)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Callback\\Area"), power = RTL_CONSTANT_STRING(L"\\Callback\\PowerState");
    OBJECT_ATTRIBUTES attributes;
    PCALLBACK_OBJECT object, same;
    PVOID first, second;

    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    RETURNS(ExCreateCallback(&object, &attributes, FALSE, TRUE), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(ExCreateCallback(&object, &attributes, TRUE, TRUE), STATUS_SUCCESS);
    RETURNS(ExCreateCallback(&same, &attributes, FALSE, TRUE), STATUS_SUCCESS);
    EQUAL(same, object);
    ObDereferenceObject(same);
    first = ExRegisterCallback(object, OnCallback, (PVOID)1);
    second = ExRegisterCallback(object, OnCallback, (PVOID)2);
    CHECK(first != NULL && second != NULL);
    ExNotifyCallback(object, (PVOID)0, (PVOID)0);
    EQUAL(CallbackSum, 12);
    ExUnregisterCallback(first);
    CallbackSum = 0;
    ExNotifyCallback(object, (PVOID)3, (PVOID)4);
    EQUAL(CallbackSum, 9);
    ExUnregisterCallback(second);
    ObDereferenceObject(object);
    InitializeObjectAttributes(&attributes, &power, OBJ_CASE_INSENSITIVE, NULL, NULL);
    RETURNS(ExCreateCallback(&object, &attributes, FALSE, TRUE), STATUS_SUCCESS);
    ObDereferenceObject(object);
}

static VOID OnProcess(HANDLE ParentId, HANDLE ProcessId, BOOLEAN Create)
{
    UNREFERENCED_PARAMETER(ParentId);
    UNREFERENCED_PARAMETER(ProcessId);
    UNREFERENCED_PARAMETER(Create);
}

static VOID OnThread(HANDLE ProcessId, HANDLE ThreadId, BOOLEAN Create)
{
    UNREFERENCED_PARAMETER(ProcessId);
    UNREFERENCED_PARAMETER(ThreadId);
    UNREFERENCED_PARAMETER(Create);
}

static KBUGCHECK_CALLBACK_ROUTINE OnBugCheck;

static VOID OnBugCheck(PVOID Buffer, ULONG Length)
{
    UNREFERENCED_PARAMETER(Buffer);
    UNREFERENCED_PARAMETER(Length);
}

static VOID Notifications(VOID)
{
    static KBUGCHECK_CALLBACK_RECORD record;
    UNICODE_STRING routine = RTL_CONSTANT_STRING(L"IoAllocateIrp"), none = RTL_CONSTANT_STRING(L"NoSuchRoutine");

    RETURNS(PsSetCreateProcessNotifyRoutine(OnProcess, FALSE), STATUS_SUCCESS);
    RETURNS(PsSetCreateProcessNotifyRoutine(OnProcess, FALSE), STATUS_INVALID_PARAMETER);
    RETURNS(PsSetCreateProcessNotifyRoutine(OnProcess, TRUE), STATUS_SUCCESS);
    RETURNS(PsSetCreateProcessNotifyRoutine(OnProcess, TRUE), STATUS_PROCEDURE_NOT_FOUND);
    RETURNS(PsSetCreateThreadNotifyRoutine(OnThread), STATUS_SUCCESS);
    RETURNS(PsRemoveCreateThreadNotifyRoutine(OnThread), STATUS_SUCCESS);
    RETURNS(PsRemoveCreateThreadNotifyRoutine(OnThread), STATUS_PROCEDURE_NOT_FOUND);
    KeInitializeCallbackRecord(&record);
    CHECK(KeRegisterBugCheckCallback(&record, OnBugCheck, NULL, 0, (PUCHAR)"Area"));
    CHECK(!KeRegisterBugCheckCallback(&record, OnBugCheck, NULL, 0, (PUCHAR)"Area"));
    CHECK(KeDeregisterBugCheckCallback(&record));
    CHECK(!KeDeregisterBugCheckCallback(&record));
    CHECK(MmGetSystemRoutineAddress(&routine) != NULL);
    EQUAL(MmGetSystemRoutineAddress(&none), NULL);
    EQUAL(ObGetFilterVersion(), OB_FLT_REGISTRATION_VERSION);
}

static VOID InSystemSpace(HANDLE Handle)
{
    PVOID section = NULL, first = NULL, second = NULL;
    SIZE_T size = 0;

    ObReferenceObjectByHandle(Handle, SECTION_MAP_READ, NULL, KernelMode, &section, NULL);
    RETURNS(MmMapViewInSystemSpace(section, &first, &size), STATUS_SUCCESS);
    CHECK(first != NULL && size >= PAGE_SIZE);
    size = 0;
    RETURNS(MmMapViewInSystemSpace(section, &second, &size), STATUS_SUCCESS);
    *(PULONG)first = 11;
    EQUAL(*(PULONG)second, 11);
    RETURNS(MmUnmapViewInSystemSpace(first), STATUS_SUCCESS);
    RETURNS(MmUnmapViewInSystemSpace(second), STATUS_SUCCESS);
    RETURNS(MmUnmapViewInSystemSpace(second), STATUS_NOT_MAPPED_VIEW);
    ObDereferenceObject(section);
}

/* What Windows declines to map, and to make. */
static NTSTATUS Map(HANDLE Section, LONGLONG Offset, SECTION_INHERIT Inherit, ULONG Protection)
{
    LARGE_INTEGER offset;
    PVOID base = NULL;
    SIZE_T size = 0;

    offset.QuadPart = Offset;
    return ZwMapViewOfSection(Section, NtCurrentProcess(), &base, 0, 0, &offset, &size, Inherit, 0, Protection);
}

static VOID NotMapped(HANDLE Section)
{
    RETURNS(Map(Section, 0, (SECTION_INHERIT)0, PAGE_READWRITE), STATUS_INVALID_PARAMETER_8);
    RETURNS(Map(Section, 1, ViewUnmap, PAGE_READWRITE), STATUS_MAPPED_ALIGNMENT);
    RETURNS(Map(Section, PAGE_SIZE, ViewUnmap, PAGE_READWRITE), STATUS_MAPPED_ALIGNMENT);
    RETURNS(Map(Section, 0, ViewUnmap, 0), STATUS_INVALID_PAGE_PROTECTION);
    RETURNS(Map(Section, 0, ViewUnmap, PAGE_EXECUTE_READ), STATUS_SECTION_PROTECTION);
    RETURNS(Map((HANDLE)0x7ffc, 0, ViewUnmap, PAGE_READWRITE), STATUS_INVALID_HANDLE);
}

static VOID NotMade(POBJECT_ATTRIBUTES Attributes)
{
    LARGE_INTEGER size;
    HANDLE section;

    size.QuadPart = 5000;
    RETURNS(ZwCreateSection(&section, SECTION_ALL_ACCESS, Attributes, NULL, PAGE_READWRITE, SEC_COMMIT, NULL),
        STATUS_INVALID_PARAMETER_4);
    RETURNS(ZwCreateSection(&section, SECTION_ALL_ACCESS, Attributes, &size, PAGE_NOACCESS, SEC_COMMIT, NULL),
        STATUS_INVALID_PAGE_PROTECTION);
    RETURNS(ZwCreateSection(&section, SECTION_ALL_ACCESS, Attributes, &size, PAGE_READWRITE, 0, NULL),
        STATUS_INVALID_PARAMETER_6);
    RETURNS(ZwCreateSection(&section, SECTION_ALL_ACCESS, Attributes, &size, PAGE_READONLY, SEC_IMAGE, NULL),
        STATUS_INVALID_FILE_FOR_SECTION);
}

static VOID Sections(VOID)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\BaseNamedObjects\\AreaSection");
    OBJECT_ATTRIBUTES attributes;
    LARGE_INTEGER size;
    HANDLE section, again;
    PUCHAR first = NULL, second = NULL;
    SIZE_T view = 0;

    InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE, NULL, NULL);
    size.QuadPart = 5000;
    RETURNS(ZwOpenSection(&section, SECTION_ALL_ACCESS, &attributes), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(ZwCreateSection(&section, SECTION_ALL_ACCESS, &attributes, &size, PAGE_READWRITE, SEC_COMMIT, NULL), STATUS_SUCCESS);
    RETURNS(ZwOpenSection(&again, SECTION_ALL_ACCESS, &attributes), STATUS_SUCCESS);
    RETURNS(ZwMapViewOfSection(section, ZwCurrentProcess(), (PVOID *)&first, 0, 0, NULL, &view, ViewUnmap, 0, PAGE_READWRITE), STATUS_SUCCESS);
    EQUAL(view, 2 * PAGE_SIZE);
    EQUAL(first[0], 0);
    view = 0;
    RETURNS(ZwMapViewOfSection(again, ZwCurrentProcess(), (PVOID *)&second, 0, 0, NULL, &view, ViewUnmap, 0, PAGE_READWRITE), STATUS_SUCCESS);
    first[4999] = 7;
    EQUAL(second[4999], 7);
    RETURNS(ZwUnmapViewOfSection(ZwCurrentProcess(), first), STATUS_SUCCESS);
    RETURNS(ZwUnmapViewOfSection(ZwCurrentProcess(), second), STATUS_SUCCESS);
    RETURNS(ZwUnmapViewOfSection(ZwCurrentProcess(), second), STATUS_NOT_MAPPED_VIEW);
    RETURNS(ZwClose(again), STATUS_SUCCESS);
    InSystemSpace(section);
    NotMapped(section);
    RETURNS(ZwClose(section), STATUS_SUCCESS);
    NotMade(&attributes);
}

/* What is loaded, by the auxiliary library. */
static VOID Modules(VOID)
{
    ULONG size = 0, small = 8;
    PAUX_MODULE_EXTENDED_INFO modules;
    KBUGCHECK_DATA data = { 0 };

    RETURNS(AuxKlibInitialize(), STATUS_SUCCESS);
    RETURNS(AuxKlibQueryModuleInformation(&size, sizeof(AUX_MODULE_EXTENDED_INFO), NULL), STATUS_SUCCESS);
    CHECK(size >= sizeof(*modules) && size % sizeof(*modules) == 0);
    modules = ExAllocatePoolWithTag(PagedPool, size, CHECK_TAG);
    RETURNS(AuxKlibQueryModuleInformation(&small, sizeof(*modules), modules), STATUS_BUFFER_TOO_SMALL);
    EQUAL(small, size);
    RETURNS(AuxKlibQueryModuleInformation(&size, sizeof(*modules), modules), STATUS_SUCCESS);
    CHECK(modules->BasicInfo.ImageBase != NULL && modules->ImageSize != 0);
    CHECK(_stricmp((PCSTR)modules->FullPathName + modules->FileNameOffset, "ntoskrnl.exe") == 0);
    ExFreePoolWithTag(modules, CHECK_TAG);
    RETURNS(AuxKlibGetBugCheckData(&data), STATUS_INFO_LENGTH_MISMATCH);
    data.BugCheckDataSize = sizeof(data);
    RETURNS(AuxKlibGetBugCheckData(&data), STATUS_SUCCESS);
    EQUAL(data.BugCheckCode, 0);
}

static VOID PowerRequests(PDRIVER_OBJECT DriverObject)
{
    COUNTED_REASON_CONTEXT reason = { 0 };
    PDEVICE_OBJECT device = NULL;
    PVOID request = &reason;

    reason.Version = DIAGNOSTIC_REASON_VERSION;
    reason.Flags = DIAGNOSTIC_REASON_SIMPLE_STRING;
    RtlInitUnicodeString(&reason.SimpleString, L"A transfer is under way");
    RETURNS(PoCreatePowerRequest(&request, NULL, &reason), STATUS_INVALID_PARAMETER);
    EQUAL(request, NULL);
    RETURNS(IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device), STATUS_SUCCESS);
    RETURNS(PoCreatePowerRequest(&request, device, &reason), STATUS_SUCCESS);
    RETURNS(PoSetPowerRequest(request, PowerRequestSystemRequired), STATUS_SUCCESS);
    RETURNS(PoSetPowerRequest(request, (POWER_REQUEST_TYPE)99), STATUS_INVALID_PARAMETER);
    RETURNS(PoClearPowerRequest(request, PowerRequestSystemRequired), STATUS_SUCCESS);
    PoDeletePowerRequest(request);
    IoDeleteDevice(device);
}

static VOID Tracing(VOID)
{
    RETURNS(TraceLoggingRegister(Provider), STATUS_SUCCESS);
    TraceLoggingWrite(Provider, "Event", TraceLoggingValue(42, "Number"), TraceLoggingString("text", "Text"),
                      TraceLoggingLevel(4), TraceLoggingHexUInt32(255, "Hex"));
    TraceLoggingUnregister(Provider);
    CHECK(TRUE);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Time();
    Cryptography();
    Exceptions();
    Callbacks();
    Notifications();
    Sections();
    Modules();
    PowerRequests(DriverObject);
    Tracing();
}
