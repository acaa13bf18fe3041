/** Members behind `.` and `->`, those that a list in braces can still designate, and those that a macro's argument names. */
import { findPath, nodePlace } from '../../../cfront/parse/walk.ts';
import type { CType } from '../../../cfront/types/types.ts';
import type { Analysis } from '../analysis.ts';
import { thisClass } from '../cplusplus/this-class.ts';
import { lastCodeBefore, wordBefore } from '../places/brackets.ts';
import { designatedRecord, initializerAt, recordOf } from '../places/initializer-at.ts';
import { memberArgumentAt } from '../places/member-argument.ts';
import { pathType } from '../places/path-type.ts';
import { fieldItems } from './fields.ts';
import type { CompletionItem } from './item.ts';
import { socketMemberItems } from './socket.ts';

/** Undefined where the word is no member's; empty where nothing is known of what is before. */
export function memberItems(analysis: Analysis, wordStart: number): readonly CompletionItem[] | undefined {
  const { text } = analysis.unit.file;
  const named = memberArgumentAt(analysis, wordStart);
  if (named !== undefined) return fieldItems(analysis, named);
  const last = lastCodeBefore(text, wordStart);
  const isArrow = text[last] === '>' && text[last - 1] === '-';
  if (!isArrow && text[last] !== '.') return undefined;
  const operator = isArrow ? last - 1 : last;
  if (!isArrow) {
    const list = initializerAt(analysis, wordStart);
    const record = list === undefined ? undefined : designatedRecord(list);
    if (list !== undefined && record !== undefined) {
      const isFirst = /^\s*\.\s*$/.test(list.item);
      return fieldItems(analysis, record).filter(({ label }) => !isFirst || !list.named.has(label));
    }
  }
  const type = typeBefore(analysis, operator);
  if (isArrow && type?.kind === 'pointer' && type.target.kind === 'void') {
    const found = socketMemberItems(analysis, operator);
    if (found !== undefined) return found;
  }
  const end = lastCodeBefore(text, operator) + 1;
  if (isArrow && wordBefore(text, end) === 'this') {
    const own = thisClass(analysis, operator);
    if (own !== undefined) return fieldItems(analysis, own);
  }
  const target = type?.kind === 'pointer' ? type.target : type?.kind === 'array' ? type.element : type;
  const record = target === undefined ? undefined : recordOf(target);
  return record === undefined ? [] : fieldItems(analysis, record);
}

/** Type of the expression that ends right before the operator: from the tree, or read from its text. */
function typeBefore(analysis: Analysis, operator: number): CType | undefined {
  const { unit } = analysis;
  const end = lastCodeBefore(unit.file.text, operator) + 1;
  for (const node of findPath(unit, operator).toReversed()) {
    if (node.kind !== 'member' || nodePlace(node.object).end !== end) continue;
    // The member itself stands behind the operator; one that a macro made ends where the macro's use does.
    if (nodePlace(node).end > end) return node.object.type;
  }
  return pathType(analysis, end);
}
