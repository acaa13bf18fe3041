/** Signature help: the prototype of the call that is being typed, with the notes of the parameter at hand. */
import { parameterFact } from '../../catalog/catalog.ts';
import { stripConversions } from '../../cfront/parse/walk.ts';
import { declarationText } from '../../cfront/types/text.ts';
import { type Analysis, isInComment } from './analysis.ts';
import { apiOfCall, functionTypeOf } from './api-at.ts';
import { parameterMarkdown } from './api-markdown.ts';
import { callAt } from './call-at.ts';

export interface SignatureHelp {
  /** The prototype in one line. */
  readonly label: string;
  readonly markdown: string;
  /** Ranges of the parameters within the label, and what to say of each. */
  readonly parameters: readonly { readonly start: number; readonly end: number; readonly markdown: string }[];
  readonly active: number;
}

export function signatureHelp(analysis: Analysis, offset: number): SignatureHelp | undefined {
  if (isInComment(analysis.unit, offset)) return undefined;
  const at = callAt(analysis.unit, offset);
  if (at === undefined) return undefined;
  const type = functionTypeOf(at.call.callee.type);
  if (type === undefined) return undefined;
  const facts = apiOfCall(at.call, analysis.catalog);
  const callee = stripConversions(at.call.callee);
  const name =
    facts?.name ?? (callee.kind === 'name' ? callee.symbol.name : callee.kind === 'member' ? callee.name : '');
  let label = `${declarationText(type.result, name)}(`;
  const parameters = type.parameters.map((parameter, i) => {
    if (i > 0) label += ', ';
    const start = label.length;
    label += declarationText(parameter.type, parameter.name ?? '');
    const fact = facts === undefined || parameter.name === undefined ? undefined : parameterFact(facts, parameter.name);
    return { start, end: label.length, markdown: parameterMarkdown(fact) };
  });
  label += type.isVariadic ? ', ...)' : ')';
  return { label, markdown: facts?.summary ?? '', parameters, active: at.index };
}
