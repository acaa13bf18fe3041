/*
 * Functions that Windows exports and no header of the WDK declares: drivers write the prototypes themselves. Checked is
 * what people rely on: sizes first, then lists that lead from entry to entry, names of images and of driver objects.
 */
#include "check.h"

#define LIST_OF_PROCESSES 5
#define LIST_OF_MODULES 11

typedef struct _PROCESS_ENTRY {
    ULONG NextEntryOffset;
    ULONG NumberOfThreads;
    UCHAR Reserved[48];
    UNICODE_STRING ImageName;
    KPRIORITY BasePriority;
    HANDLE UniqueProcessId;
    HANDLE InheritedFromUniqueProcessId;
} PROCESS_ENTRY;

NTSYSAPI NTSTATUS NTAPI ZwQuerySystemInformation(ULONG Class, PVOID Information, ULONG Length, PULONG Needed);
NTSYSAPI NTSTATUS NTAPI ZwQueryInformationProcess(HANDLE Process, PROCESSINFOCLASS Class, PVOID Information,
                                                  ULONG Length, PULONG Needed);
NTKERNELAPI PUCHAR NTAPI PsGetProcessImageFileName(PEPROCESS Process);
NTKERNELAPI HANDLE NTAPI PsGetProcessInheritedFromUniqueProcessId(PEPROCESS Process);
NTKERNELAPI NTSTATUS NTAPI ObReferenceObjectByName(PUNICODE_STRING Name, ULONG Attributes, PACCESS_STATE AccessState,
                                                   ACCESS_MASK Access, POBJECT_TYPE Type, KPROCESSOR_MODE Mode,
                                                   PVOID ParseContext, PVOID *Object);
NTKERNELAPI NTSTATUS NTAPI MmCopyVirtualMemory(PEPROCESS Source, PVOID From, PEPROCESS Target, PVOID To, SIZE_T Length,
                                               KPROCESSOR_MODE Mode, PSIZE_T Copied);
extern POBJECT_TYPE *IoDriverObjectType;
extern POBJECT_TYPE *IoDeviceObjectType;

static VOID CheckLists(VOID)
{
    ULONG needed = 0, modules = 0, found = 0;
    PVOID list;

    RETURNS(ZwQuerySystemInformation(LIST_OF_MODULES, NULL, 0, &needed), STATUS_INFO_LENGTH_MISMATCH);
    CHECK(needed > sizeof(ULONG));
    list = ExAllocatePool2(POOL_FLAG_PAGED, needed, CHECK_TAG);
    RETURNS(ZwQuerySystemInformation(LIST_OF_MODULES, list, needed, NULL), STATUS_SUCCESS);
    modules = *(PULONG)list;
    CHECK(modules >= 1);
    ExFreePoolWithTag(list, CHECK_TAG);

    RETURNS(ZwQuerySystemInformation(LIST_OF_PROCESSES, NULL, 0, &needed), STATUS_INFO_LENGTH_MISMATCH);
    needed += 0x1000;
    list = ExAllocatePool2(POOL_FLAG_PAGED, needed, CHECK_TAG);
    RETURNS(ZwQuerySystemInformation(LIST_OF_PROCESSES, list, needed, &needed), STATUS_SUCCESS);
    for (PROCESS_ENTRY *entry = list;;) {
        UNICODE_STRING name = RTL_CONSTANT_STRING(L"System");

        if (entry->UniqueProcessId == (HANDLE)4) {
            found++;
            CHECK(RtlEqualUnicodeString(&entry->ImageName, &name, TRUE));
            CHECK(entry->NumberOfThreads >= 1);
        }
        if (entry->NextEntryOffset == 0) {
            break;
        }
        entry = (PROCESS_ENTRY *)((PUCHAR)entry + entry->NextEntryOffset);
    }
    EQUAL(found, 1);
    ExFreePoolWithTag(list, CHECK_TAG);
    RETURNS(ZwQuerySystemInformation(0x7777, NULL, 0, &needed), STATUS_INVALID_INFO_CLASS);
}

