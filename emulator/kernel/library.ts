/**
 * Functions of the kernel that are written in C: those that do little but call the driver's own callbacks, which C says
 * best. The linker asks for a function's file when something refers to it; no other driver pays for it.
 */
import type { SourceFile } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import type { ParseOptions, TranslationUnit } from '../../cfront/unit.ts';

/** The names that each file defines. */
export const libraryFiles: Readonly<Record<string, readonly string[]>> = {
  'aux-klib.c': ['AuxKlibGetBugCheckData', 'AuxKlibInitialize', 'AuxKlibQueryModuleInformation'],
  'balanced-tables.c': [
    'RtlDeleteElementGenericTableAvl',
    'RtlEnumerateGenericTableAvl',
    'RtlEnumerateGenericTableWithoutSplayingAvl',
    'RtlGetElementGenericTableAvl',
    'RtlInitializeGenericTableAvl',
    'RtlInsertElementGenericTableAvl',
    'RtlInsertElementGenericTableFullAvl',
    'RtlIsGenericTableEmptyAvl',
    'RtlLookupElementGenericTableAvl',
    'RtlLookupElementGenericTableFullAvl',
    'RtlNumberGenericTableElementsAvl',
  ],
  'bit-runs.c': [
    'RtlAreBitsClear',
    'RtlAreBitsSet',
    'RtlFindClearRuns',
    'RtlFindFirstRunClear',
    'RtlFindLastBackwardRunClear',
    'RtlFindLeastSignificantBit',
    'RtlFindLongestRunClear',
    'RtlFindMostSignificantBit',
    'RtlFindNextForwardRunClear',
    'RtlFindSetBitsAndClear',
  ],
  'cancel-safe-queues.c': [
    'IoCsqInitialize',
    'IoCsqInitializeEx',
    'IoCsqInsertIrp',
    'IoCsqInsertIrpEx',
    'IoCsqRemoveIrp',
    'IoCsqRemoveNextIrp',
  ],
  'counted-strings.c': [
    'RtlStringCbCopyUnicodeString',
    'RtlStringCbCopyUnicodeStringEx',
    'RtlStringCchCopyUnicodeString',
    'RtlStringCchCopyUnicodeStringEx',
    'RtlUnalignedStringCbLengthW',
    'RtlUnalignedStringCchLengthW',
    'RtlUnicodeStringCatEx',
    'RtlUnicodeStringCatStringEx',
    'RtlUnicodeStringCbCatN',
    'RtlUnicodeStringCbCatNEx',
    'RtlUnicodeStringCbCatStringN',
    'RtlUnicodeStringCbCatStringNEx',
    'RtlUnicodeStringCbCopyN',
    'RtlUnicodeStringCbCopyNEx',
    'RtlUnicodeStringCbCopyStringN',
    'RtlUnicodeStringCbCopyStringNEx',
    'RtlUnicodeStringCchCatN',
    'RtlUnicodeStringCchCatNEx',
    'RtlUnicodeStringCchCatStringN',
    'RtlUnicodeStringCchCatStringNEx',
    'RtlUnicodeStringCchCopyN',
    'RtlUnicodeStringCchCopyNEx',
    'RtlUnicodeStringCchCopyStringN',
    'RtlUnicodeStringCchCopyStringNEx',
    'RtlUnicodeStringCopyEx',
    'RtlUnicodeStringCopyStringEx',
    'RtlUnicodeStringInitEx',
    'RtlUnicodeStringPrintfEx',
    'RtlUnicodeStringVPrintfEx',
    'RtlUnicodeStringValidateEx',
  ],
  'descriptor-parts.c': [
    'RtlAppendStringToString',
    'RtlCopyLuid',
    'RtlAbsoluteToSelfRelativeSD',
    'RtlGetDaclSecurityDescriptor',
    'RtlGetGroupSecurityDescriptor',
    'RtlGetOwnerSecurityDescriptor',
    'RtlMapGenericMask',
    'RtlSetGroupSecurityDescriptor',
    'RtlSetOwnerSecurityDescriptor',
  ],
  'device-attachment.c': ['IoAttachDevice'],
  'device-queues.c': [
    'IoSetStartIoAttributes',
    'IoStartNextPacket',
    'IoStartNextPacketByKey',
    'IoStartPacket',
    'KeInitializeDeviceQueue',
    'KeInsertByKeyDeviceQueue',
    'KeInsertDeviceQueue',
    'KeRemoveByKeyDeviceQueue',
    'KeRemoveDeviceQueue',
    'KeRemoveEntryDeviceQueue',
  ],
  'dpc-locks.c': [
    'ExAcquireRundownProtectionCacheAware',
    'ExAllocateCacheAwareRundownProtection',
    'ExFreeCacheAwareRundownProtection',
    'ExReInitializeRundownProtectionCacheAware',
    'ExReleaseRundownProtectionCacheAware',
    'ExRundownCompletedCacheAware',
    'ExWaitForRundownProtectionReleaseCacheAware',
    'KeAcquireInStackQueuedSpinLockForDpc',
    'KeAcquireSpinLockForDpc',
    'KeReleaseInStackQueuedSpinLockForDpc',
    'KeReleaseSpinLockForDpc',
  ],
  'file-names.c': [
    'FsRtlAreNamesEqual',
    'FsRtlDissectName',
    'FsRtlDoesNameContainWildCards',
    'FsRtlIsNameInExpression',
    'FsRtlIsNtstatusExpected',
    'FsRtlIsTotalDeviceFailure',
    'FsRtlNormalizeNtstatus',
  ],
  'generic-tables.c': [
    'RtlDelete',
    'RtlDeleteElementGenericTable',
    'RtlEnumerateGenericTable',
    'RtlEnumerateGenericTableWithoutSplaying',
    'RtlGetElementGenericTable',
    'RtlInitializeGenericTable',
    'RtlInsertElementGenericTable',
    'RtlInsertElementGenericTableFull',
    'RtlIsGenericTableEmpty',
    'RtlLookupElementGenericTable',
    'RtlLookupElementGenericTableFull',
    'RtlNumberGenericTableElements',
    'RtlRealPredecessor',
    'RtlRealSuccessor',
    'RtlSplay',
    'RtlSubtreePredecessor',
    'RtlSubtreeSuccessor',
  ],
  'hash-tables.c': [
    'RtlContractHashTable',
    'RtlCreateHashTable',
    'RtlCreateHashTableEx',
    'RtlDeleteHashTable',
    'RtlEndEnumerationHashTable',
    'RtlEnumerateEntryHashTable',
    'RtlExpandHashTable',
    'RtlGetNextEntryHashTable',
    'RtlInitEnumerationHashTable',
    'RtlInsertEntryHashTable',
    'RtlLookupEntryHashTable',
    'RtlRemoveEntryHashTable',
  ],
  'oem-strings.c': [
    'RtlFreeOemString',
    'RtlOemStringToCountedUnicodeString',
    'RtlOemStringToUnicodeString',
    'RtlOemToUnicodeN',
    'RtlUnicodeStringToCountedOemString',
    'RtlUnicodeStringToOemString',
    'RtlUnicodeToOemN',
    'RtlUpcaseUnicodeStringToCountedOemString',
    'RtlUpcaseUnicodeStringToOemString',
    'RtlUpcaseUnicodeToOemN',
    'RtlxOemStringToUnicodeSize',
    'RtlxUnicodeStringToOemSize',
  ],
  'power-requests.c': ['PoRequestPowerIrp'],
  'processor-relationships.c': ['KeQueryLogicalProcessorRelationship'],
  'request-access.c': ['ExInterlockedAddLargeInteger', 'IoValidateDeviceIoControlAccess'],
  'safe-strings.c': [
    'RtlStringCbCatExA',
    'RtlStringCbCatExW',
    'RtlStringCbCatNA',
    'RtlStringCbCatNExA',
    'RtlStringCbCatNExW',
    'RtlStringCbCatNW',
    'RtlStringCbCopyExA',
    'RtlStringCbCopyExW',
    'RtlStringCbCopyNExA',
    'RtlStringCbCopyNExW',
    'RtlStringCbPrintfExA',
    'RtlStringCbPrintfExW',
    'RtlStringCbVPrintfExA',
    'RtlStringCbVPrintfExW',
    'RtlStringCchCatExA',
    'RtlStringCchCatExW',
    'RtlStringCchCatNA',
    'RtlStringCchCatNExA',
    'RtlStringCchCatNExW',
    'RtlStringCchCatNW',
    'RtlStringCchCopyExA',
    'RtlStringCchCopyExW',
    'RtlStringCchCopyNA',
    'RtlStringCchCopyNExA',
    'RtlStringCchCopyNExW',
    'RtlStringCchCopyNW',
    'RtlStringCchPrintfExA',
    'RtlStringCchPrintfExW',
    'RtlStringCchVPrintfExA',
    'RtlStringCchVPrintfExW',
  ],
  'security-ids.c': [
    'RtlAddAccessAllowedAceEx',
    'RtlConvertSidToUnicodeString',
    'RtlCopySid',
    'RtlEqualPrefixSid',
    'RtlEqualSid',
    'RtlGetAce',
    'RtlIdentifierAuthoritySid',
    'RtlInitializeSid',
    'RtlLengthRequiredSid',
    'RtlSubAuthorityCountSid',
    'RtlSubAuthoritySid',
    'RtlValidSid',
  ],
  'share-access.c': ['IoCheckShareAccess', 'IoRemoveShareAccess', 'IoSetShareAccess', 'IoUpdateShareAccess'],
  'text.c': [
    'RtlDowncaseUnicodeChar',
    'RtlDowncaseUnicodeString',
    'RtlFillMemoryUlong',
    'RtlFillMemoryUlonglong',
    'RtlMultiByteToUnicodeN',
    'RtlMultiByteToUnicodeSize',
    'RtlSecondsSince1970ToTime',
    'RtlSecondsSince1980ToTime',
    'RtlTimeToSecondsSince1970',
    'RtlTimeToSecondsSince1980',
    'RtlUnicodeToMultiByteN',
    'RtlUnicodeToMultiByteSize',
    'RtlUpperChar',
    'RtlUpperString',
  ],
  'tokens.c': [
    'SeQueryAuthenticationIdToken',
    'SeQueryInformationToken',
    'SeTokenIsAdmin',
    'SeTokenType',
    'ZwQueryInformationToken',
  ],
  'vpb-lock.c': ['IoAcquireVpbSpinLock', 'IoReleaseVpbSpinLock'],
  'wmi.c': ['IoWMIDeviceObjectToProviderId', 'IoWMIWriteEvent', 'WmiCompleteRequest', 'WmiFireEvent'],
};

