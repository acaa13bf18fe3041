/** Words of SAL, and what stands in the parentheses of some of them. */
import type { Analysis } from '../analysis.ts';
import { salWords } from '../markdown/sal.ts';
import { bracketsAt, lastCodeBefore, wordBefore } from '../places/brackets.ts';
import { type CompletionItem, ranks } from './item.ts';
import type { Shortlist } from './shortlist.ts';

/** Everything that SAL has begins with an underscore. */
export function annotationItems(list: Shortlist): readonly CompletionItem[] {
  if (!list.word.startsWith('_')) return [];
  return salWords().flatMap(({ name, meaning }, i) => {
    const rank = ranks.local - 200 + i;
    return list.takes(name, rank) ? [{ label: name, kind: 'constant', detail: 'annotation', rank, note: meaning }] : [];
  });
}

const levels = ['PASSIVE_LEVEL', 'APC_LEVEL', 'DISPATCH_LEVEL', 'HIGH_LEVEL'];

/** Undefined outside of an annotation whose argument is known. */
export function annotationArguments({ unit }: Analysis, wordStart: number): readonly CompletionItem[] | undefined {
  const { text } = unit.file;
  const open = bracketsAt(text, wordStart).at(-1);
  const name = open?.open === '(' ? wordBefore(text, lastCodeBefore(text, open.at) + 1) : '';
  const found = /^_IRQL_(?:requires(?:_max|_min)?|raises)_$/.test(name)
    ? levels
    : name === '_Dispatch_type_'
      ? [...unit.macros.values()].flatMap((macro) => (/^IRP_MJ_(?!MAXIMUM)/.test(macro.name) ? [macro.name] : []))
      : undefined;
  return found?.map((label, i) => ({ label, kind: 'constant', detail: name, rank: ranks.fitting + i }));
}
