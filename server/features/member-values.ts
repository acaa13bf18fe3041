/**
 * Constants that fit a member: those that its facts name, the event masks of the socket's category, and the codes of
 * requests, which the headers know by how they are spelt.
 */
import type { Analysis } from './analysis.ts';
import { type CompletionItem, keyOf } from './completion-item.ts';
import type { MemberPlace } from './expected-at.ts';
import { recordFacts } from './records.ts';
import { categoryOfFunction } from './socket-category.ts';

export function memberValueItems(analysis: Analysis, member: MemberPlace, offset: number): readonly CompletionItem[] {
  const { catalog } = analysis;
  return valuesOf(analysis, member, offset).map((label, rank) => {
    const facts = catalog.byName(label)[0];
    const item = { label, kind: 'constant' as const, detail: member.name, rank };
    return facts === undefined ? item : { ...item, api: keyOf(facts) };
  });
}

function valuesOf(analysis: Analysis, { record, name, index }: MemberPlace, offset: number): readonly string[] {
  switch (name) {
    case 'MajorFunction':
      // What stands behind an index of the driver object's table is a routine.
      return index === undefined ? spelt(analysis, /^IRP_MJ_(?!MAXIMUM)/) : [];
    case 'MinorFunction':
      return spelt(analysis, /^IRP_MN_/);
    case 'sin6_family':
      return ['AF_INET6'];
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
