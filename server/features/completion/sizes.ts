/**
 * Sizes that go with another argument: `sizeof(event)` behind `&event`, `sizeof(*request)` behind a pointer to a
 * structure, and for an allocation the size of what its result is stored in. Which argument a size is for, the
 * prototype's annotations say (`_In_reads_bytes_(Length)`); where they don't, it is the pointer to anything in front.
 */
import { place } from '../../../cfront/tokenize/token.ts';
import { declarationText } from '../../../cfront/types/text.ts';
import type { FunctionParameter } from '../../../cfront/types/types.ts';
import type { Analysis } from '../analysis.ts';
import { bracketsAt, lastCodeBefore, wordBefore } from '../places/brackets.ts';
import { pathType, typeOfText } from '../places/path-type.ts';
import { functionAt, localsAt } from '../places/scope.ts';
import { type CompletionItem, ranks } from './item.ts';

/** The argument at hand, and those around it as text. */
export interface SizePlace {
  readonly parameters: readonly FunctionParameter[];
  readonly index: number;
  readonly texts: readonly string[];
  /** Names of parameters that say how many bytes the result has. */
  readonly ofResult: readonly string[];
}

export function sizesFor(analysis: Analysis, place: SizePlace, offset: number): readonly string[] {
  const { parameters, index, texts, ofResult } = place;
  const own = parameters[index];
  if (own?.name === undefined || own.type.kind !== 'integer') return [];
  if (ofResult.includes(own.name)) return resultSize(analysis, offset);
  const named = parameters.flatMap(({ annotations }, i) =>
    annotations.some((one) => /_bytes_/.test(one.name) && sizesIn(one.arguments).includes(own.name ?? '')) ? [i] : [],
  );
  const buffers = named.length > 0 ? named : isBufferBefore(parameters, index) ? [index - 1] : [];
  return [...new Set(buffers.flatMap((i) => sizeOf(analysis, texts[i] ?? '', offset) ?? []))];
}

/** Parameters that the annotations of a function say its result's bytes with. */
export function resultSizes(annotations: FunctionParameter['annotations']): readonly string[] {
  return annotations.flatMap((one) => (/_byte_size_/.test(one.name) ? sizesIn(one.arguments) : []));
}

/** For IoStatus.Information: the size of what lies in the request's buffer, and numbers of bytes that were counted. */
export function byteCounts(analysis: Analysis, offset: number): readonly CompletionItem[] {
  const { text } = analysis.unit.file;
  const around = functionAt(analysis, offset);
  const body = around === undefined ? '' : text.slice(place(around.first).start, offset);
  const variables = localsAt(analysis, offset);
  const sizes = variables.flatMap(({ name, type }) => {
    const isBuffer = new RegExp(`\\b${name}\\s*=[^;]*\\b(?:SystemBuffer|MmGetSystemAddressForMdlSafe)\\b`).test(body);
    return isBuffer && type.kind === 'pointer' && type.target.kind === 'record' ? [`sizeof(*${name})`] : [];
  });
  const counts = variables.filter(({ type }) =>
    /^(?:ULONG|ULONG_PTR|SIZE_T|UINT32|UINT|size_t)$/.test(type.alias ?? ''),
  );
  return [
    ...sizes.map((label, i) => ({ label, kind: 'constant' as const, detail: 'Information', rank: ranks.sameType + i })),
    ...counts.map(({ name, type }, i) => ({
      label: name,
      kind: 'variable' as const,
      detail: declarationText(type, name),
      rank: ranks.sameType + sizes.length + i,
    })),
  ];
}

function sizesIn(args: FunctionParameter['annotations'][number]['arguments']): readonly string[] {
  return args.flatMap((tokens) => (tokens.length === 1 ? [tokens[0]?.text ?? ''] : []));
}

/** `VirtualAddress, Length`, of which the WDK's annotations say nothing. */
function isBufferBefore(parameters: readonly FunctionParameter[], index: number): boolean {
  const before = parameters[index - 1]?.type;
  const isVoid = before?.kind === 'pointer' && before.target.kind === 'void';
  return isVoid && /^(?:\w*Length|\w*Size|NumberOfBytes)$/.test(parameters[index]?.name ?? '');
}

function sizeOf(analysis: Analysis, argument: string, offset: number): readonly string[] | undefined {
  const text = argument.replace(/^\s*\(\s*(?:const\s+)?\w+\s*\**\s*\)\s*(?=[\w&(])/, '').trim();
  const object = /^&\s*([A-Za-z_][\w.]*(?:->[\w.]+)*)$/.exec(text)?.[1];
  if (object !== undefined) return [`sizeof(${object})`];
  if (!/^[A-Za-z_][\w.]*(?:->[\w.]+)*$/.test(text)) return undefined;
  const type = typeOfText(analysis, text, offset);
  if (type?.kind === 'array') return [`sizeof(${text})`];
  return type?.kind === 'pointer' && type.target.kind === 'record' ? [`sizeof(*${text})`] : undefined;
}

/** Of `PCTX context = (PCTX)Allocate(`: what the variable points to, under the name that its type has. */
function resultSize(analysis: Analysis, offset: number): readonly string[] {
  const { text } = analysis.unit.file;
  const open = bracketsAt(text, offset).findLast((bracket) => bracket.open === '(')?.at ?? -1;
  const name = wordBefore(text, lastCodeBefore(text, open) + 1);
  let at = lastCodeBefore(text, lastCodeBefore(text, open) + 1 - name.length);
  if (text[at] === ')') at = lastCodeBefore(text, text.lastIndexOf('(', at));
  if (text[at] !== '=') return [];
  const end = lastCodeBefore(text, at) + 1;
  const type = pathType(analysis, end);
  if (type?.kind !== 'pointer' || type.target.kind !== 'record') return [];
  const path = /[A-Za-z_][\w.]*(?:->[\w.]+)*$/.exec(text.slice(Math.max(0, end - 200), end))?.[0];
  const { alias, definition } = type.target;
  return [`sizeof(${alias ?? definition.typedefName ?? `*${path ?? ''}`})`];
}
