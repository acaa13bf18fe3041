/**
 * A new callback for a place that takes one: its name goes to the place, its stub above the declaration. The member of
 * a dispatch table, a parameter or a variable of a callback's type is such a place.
 */
import type { ApiFacts } from '../../../catalog/model.ts';
import type { CType, FunctionType } from '../../../cfront/types/types.ts';
import type { Analysis } from '../analysis.ts';
import { callbackOfType } from '../driver/roles.ts';
import { functionTypeOf } from '../places/api-at.ts';
import { bracketsAt, lastCodeBefore, wordBefore } from '../places/brackets.ts';
import { apiOfCallee, typeOfCallee } from '../places/call-at.ts';
import { aboveDeclaration, freeName, stubText } from './callback-stub.ts';
import type { Expected } from './expected-at.ts';
import { type CompletionItem, ranks } from './item.ts';

export function newCallbackItems(analysis: Analysis, expected: Expected, offset: number): readonly CompletionItem[] {
  const callback = expectedCallback(analysis, expected);
  if (callback === undefined) return [];
  const { facts, callable } = callback;
  const name = freeName(analysis, nameFor(analysis, expected, offset));
  const text = stubText(analysis, name, callable, facts);
  return [
    {
      label: name,
      kind: 'function',
      detail: `new ${facts.name}`,
      rank: ranks.newCallback,
      note: `Writes a new callback above this declaration:\n\n\`\`\`c\n${text.trimEnd()}\n\`\`\``,
      edits: [aboveDeclaration(analysis, offset, text)],
    },
  ];
}

interface ExpectedCallback {
  readonly facts: ApiFacts;
  readonly callable: FunctionType;
}

/** The callback that a place takes, if it takes one. */
export function expectedCallback({ catalog }: Analysis, { kind, type }: Expected): ExpectedCallback | undefined {
  if (type === undefined || kind === 'comparison' || kind === 'result') return undefined;
  const facts = callbackOfType(catalog, type);
  const callable = functionTypeOf(type);
  return facts === undefined || callable === undefined ? undefined : { facts, callable };
}

/** `EchoReceiveEvent` in a table named EchoDispatch, `DispatchRead` for IRP_MJ_READ, else by member or parameter. */
function nameFor(analysis: Analysis, expected: Expected, offset: number): string {
  if (expected.kind === 'argument') {
    const { callee, index } = expected.argument;
    return (
      typeOfCallee(callee)?.parameters[index]?.name ??
      apiOfCallee(callee, analysis.catalog)?.parameters?.[index]?.name ??
      'Callback'
    );
  }
  const member = expected.kind === 'result' || expected.kind === 'cast' ? undefined : expected.member;
  const code = /^IRP_MJ_(\w+)$/.exec(member?.index ?? '')?.[1];
  if (code !== undefined) return `Dispatch${pascal(code)}`;
  const own = member?.name.replace(/^Wsk(?=[A-Z])/, '') ?? roleName(expected.type);
  return `${tablePrefix(analysis, offset)}${own}`;
}

function pascal(code: string): string {
  return code
    .toLowerCase()
    .split('_')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}

function roleName(type: CType | undefined): string {
  const alias = type?.alias ?? '';
  return alias === '' ? 'Callback' : pascal(alias.replace(/^P?(?:FN_)?/, ''));
}

/** `Echo` of `… EchoListenDispatch = {`; empty where the table's name begins in lower case or says nothing more. */
function tablePrefix({ unit }: Analysis, offset: number): string {
  const { text } = unit.file;
  const brace = bracketsAt(text, offset).find(({ open }) => open === '{');
  if (brace === undefined) return '';
  const equals = lastCodeBefore(text, brace.at);
  const name = text[equals] === '=' ? wordBefore(text, lastCodeBefore(text, equals) + 1) : '';
  return /^([A-Z]\w*?)(?:Listen|Datagram|Connection|Stream|Client)?Dispatch$/.exec(name)?.[1] ?? '';
}
