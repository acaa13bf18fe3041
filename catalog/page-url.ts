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

/** The address of a documentation page; undefined for a text that is neither a UID nor a path. */
export function pageUrl(page: string): string | undefined {
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
