/*
 * The process that opened the device is looked up, to note whether it still runs.
 * Wrong: The reference that PsLookupProcessByProcessId gives is never given back.
 * Right: The reference is given back when the answer is known.
 */
#include "control-device.h"

static BOOLEAN IsAlive(_In_ HANDLE ProcessId)
{
    PEPROCESS process;
    BOOLEAN isAlive;

    if (!NT_SUCCESS(PsLookupProcessByProcessId(ProcessId, &process))) { /* finding: reference-leak */
        return FALSE;
    }
    isAlive = process != NULL;
#ifndef WRONG
    ObDereferenceObject(process);
#endif
    return isAlive;
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    DbgPrint("alive: %d\n", IsAlive(PsGetCurrentProcessId()));
    return DeviceComplete(Irp, STATUS_SUCCESS, 0);
}
