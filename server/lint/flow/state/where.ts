/** Where something happens: a place in the function under analysis, and, for what a helper does, the place inside it. */
import type { PathStep } from '../../../../base/finding.ts';
import type { Span } from '../../../../base/source.ts';
import { placeText } from '../../../../base/source.ts';
import type { Expression, NodeBase } from '../../../../cfront/parse/ast.ts';
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { place } from '../../../../cfront/tokenize/token.ts';

export interface Where {
  readonly node: NodeBase;
  /** Arguments of the call that does it; of the helper's call, where a helper does it. */
  readonly arguments: readonly Expression[];
  /** Name of the helper and the place inside it, where one does it. */
  readonly inside: { readonly helper: string; readonly where: Where } | undefined;
}

export function whereOf(node: NodeBase, args: readonly Expression[] = []): Where {
  return { node, arguments: args, inside: undefined };
}

export function whereSpan(where: Where): Span {
  return nodePlace(where.node);
}

/**
 * Whether the text at a place is nothing but what stands there in the tree: where a macro makes more of the call than one
 * argument, all of it has the macro's place, and writing one thing there would lose the rest.
 */
export function isOwnText({ node, arguments: args }: Where, span: Span): boolean {
  const isHere = (other: Span): boolean =>
    other.file === span.file && other.start === span.start && other.end === span.end;
  if (span.start === span.end) return true;
  const isOfMacro = [node.first, node.last].some((token) => token.expansion !== undefined && isHere(place(token)));
  return !isOfMacro && args.filter((argument) => isHere(nodePlace(argument))).length <= 1;
}

/** The place in the code that does it itself, below all helpers. */
export function innermost(where: Where): Where {
  let at = where;
  while (at.inside !== undefined) at = at.inside.where;
  return at;
}

/** Names the event itself, however it was reached. */
export function eventSite(where: Where): string {
  return placeText(whereSpan(innermost(where)));
}

/**
 * Names the place in the function under analysis, for reports that are one and for marks: a helper that two functions
 * call, or one twice, does it at two places, and what is wrong with the one says nothing of the other.
 */
export function siteKey(where: Where): string {
  return placeText(whereSpan(where));
}

/** The steps that lead there: through each helper, then what is done. */
export function pathTo(where: Where, message: string): readonly PathStep[] {
  const steps: PathStep[] = [];
  let at = where;
  while (at.inside !== undefined) {
    steps.push({ span: whereSpan(at), message: `${at.inside.helper} is called here` });
    at = at.inside.where;
  }
  return [...steps, { span: whereSpan(at), message }];
}