const fileOf = new Map(Object.entries(libraryFiles).flatMap(([file, names]) => names.map((name) => [name, file])));

/** Reads a function's file, once; undefined for functions that are in none. Places in it are Windows', not the driver's. */
export function createLibrary(
  catalog: Catalog,
  headers: NonNullable<ParseOptions['headers']>,
): (functionName: string) => TranslationUnit | undefined {
  const units = new Map<string, TranslationUnit>();
  return (functionName) => {
    const name = fileOf.get(functionName);
    const file = name === undefined ? undefined : catalog.libraryFile(name);
    if (name === undefined || file === undefined) return undefined;
    const known = units.get(name);
    if (known !== undefined) return known;
    const files = new Set([file]);
    const read = parseTranslationUnit(file, { headers, include: includeFor(catalog, files) });
    // Of the driver's files this unit knows nothing, and must not claim them.
    const isSystemFile = (asked: SourceFile): boolean => files.has(asked) || read.isSystemFile(asked);
    const unit: TranslationUnit = { ...read, isSystemFile };
    units.set(name, unit);
    return unit;
  };
}

/** Headers of the library's own are read as part of its files, and added to these. */
function includeFor(catalog: Catalog, files: Set<SourceFile>): ParseOptions['include'] {
  return ({ name }) => {
    const own = catalog.libraryFile(name);
    if (own !== undefined) {
      files.add(own);
      return { kind: 'found', file: own, isSystem: false };
    }
    const file = catalog.headerFile(name);
    return file === undefined
      ? { kind: 'missing', searched: ['the bundled headers'] }
      : { kind: 'found', file, isSystem: true, outline: catalog.outlineOf(file) };
  };
}
