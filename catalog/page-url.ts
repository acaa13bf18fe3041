/**
 * Where an API's documentation stands on learn.microsoft.com.
 *
 * In: the `page` of a fact, which is a UID ("NC:wsk.PFN_WSK_SOCKET") or the path of a guide page ("network/so-reuseaddr",
 * "win32/winsock/ipproto-tcp-socket-options"). Out: an absolute address without a locale, so that the reader gets the
 * language of the browser. UIDs become addresses by the site's own rule: letters-header-name, lower case, in the folder of
 * the header. Headers that user mode has too stand with the Win32 API.
 */

const site = 'https://learn.microsoft.com';
const drivers = `${site}/windows-hardware/drivers`;
const win32 = `${site}/windows/win32`;
const win32Headers = new Set(['bcrypt', 'ip2string', 'ntdef', 'ws2def', 'ws2ipdef']);

/** Functions of ntifs.h that the site has as members of a structure. */
const strayed =
  'AreNamesEqual DissectName DoesNameContainWildCards IsNameInExpression IsNtstatusExpected IsTotalDeviceFailure NormalizeNtstatus';

/** Pages whose file, which the site goes by, is called otherwise than the UID says. */
const otherwise: ReadonlyMap<string, string> = new Map([
  ['NF:wdm.IofCompleteRequest', 'wdm/nf-wdm-iocompleterequest'],
  ['NF:wdm.KeQuerySystemTime~r1', 'wdm/nf-wdm-kequerysystemtime-r1'],
  ['NS:wdm._KMUTANT', 'wdm/ns-wdm-kmutant'],
  ['NS:wdm._TIME_FIELDS', 'wdm/ns-wdm-time_fields'],
  ['NS:wsk._WSK_BUF_LIST', 'wsk/ns-wsk-wsk_buf_list'],
  ...strayed
    .split(' ')
    .map((name): [string, string] => [
      `NF:ntifs.FsRtl${name}`,
      `ntifs/nf-ntifs-_fsrtl_advanced_fcb_header-fsrtl${name.toLowerCase()}`,
    ]),
]);

/** The address of a documentation page; undefined for a text that is neither a UID nor a path. */
export function pageUrl(page: string): string | undefined {
  const other = otherwise.get(page);
  if (other !== undefined) return `${drivers}/ddi/${other}`;
  const uid = /^([A-Z]{2}):([A-Za-z0-9_]+)\.([A-Za-z0-9_.~]+)$/.exec(page);
  if (uid) {
    const [, letters = '', header = '', name = ''] = uid;
    const folder = win32Headers.has(header.toLowerCase()) ? `${win32}/api` : `${drivers}/ddi`;
    return `${folder}/${header.toLowerCase()}/${letters.toLowerCase()}-${header.toLowerCase()}-${name.toLowerCase().replace(/~r\d+$/, '')}`;
  }
  if (/^win32(?:\/[a-z0-9-]+)+$/.test(page)) return `${site}/windows/${page}`;
  if (/^[a-z0-9-]+(?:\/[a-z0-9-]+)+$/.test(page)) return `${drivers}/${page}`;
  return undefined;
}
