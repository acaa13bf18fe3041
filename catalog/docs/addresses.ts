/**
 * Where a page and what it links to stand on learn.microsoft.com.
 *
 * In: a page's path and UID; a link's target as the page writes it. Out: an absolute address without a locale, or
 * undefined where there is none that would open. The folders of the two repositories are those of the site, so a path
 * below them is the address; elsewhere the UID tells it. Relative links are resolved against the page's own address.
 * Only http and https come out: an editor must not be handed a command or a file by a page.
 */
const site = 'https://learn.microsoft.com';
const drivers = `${site}/windows-hardware/drivers`;

/** Address of a page; undefined for a file that is on no known place of the site. */
export function pageAddress(path: string, uid: string | undefined): string | undefined {
  const slashed = path.replaceAll('\\', '/');
  const reference = /(?:^|\/)wdk-ddi-src\/content\/(.+)\.md$/i.exec(slashed);
  if (reference) return placed(`${drivers}/ddi/${reference[1] ?? ''}`);
  const guide = /(?:^|\/)windows-driver-docs-pr\/(.+)\.md$/i.exec(slashed);
  if (guide) return placed(`${drivers}/${guide[1] ?? ''}`);
  return uid === undefined ? undefined : namedAddress(slashed, uid);
}

/**
 * The site names a page as its file, which is the UID in lower case but for one page in twenty-five. Where it
 * has dashes for underscores, the file is one of 2017, and the UID is right.
 */
function namedAddress(path: string, uid: string): string | undefined {
  const address = uidAddress(uid);
  const file = /(?:^|\/)(n[a-z]-\w+-[\w~-]+)\.md$/i.exec(path)?.[1]?.toLowerCase();
  if (address === undefined || file === undefined) return address;
  const [, folder = '', page = ''] = /^(.*\/)(.*)$/.exec(address) ?? [];
  const header = /^n[a-z]-\w+?-/.exec(page)?.[0] ?? page;
  const stem = file.replace(/~r\d+$/, '');
  const isDashed = stem !== page && stem === page.replaceAll('_', '-');
  return isDashed || !file.startsWith(header) ? address : placed(folder + file);
}

/** Address of `NC:wsk.PFN_WSK_SOCKET`; the pages of 2017 write a dot for the colon. */
export function uidAddress(uid: string): string | undefined {
  const match = /^([A-Z]{2})[.:]([\w-]+)(?:\.([\w.~-]+))?$/.exec(uid.trim());
  if (!match) return undefined;
  const [, letters = '', header = '', name] = match;
  if (name === undefined) return letters === 'NA' ? `${drivers}/ddi/${header.toLowerCase()}/` : undefined;
  const folder = header.toLowerCase();
  // The site writes a method's dot as a dash, and one page for all overloads.
  const page = name
    .toLowerCase()
    .replaceAll('.', '-')
    .replace(/~r\d+$/, '');
  return `${drivers}/ddi/${folder}/${letters.toLowerCase()}-${folder}-${page}`;
}

/** Address of a link that stands on the page at `base`; undefined for one that leads nowhere. */
export function linkAddress(target: string, base: string | undefined): string | undefined {
  const text = target.trim().replaceAll('\\', '/');
  if (text === '' || /[\s<>"`]/.test(text)) return undefined;
  if (/^https?:\/\/[^/]/i.test(text)) return closed(text);
  const uid = /^xref:(.+)$/i.exec(text)?.[1] ?? text;
  if (/^N[A-Z][.:]/.test(uid)) return uidAddress(decoded(uid));
  if (/^[a-z][a-z0-9+.-]*:/i.test(text) || text.startsWith('//')) return undefined;
  if (text.startsWith('/'))
    return /^\/(?:windows|previous-versions|visualstudio|cpp|azure|dotnet|sysinternals|troubleshoot)/.test(text)
      ? closed(numbered(withoutExtension(`${site}${text}`)))
      : undefined;
  if (base === undefined) return undefined;
  if (text.startsWith('#')) return closed(`${base}${text}`);
  // Identifiers of the pages' old system (kernel.ntstatus_values) look like files and are none.
  if (!/\.md(?:[?#]|$)/i.test(text)) return undefined;
  return resolved(withUnderscores(numbered(withoutExtension(text))), base);
}

/**
 * The pages of 2017 had dashes in their files' names for the underscores of C (`ns-wsk--wsk-buf`), and link to each other
 * so. Only methods of interfaces (`nf-…`) have a dash of their own.
 */
function withUnderscores(target: string): string {
  return target.replace(
    /(?<![^/])(n[ceils]-\w+-)([a-z0-9-]+)(?=#|$)/i,
    (_, before: string, name: string) => before + name.replaceAll('-', '_'),
  );
}

/** `../wsk/x` seen from `https://…/ddi/wdm/y`; undefined where it leads out of the drivers' pages. */
function resolved(relative: string, base: string): string | undefined {
  const parts = base.slice(site.length).split('/').slice(0, -1);
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  const path = parts.join('/');
  return path.startsWith('/windows-hardware/') ? closed(`${site}${path.replace(/\/index(?=#|$)/, '/')}`) : undefined;
}

function placed(address: string): string {
  return closed(numbered(address.toLowerCase().replace(/\/index$/, '/')));
}

/** The second page of a name is `…~r1` in the repository and `…-r1` on the site. */
function numbered(address: string): string {
  return address.replace(/~r(\d+)(?=[?#]|$)/, '-r$1');
}

function withoutExtension(target: string): string {
  return target.replace(/\.md(?=[?#]|$)/i, '');
}

/** Parentheses and spaces would end a Markdown link early. */
function closed(address: string): string {
  return address.replaceAll('(', '%28').replaceAll(')', '%29').replaceAll(' ', '%20');
}

function decoded(text: string): string {
  return text.replaceAll('%2e', '.').replaceAll('%3a', ':').replaceAll('%3A', ':');
}
