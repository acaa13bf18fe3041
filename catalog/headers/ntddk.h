/* wdm.h and what only ntddk.h adds. */
#pragma once
#define _NTDDK_

#include <wdm.h>
#include <wdm_tables.h>
#include <wdm_hash_tables.h>
#include <wdm_bit_runs.h>
#include <wdm_text.h>
#include <wdm_processes.h>

_IRQL_requires_max_(APC_LEVEL)
NTKERNELAPI BOOLEAN NTAPI IoRaiseInformationalHardError(_In_ NTSTATUS ErrorStatus, _In_opt_ PUNICODE_STRING String,
                                                        _In_opt_ PKTHREAD Thread);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTKERNELAPI LONG NTAPI KeSetBasePriorityThread(_Inout_ PKTHREAD Thread, _In_ LONG Increment);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTKERNELAPI NTSTATUS NTAPI ExUuidCreate(_Out_ GUID *Uuid);
