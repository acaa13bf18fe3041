/**
 * The structure of which another argument names a member, as in `CONTAINING_RECORD(entry, )`: the driver's own that hold
 * what the other arguments point to.
 */
import { place } from '../../../cfront/tokenize/token.ts';
import type { CType } from '../../../cfront/types/types.ts';
import type { Analysis } from '../analysis.ts';
import type { ArgumentPlace } from '../places/call-at.ts';
import { recordOf } from '../places/initializer-at.ts';
import { isOwnerArgument } from '../places/member-argument.ts';
import { typeOfText } from '../places/path-type.ts';
import { type CompletionItem, ranks } from './item.ts';

export function ownerItems(analysis: Analysis, argument: ArgumentPlace, offset: number): readonly CompletionItem[] {
  if (!isOwnerArgument(analysis, argument)) return [];
  const { unit } = analysis;
  const targets = argument.before.flatMap((text) => {
    const type = typeOfText(analysis, text, offset);
    const record = type?.kind === 'pointer' ? recordOf(type.target) : undefined;
    return record === undefined ? [] : [record];
  });
  const holds = (type: CType): boolean => {
    const fields = recordOf(type)?.fields;
    if (fields === undefined) return false;
    return targets.length === 0 || fields.some((field) => targets.some((target) => target === recordOf(field.type)));
  };
  const own = unit.declarations.flatMap((node) =>
    node.kind === 'typedef-declaration' && !unit.isSystemFile(place(node.first).file) && holds(node.symbol.type)
      ? [node.symbol.name]
      : [],
  );
  return own.map((label, i) => ({ label, kind: 'type', detail: '', rank: ranks.fitting + i }));
}
