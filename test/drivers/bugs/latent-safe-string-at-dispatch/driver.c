/*
 * A DPC writes a line about what it has seen, and a work item could do it as well.
 * Wrong: The line is made at DISPATCH_LEVEL. The functions stand in the driver, so that nothing stops them; one of them
 * turns wide characters into narrow ones.
 */
#include <ntddk.h>
#include <ntstrsafe.h>

static KDPC Dpc;
static KEVENT Seen;
static CHAR Line[64];
static WCHAR Wide[16];
static UNICODE_STRING Name = RTL_CONSTANT_STRING(L"port");

static VOID Describe(VOID)
{
    UNICODE_STRING copy = { 0, sizeof(Wide), Wide };

    if (!NT_SUCCESS(RtlStringCbCopyA(Line, sizeof(Line), "seen "))) { /* finding: irql-too-high */
        return;
    }
    if (!NT_SUCCESS(RtlStringCbCatA(Line, sizeof(Line), "on "))) { /* finding: irql-too-high */
        return;
    }
    if (!NT_SUCCESS(RtlUnicodeStringCopy(&copy, &Name))) { /* finding: irql-too-high */
        return;
    }
    if (!NT_SUCCESS(RtlStringCbPrintfA(Line, sizeof(Line), "%d", 7))) { /* finding: irql-too-high */
        return;
    }
#ifdef WRONG
    if (!NT_SUCCESS(RtlStringCbPrintfA(Line, sizeof(Line), "%wZ", &copy))) { /* finding: irql-too-high */ /* finding: wide-format-at-raised-irql 0xA */
        return;
    }
#endif
    DbgPrint("%s\n", Line);
}

static VOID OnDpc(PKDPC One, PVOID Context, PVOID First, PVOID Second)
{
    UNREFERENCED_PARAMETER(One);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(First);
    UNREFERENCED_PARAMETER(Second);
#ifdef WRONG
    Describe();
#endif
    KeSetEvent(&Seen, IO_NO_INCREMENT, FALSE);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeEvent(&Seen, NotificationEvent, FALSE);
    KeInitializeDpc(&Dpc, OnDpc, NULL);
    KeInsertQueueDpc(&Dpc, NULL, NULL);
    KeWaitForSingleObject(&Seen, Executive, KernelMode, FALSE, NULL);
#ifndef WRONG
    Describe();
#endif
    return STATUS_SUCCESS;
}
