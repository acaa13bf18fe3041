/**
 * What SeExports points to: the numbers of privileges and the SIDs that everybody knows, filled in where a driver names
 * it.
 */
import type { GuestAddress } from '../../machine/native.ts';
import type { Kernel } from '../kernel-types.ts';

/** LUIDs, whose upper half is 0. */
const privileges: Readonly<Record<string, number>> = {
  SeCreateTokenPrivilege: 2,
  SeAssignPrimaryTokenPrivilege: 3,
  SeLockMemoryPrivilege: 4,
  SeIncreaseQuotaPrivilege: 5,
  SeUnsolicitedInputPrivilege: 6,
  SeTcbPrivilege: 7,
  SeSecurityPrivilege: 8,
  SeTakeOwnershipPrivilege: 9,
  SeLoadDriverPrivilege: 10,
  SeSystemProfilePrivilege: 11,
  SeSystemtimePrivilege: 12,
  SeProfileSingleProcessPrivilege: 13,
  SeIncreaseBasePriorityPrivilege: 14,
  SeCreatePagefilePrivilege: 15,
  SeCreatePermanentPrivilege: 16,
  SeBackupPrivilege: 17,
  SeRestorePrivilege: 18,
  SeShutdownPrivilege: 19,
  SeDebugPrivilege: 20,
  SeAuditPrivilege: 21,
  SeSystemEnvironmentPrivilege: 22,
  SeChangeNotifyPrivilege: 23,
  SeRemoteShutdownPrivilege: 24,
  SeUndockPrivilege: 25,
  SeSyncAgentPrivilege: 26,
  SeEnableDelegationPrivilege: 27,
  SeManageVolumePrivilege: 28,
  SeImpersonatePrivilege: 29,
  SeCreateGlobalPrivilege: 30,
  SeTrustedCredManAccessPrivilege: 31,
  SeRelabelPrivilege: 32,
  SeIncreaseWorkingSetPrivilege: 33,
  SeTimeZonePrivilege: 34,
  SeCreateSymbolicLinkPrivilege: 35,
};

/** Authority and subauthorities, as the text of a SID has them behind "S-1-". */
const sids: Readonly<Record<string, string>> = {
  SeNullSid: '0-0',
  SeWorldSid: '1-0',
  SeLocalSid: '2-0',
  SeCreatorOwnerSid: '3-0',
  SeCreatorGroupSid: '3-1',
  SeNtAuthoritySid: '5',
  SeDialupSid: '5-1',
  SeNetworkSid: '5-2',
  SeBatchSid: '5-3',
  SeInteractiveSid: '5-4',
  SeLocalSystemSid: '5-18',
  SeAliasAdminsSid: '5-32-544',
  SeAliasUsersSid: '5-32-545',
  SeAliasGuestsSid: '5-32-546',
  SeAliasPowerUsersSid: '5-32-547',
  SeAliasAccountOpsSid: '5-32-548',
  SeAliasSystemOpsSid: '5-32-549',
  SeAliasPrintOpsSid: '5-32-550',
  SeAliasBackupOpsSid: '5-32-551',
  SeAuthenticatedUsersSid: '5-11',
  SeRestrictedSid: '5-12',
  SeAnonymousLogonSid: '5-7',
  SeLocalServiceSid: '5-19',
  SeNetworkServiceSid: '5-20',
  SeIUserSid: '5-17',
  SeUntrustedMandatorySid: '16-0',
  SeLowMandatorySid: '16-4096',
  SeMediumMandatorySid: '16-8192',
  SeHighMandatorySid: '16-12288',
  SeSystemMandatorySid: '16-16384',
  SeOwnerRightsSid: '3-4',
  SeAllAppPackagesSid: '15-2-1',
};

/** Address of the structure; undefined when memory is used up. */
export function createSecurityExports(kernel: Kernel): GuestAddress | undefined {
  const { memory, types } = kernel;
  const label = 'what SeExports points to';
  const region = memory.allocate({ size: types.sizeOf('SE_EXPORTS'), kind: 'object', label });
  if (region === undefined) return undefined;
  const view = kernel.view('SE_EXPORTS', region.start);
  for (const [name, value] of Object.entries(privileges)) view.set(`${name}.LowPart`, value);
  for (const [name, text] of Object.entries(sids)) {
    const bytes = sidBytes(text);
    const sid = memory.allocate({ size: bytes.length, kind: 'object', label: `SeExports->${name}` });
    if (sid === undefined) return undefined;
    memory.writeBytes(sid.start, bytes);
    view.set(name, sid.start);
  }
  return region.start;
}

function sidBytes(text: string): Uint8Array {
  const [authority = 0, ...parts] = text.split('-').map(Number);
  const bytes = new Uint8Array(8 + 4 * parts.length);
  const data = new DataView(bytes.buffer);
  bytes.set([1, parts.length, 0, 0, 0, 0, 0, authority]);
  for (const [index, part] of parts.entries()) data.setUint32(8 + 4 * index, part, true);
  return bytes;
}
