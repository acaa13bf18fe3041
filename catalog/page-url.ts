/**
 * Where an API's documentation stands on learn.microsoft.com.
 *
 * In: the `page` of a fact, which is a UID ("NC:wsk.PFN_WSK_SOCKET") or the path of a guide page ("network/so-reuseaddr").
 * Out: an absolute address without a locale, so that the reader gets the language of the browser. UIDs become addresses
 * by the site's own rule: letters-header-name, lower case, in the folder of the header.
 */

const drivers = 'https://learn.microsoft.com/windows-hardware/drivers';

/** The address of a documentation page; undefined for a text that is neither a UID nor a path. */
export function pageUrl(page: string): string | undefined {
  const uid = /^([A-Z]{2}):([A-Za-z0-9_]+)\.([A-Za-z0-9_.~]+)$/.exec(page);
  if (uid) {
    const [, letters = '', header = '', name = ''] = uid;
    return `${drivers}/ddi/${header.toLowerCase()}/${letters.toLowerCase()}-${header.toLowerCase()}-${name.toLowerCase().replace(/~r\d+$/, '')}`;
  }
  if (/^[a-z0-9-]+(?:\/[a-z0-9-]+)+$/.test(page)) return `${drivers}/${page}`;
  return undefined;
}
