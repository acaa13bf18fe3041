/**
 * HTML's character references: `&lt;`, `&#39;`, `&#x27;`, `&nbsp;`.
 *
 * In: text. Out: the characters. Only references that end in `;` and are numeric or in the list count, so that
 * `&WskAppDispatch;` in a C sample stays what it is. Every look-up reads at most `referenceMax` characters, so that
 * a text of ampersands costs linear time.
 */

const referenceMax = 10;

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  shy: '',
  copy: '©',
  reg: '®',
  trade: '™',
  mdash: '—',
  ndash: '–',
  hellip: '…',
  micro: 'µ',
  times: '×',
  minus: '−',
  plusmn: '±',
  deg: '°',
  sect: '§',
  bull: '•',
  middot: '·',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  le: '≤',
  ge: '≥',
  ne: '≠',
  rarr: '→',
  larr: '←',
  pi: 'π',
  frac12: '½',
  sup2: '²',
};

/** The character that the reference at `at` (an ampersand) stands for, and where it ends. */
export function entityAt(text: string, at: number): { readonly character: string; readonly end: number } | undefined {
  const end = text.slice(at, at + referenceMax + 1).indexOf(';');
  if (end < 2) return undefined;
  const name = text.slice(at + 1, at + end);
  const character = name.charCodeAt(0) === 35 ? numeric(name) : Object.hasOwn(named, name) ? named[name] : undefined;
  return character === undefined ? undefined : { character, end: at + end + 1 };
}

/** `text` with all its references replaced, and NBSP by spaces. */
export function decodeEntities(text: string): string {
  const spaced = text.includes('\u00A0') ? text.replaceAll('\u00A0', ' ') : text;
  let at = spaced.indexOf('&');
  if (at < 0) return spaced;
  let out = '';
  let from = 0;
  for (; at >= 0; at = spaced.indexOf('&', at)) {
    const entity = entityAt(spaced, at);
    if (entity) {
      out += spaced.slice(from, at) + entity.character;
      from = entity.end;
      at = entity.end;
    } else at++;
  }
  return out + spaced.slice(from);
}

function numeric(name: string): string | undefined {
  const digits = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/i.exec(name);
  if (!digits) return undefined;
  const code = digits[1] ? Number.parseInt(digits[1], 16) : Number(digits[2]);
  if (code === 0xa0) return ' ';
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return '\uFFFD';
  return String.fromCodePoint(code);
}
