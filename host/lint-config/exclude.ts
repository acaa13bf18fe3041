/**
 * Patterns of files whose findings are not shown. In: a pattern as .wsklint.yaml has it, and a path relative to the
 * file's folder. `*` and `?` stand for a part of one name, `**` for any folders; a pattern without "/" is a name at any
 * depth, and one that matches a folder means all that lies in it. It ends: the regular expression has no nested repeats.
 */

/** `path` is relative, with forward slashes. */
export function isExcluded(path: string, pattern: string, o: { readonly ignoresCase: boolean }): boolean {
  return expression(pattern, o.ignoresCase).test(path);
}

function expression(pattern: string, ignoresCase: boolean): RegExp {
  const bare = pattern.replace(/^\.?\//, '').replace(/\/+$/, '');
  const isName = !bare.includes('/') && !pattern.startsWith('/') && !pattern.startsWith('./');
  const parts = bare.split('/').filter((part) => part !== '');
  let text = isName ? '(?:.*/)?' : '';
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    if (part === '**') text += isLast ? '.+' : '(?:.*/)?';
    else text += nameText(part) + (isLast ? '' : '/');
  }
  return new RegExp(`^${text}(?:/.*)?$`, ignoresCase ? 'i' : '');
}

function nameText(part: string): string {
  return part
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '[^/]*')
    .replace(/\?/g, '[^/]');
}
