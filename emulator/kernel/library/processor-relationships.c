/* Which processors share what: one processor with one core, node, package, group and cache. */
#include <ntddk.h>

#include "ki.h"

/* Appends a record where there is room for it; Length counts either way. */
static VOID Append(PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX Record, ULONG Size, PVOID Information, ULONG Room,
                   PULONG Length) {
  Record->Size = Size;
  if (Information != NULL && *Length + Size <= Room) RtlCopyMemory((PUCHAR)Information + *Length, Record, Size);
  *Length += Size;
}

NTSTATUS KeQueryLogicalProcessorRelationship(PPROCESSOR_NUMBER ProcessorNumber,
                                             LOGICAL_PROCESSOR_RELATIONSHIP RelationshipType,
                                             PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX Information, PULONG Length) {
  KiCheckCaller(__func__);
  static const LOGICAL_PROCESSOR_RELATIONSHIP All[] = {RelationNumaNode, RelationGroup, RelationProcessorPackage,
                                                       RelationProcessorCore, RelationCache};
  ULONG Room = *Length;
  ULONG Needed = 0;
  if (ProcessorNumber != NULL &&
      (ProcessorNumber->Group != 0 || ProcessorNumber->Number != 0 || ProcessorNumber->Reserved != 0))
    return STATUS_INVALID_PARAMETER;
  for (ULONG I = 0; I < RTL_NUMBER_OF(All); I++) {
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX Record = {0};
    const ULONG Head = FIELD_OFFSET(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, Processor);
    if (RelationshipType != RelationAll && RelationshipType != All[I]) continue;
    Record.Relationship = All[I];
    if (All[I] == RelationNumaNode) {
      Record.NumaNode.GroupCount = 1;
      Record.NumaNode.GroupMask.Mask = 1;
      Append(&Record, Head + sizeof(NUMA_NODE_RELATIONSHIP), Information, Room, &Needed);
    } else if (All[I] == RelationGroup) {
      Record.Group.MaximumGroupCount = 1;
      Record.Group.ActiveGroupCount = 1;
      Record.Group.GroupInfo[0].MaximumProcessorCount = 1;
      Record.Group.GroupInfo[0].ActiveProcessorCount = 1;
      Record.Group.GroupInfo[0].ActiveProcessorMask = 1;
      Append(&Record, Head + sizeof(GROUP_RELATIONSHIP), Information, Room, &Needed);
    } else if (All[I] == RelationCache) {
      Record.Cache.Level = 1;
      Record.Cache.Associativity = 8;
      Record.Cache.LineSize = 64;
      Record.Cache.CacheSize = 32768;
      Record.Cache.Type = CacheData;
      Record.Cache.GroupCount = 1;
      Record.Cache.GroupMask.Mask = 1;
      Append(&Record, Head + sizeof(CACHE_RELATIONSHIP), Information, Room, &Needed);
    } else {
      Record.Processor.GroupCount = 1;
      Record.Processor.GroupMask[0].Mask = 1;
      Append(&Record, Head + sizeof(PROCESSOR_RELATIONSHIP), Information, Room, &Needed);
    }
  }
  *Length = Needed;
  return Information == NULL || Needed > Room ? STATUS_INFO_LENGTH_MISMATCH : STATUS_SUCCESS;
}
