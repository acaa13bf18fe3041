/**
 * Constants that fit a member: those that its facts name, the event masks of the socket's category, and the codes of
 * requests, which the headers know by how they are spelt.
 */
import type { Analysis } from '../analysis.ts';
import { recordFacts } from '../markdown/records.ts';
import type { MemberPlace } from './expected-at.ts';
import { type CompletionItem, ofFacts } from './item.ts';
import { categoryOfFunction } from './socket-category.ts';

export function memberValueItems(analysis: Analysis, member: MemberPlace, offset: number): readonly CompletionItem[] {
  const { catalog } = analysis;
  // `A | `: a flag that is there already is not wanted again.
  const used = operandsBefore(analysis.unit.file.text, offset);
  const values = valuesOf(analysis, member, offset).filter((value) => !used.includes(value));
  return values.map((label, rank) => {
    // `&NPI_WSK_INTERFACE_ID`, `MAKE_WSK_VERSION(1, 0)`, `RtlUlongByteSwap(INADDR_LOOPBACK)`: people type the name.
    const name = /([A-Za-z_]\w*)\W*(?:\d\W*)*$/.exec(label)?.[1] ?? label;
    const facts = catalog.byName(name)[0];
    return {
      label,
      kind: facts?.kind === 'function' ? ('function' as const) : ('constant' as const),
      detail: member.name,
      rank,
      ...(/^(?:&|Rtl\w+\()/.test(label) ? { filterText: name } : {}),
      ...ofFacts(facts),
    };
  });
}

/** The names in front of the word that are joined to it by `|`. */
export function operandsBefore(text: string, offset: number): readonly string[] {
  const joined = /((?:\w+\s*\|\s*)+)\w*$/.exec(text.slice(Math.max(0, offset - 400), offset))?.[1] ?? '';
  return joined.match(/\w+/g) ?? [];
}

function valuesOf(
  analysis: Analysis,
  { record, name, index, values: known }: MemberPlace,
  offset: number,
): readonly string[] {
  if (known !== undefined) return known;
  switch (name) {
    case 'MajorFunction':
      // What stands behind an index of the driver object's table is a routine.
      return index === undefined ? spelt(analysis, /^IRP_MJ_(?!MAXIMUM)/) : [];
    case 'MinorFunction':
      return spelt(analysis, /^IRP_MN_/);
    case 'sin6_family':
      return ['AF_INET6'];
    // A member of a structure without a name in IN_ADDR, which has no facts.
    case 'S_addr':
      return ['INADDR_ANY', 'RtlUlongByteSwap(INADDR_LOOPBACK)', 'INADDR_BROADCAST'];
    case 'IoControlCode':
      return spelt(analysis, /^IOCTL_(?!DOT4_(?:USER_BASE|LAST)$)/, 'own');
    default: {
      const facts = record === undefined ? undefined : recordFacts(analysis.catalog, record);
      const values = facts?.members?.find((one) => one.name === name)?.values ?? [];
      return name === 'EventMask' ? masksOf(analysis, values, offset) : values;
    }
  }
}

/** What switches events off fits every category. */
function masksOf(analysis: Analysis, masks: readonly string[], offset: number): readonly string[] {
  const category = categoryOfFunction(analysis, offset);
  if (category === undefined) return masks;
  return masks.filter((mask) => {
    const fits = analysis.catalog.byName(mask)[0]?.categories;
    // A stream socket becomes a listening or a connection socket.
    return fits === undefined || fits.includes(category) || (category === 'stream' && !fits.includes('datagram'));
  });
}

/** Names of macros, the driver's own first; `own` leaves out the headers' but for those of d4drvif.h. */
function spelt({ unit }: Analysis, pattern: RegExp, which?: 'own'): readonly string[] {
  const own: string[] = [];
  const others: string[] = [];
  for (const { name, span } of unit.macros.values()) {
    if (span === undefined || !pattern.test(name)) continue;
    if (!unit.isSystemFile(span.file)) own.push(name);
    else if (which !== 'own' || name.startsWith('IOCTL_DOT4_')) others.push(name);
  }
  return [...own, ...others];
}