static VOID CheckProcess(VOID)
{
    PROCESS_BASIC_INFORMATION basic;
    ULONG needed = 0;
    CHAR from[] = "copied", to[sizeof(from)];
    SIZE_T copied = 0;

    RETURNS(ZwQueryInformationProcess(ZwCurrentProcess(), ProcessBasicInformation, &basic, sizeof(basic), &needed),
            STATUS_SUCCESS);
    EQUAL(needed, sizeof(basic));
    EQUAL(basic.UniqueProcessId, 4);
    RETURNS(ZwQueryInformationProcess(ZwCurrentProcess(), ProcessBasicInformation, &basic, 4, &needed),
            STATUS_INFO_LENGTH_MISMATCH);
    CHECK(strcmp((PCSTR)PsGetProcessImageFileName(PsGetCurrentProcess()), "System") == 0);
    EQUAL(PsGetProcessInheritedFromUniqueProcessId(PsGetCurrentProcess()), 0);
    RETURNS(MmCopyVirtualMemory(PsGetCurrentProcess(), from, PsGetCurrentProcess(), to, sizeof(from), KernelMode,
                                &copied),
            STATUS_SUCCESS);
    EQUAL(copied, sizeof(from));
    CHECK(strcmp(to, "copied") == 0);
}

/* The entry of a driver in the list of loaded modules, as far as drivers look at it. */
typedef struct _MODULE_ENTRY {
    LIST_ENTRY InLoadOrderLinks;
    PVOID Reserved[4];
    PVOID DllBase;
    PVOID EntryPoint;
    ULONG SizeOfImage;
    UNICODE_STRING FullDllName;
    UNICODE_STRING BaseDllName;
    ULONG Flags;
} MODULE_ENTRY;

static VOID CheckImage(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING hardware = RTL_CONSTANT_STRING(L"\\REGISTRY\\MACHINE\\HARDWARE\\DESCRIPTION\\SYSTEM");
    MODULE_ENTRY *entry = DriverObject->DriverSection;
    PUCHAR start = DriverObject->DriverStart;

    CHECK((PUCHAR)(ULONG_PTR)DriverEntry >= start && (PUCHAR)(ULONG_PTR)DriverEntry < start + DriverObject->DriverSize);
    EQUAL(entry->DllBase, start);
    EQUAL(entry->SizeOfImage, DriverObject->DriverSize);
    EQUAL((ULONG_PTR)entry->EntryPoint, (ULONG_PTR)DriverObject->DriverInit);
    CHECK(entry->BaseDllName.Length > 8 && entry->BaseDllName.Length < entry->FullDllName.Length);
    entry->Flags |= 0x20;
    CHECK(RtlEqualUnicodeString(DriverObject->HardwareDatabase, &hardware, TRUE));
    EQUAL(DriverObject->DriverExtension->ServiceKeyName.Length, DriverObject->DriverName.Length - 8 * sizeof(WCHAR));
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING missing = RTL_CONSTANT_STRING(L"\\Driver\\NobodyHasThisName");
    PVOID object = NULL;

    UNREFERENCED_PARAMETER(RegistryPath);
    CheckLists();
    CheckProcess();
    CheckImage(DriverObject);
    RETURNS(ObReferenceObjectByName(&missing, OBJ_CASE_INSENSITIVE, NULL, 0, *IoDriverObjectType, KernelMode, NULL,
                                    &object),
            STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(ObReferenceObjectByName(&DriverObject->DriverName, OBJ_CASE_INSENSITIVE, NULL, 0, *IoDeviceObjectType,
                                    KernelMode, NULL, &object),
            STATUS_OBJECT_TYPE_MISMATCH);
    RETURNS(ObReferenceObjectByName(&DriverObject->DriverName, OBJ_CASE_INSENSITIVE, NULL, 0, *IoDriverObjectType,
                                    KernelMode, NULL, &object),
            STATUS_SUCCESS);
    EQUAL(object, DriverObject);
    ObDereferenceObject(object);
}
