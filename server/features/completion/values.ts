/**
 * Values that fit a place: the constants that the catalog lists for a parameter, narrowed by the arguments before it;
 * what a type can hold (statuses, enumerators, truth values); callbacks of the driver; and variables of just that type.
 */

import { parameterFact } from '../../../catalog/catalog.ts';
import type { ApiFacts, SocketCategory } from '../../../catalog/model.ts';
import type { VariableSymbol } from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import { compatibleUnqualified } from '../../../cfront/types/compatible.ts';
import { typeText } from '../../../cfront/types/text.ts';
import type { CType } from '../../../cfront/types/types.ts';
import type { MacroDefinition } from '../../../cfront/unit.ts';
import type { Analysis } from '../analysis.ts';
import { callbackOfType, roleOf } from '../driver/roles.ts';
import { factText } from '../markdown/api-markdown.ts';
import { functionTypeOf } from '../places/api-at.ts';
import { wordBefore } from '../places/brackets.ts';
import { type ArgumentPlace, apiOfCallee, typeOfCallee } from '../places/call-at.ts';
import { helperArguments } from '../places/helper-argument.ts';
import { handedOn } from '../places/macro-argument.ts';
import { globals, localsAt, ownFunctions, visible } from '../places/scope.ts';
import { callbackResults } from './callback-results.ts';
import { castItems } from './casts.ts';
import {
  bufferTypeName,
  controlSocketCall,
  deviceControlCodes,
  fittingFirst,
  fittingValues,
  typeIn,
} from './control-request.ts';
import type { Expected } from './expected-at.ts';
import { type CompletionItem, ofFacts, ranks } from './item.ts';
import { wordsInUse } from './likely.ts';
import { likelyResults } from './likely-results.ts';
import { memberValueItems, operandsBefore } from './member-values.ts';
import { ownerItems } from './owners.ts';
import { byteCounts, resultSizes, sizesFor } from './sizes.ts';
import { socketArgument } from './socket-arguments.ts';
import { categoryOfSocket, categoryOfTable } from './socket-category.ts';
import { variableItems } from './variables.ts';

/** What drivers return and compare with most; callbacks have lists of their own in the catalog. */
const commonStatuses = [
  'STATUS_SUCCESS',
  'STATUS_PENDING',
  'STATUS_UNSUCCESSFUL',
  'STATUS_INSUFFICIENT_RESOURCES',
  'STATUS_INVALID_PARAMETER',
  'STATUS_INVALID_DEVICE_REQUEST',
  'STATUS_INVALID_DEVICE_STATE',
  'STATUS_NOT_SUPPORTED',
  'STATUS_CANCELLED',
  'STATUS_BUFFER_TOO_SMALL',
  'STATUS_DEVICE_NOT_READY',
  'STATUS_TIMEOUT',
];

/** NULL for an optional argument comes behind what is something. */
const noneRank = 300;

/** Is added to that of a variable that the call is given already. */
const givenRank = 200;

export function valueItems(analysis: Analysis, expected: Expected, offset: number): readonly CompletionItem[] {
  if (expected.kind === 'cast') return castItems(analysis, expected.type, offset);
  const results = expected.kind === 'result' ? callbackResults(analysis, offset) : { items: [], isWhole: false };
  const named =
    expected.kind === 'argument'
      ? (helperItems(analysis, expected, offset) ?? argumentItems(analysis, expected.argument, expected.type, offset))
      : expected.kind === 'result'
        ? results.items
        : expected.member === undefined
          ? []
          : memberValueItems(analysis, expected.member, offset);
  const { type } = expected;
  if (type === undefined) return named;
  if (isInformation(expected)) return [...named, ...byteCounts(analysis, offset)];
  // What is listed of statuses are those that are given most, unless it is what a callback may return.
  const isListed =
    expected.kind === 'result'
      ? results.isWhole
      : type.alias !== 'NTSTATUS' && named.some((item) => item.rank < noneRank);
  const typed = [...(isListed ? [] : typeItems(analysis, expected, offset)), ...noneItems(expected, type)];
  const seen = new Set([...named.map((item) => item.label), ...targetBefore(analysis, expected, offset)]);
  // What stands behind `case` is known before the driver runs.
  const variables = expected.kind === 'case' ? [] : variablesFor(analysis, expected, type, offset);
  const rest = [...typed, ...variables].filter((item) => !seen.has(item.label));
  const all = [...named, ...rest];
  if (expected.kind !== 'result' || type.alias !== 'NTSTATUS') return all;
  return likelyFirst(analysis, all, likelyResults(analysis, offset), results.isWhole);
}

/** The likely names in front; one that is not there is added, unless what is there is all that is allowed. */
function likelyFirst(
  analysis: Analysis,
  items: readonly CompletionItem[],
  likely: readonly string[],
  isWhole: boolean,
): readonly CompletionItem[] {
  const first = likely.flatMap((name, rank) => {
    const known = items.find(({ label }) => label === name);
    if (known !== undefined) return [{ ...known, rank }];
    const isStatus = !isWhole && name.startsWith('STATUS_') && analysis.unit.macros.has(name);
    return isStatus ? [constantItem(analysis, name, 'NTSTATUS', rank)] : [];
  });
  const others = items.filter(({ label }) => !first.some((item) => item.label === label));
  return [...first, ...others.map((item) => ({ ...item, rank: item.rank + first.length }))];
}

/** What the value is stored in or compared with: nobody wants it there once more. */
function targetBefore({ unit }: Analysis, { kind }: Expected, offset: number): readonly string[] {
  if (kind !== 'value' && kind !== 'comparison') return [];
  const before = unit.file.text.slice(Math.max(0, offset - 200), offset);
  return /([\w$.[\]>-]+)\s*[!=]?=\s*\w*$/.exec(before)?.slice(1) ?? [];
}

/** What a pointer is compared with most; stored or returned, it comes behind what is something. */
function noneItems({ kind }: Expected, type: CType): readonly CompletionItem[] {
  if (type.kind !== 'pointer' || kind === 'argument') return [];
  const rank = kind === 'comparison' ? ranks.fitting : ranks.sameType + 200;
  return [{ label: 'NULL', kind: 'constant', detail: typeText(type), rank }];
}

/** What another argument of the call is already comes behind what is not. */
function variablesFor(analysis: Analysis, expected: Expected, type: CType, offset: number): readonly CompletionItem[] {
  const items = variableItems(analysis, type, offset, isAwaited(analysis, expected) ? 'wait' : undefined);
  if (expected.kind !== 'argument') return items;
  const { before, after } = expected.argument;
  const given = new Set([...before, ...after].map((text) => text.trim()));
  return items.map((item) => (given.has(item.label) ? { ...item, rank: item.rank + givenRank } : item));
}

/** The object of a wait is a pointer to anything by its type. */
function isAwaited({ catalog }: Analysis, expected: Expected): boolean {
  if (expected.kind !== 'argument' || expected.argument.index !== 0) return false;
  return apiOfCallee(expected.argument.callee, catalog)?.name === 'KeWaitForSingleObject';
}

/** Names and sizes that an argument may be, narrowed by those before it; the driver's variables are left out. */
export function argumentValues(
  analysis: Analysis,
  argument: ArgumentPlace,
  type: CType | undefined,
  offset: number,
): readonly string[] {
  return valueItems(analysis, { kind: 'argument', argument, type }, offset)
    .filter(({ kind }) => kind === 'constant')
    .map(({ label }) => label);
}

/** What a function of the driver hands its argument on to says which constants fit; undefined where nothing does. */
function helperItems(
  analysis: Analysis,
  { argument, type }: Extract<Expected, { readonly kind: 'argument' }>,
  offset: number,
): readonly CompletionItem[] | undefined {
  for (const place of helperArguments(analysis, argument)) {
    const found = argumentItems(analysis, place, type, offset).filter(({ rank }) => rank < noneRank);
    // What is written behind a control code is the API's, not the helper's.
    if (found.length > 0)
      return found.map((item) => {
        const { insert: _, ...bare } = item;
        return bare;
      });
  }
  return undefined;
}

function argumentItems(
  analysis: Analysis,
  { callee, index, before, after }: ArgumentPlace,
  type: CType | undefined,
  offset: number,
): readonly CompletionItem[] {
  const { catalog } = analysis;
  const facts = apiOfCallee(callee, catalog);
  const declared = typeOfCallee(callee)?.parameters;
  if (isFrameworkRequest(callee, index)) {
    return [...ownControlCodes(analysis), ...deviceControlCodes(catalog)].map((code, i) => codeItem(analysis, code, i));
  }
  const name = declared?.[index]?.name ?? facts?.parameters?.[index]?.name;
  const owners = ownerItems(analysis, { callee, index, before, after }, offset);
  if (owners.length > 0) return owners;
  if (facts === undefined || name === undefined) {
    return sizesOf(analysis, { callee, index, before, after }, offset).map((size, i) =>
      constantItem(analysis, size, name ?? '', i),
    );
  }
  const byName = Object.fromEntries(before.map((text, i) => [declared?.[i]?.name ?? '', text]));
  const fact = parameterFact(facts, name);
  const category = facts.name === 'WskControlSocket' ? categoryOfCallee(analysis, callee, before[0] ?? '') : undefined;
  const narrowed =
    socketArgument(analysis, facts, name, byName, offset) ?? fittingValues(catalog, facts, name, byName, category);
  const written = Object.fromEntries(after.map((text, i) => [declared?.[index + 1 + i]?.name ?? '', text]));
  const buffers = buffersOf(analysis, bufferTypeName(catalog, name, byName), offset);
  const isOptional =
    fact?.optional === true || declared?.[index]?.annotations.some((a) => /_opt_/.test(a.name)) === true;
  const isPointer = type?.kind === 'pointer';
  const none =
    fact?.reserved === true
      ? [isPointer ? 'NULL' : '0']
      : isOptional && narrowed?.length !== 0 && type?.kind !== 'integer'
        ? ['NULL']
        : [];
  const own = ownValues(analysis, name, offset);
  const isLast = /^\w*\s*(?:\)|;|\n|$)/.test(analysis.unit.file.text.slice(offset, offset + 80));
  const whole = (code: string): string | undefined =>
    facts.name === 'WskControlSocket' && name === 'ControlCode' && isLast
      ? controlSocketCall(catalog, code, byName)
      : undefined;
  const values = fittingFirst(catalog, facts, name, narrowed ?? catalog.valuesOf(facts, name), written);
  const sizes = values.length > 0 ? [] : sizesOf(analysis, { callee, index, before, after }, offset);
  const labels = new Set([...buffers, ...own, ...values, ...sizes, ...none]);
  // `A | `: a flag that is there already is not wanted again.
  for (const used of operandsBefore(analysis.unit.file.text, offset)) labels.delete(used);
  return [...labels].map((label, i) => {
    const insert = whole(label);
    const rank = i + (none.includes(label) && fact?.reserved !== true ? noneRank : 0);
    return {
      ...(name === 'IoControlCode'
        ? codeItem(analysis, label, rank)
        : constantItem(analysis, label, `${facts.name}: ${name}`, rank)),
      ...(fact?.note === undefined || catalog.byName(label).length > 0 ? {} : { note: factText(fact.note) }),
      ...(insert === undefined ? {} : { insert }),
    };
  });
}

/** What the driver itself has for a parameter of this name, whatever the function. */
function ownValues(analysis: Analysis, parameter: string, offset: number): readonly string[] {
  switch (parameter) {
    case 'IoControlCode':
      return ownControlCodes(analysis);
    case 'StackSize':
      return stackSizes(visible(analysis, offset));
    case 'Tag':
    case 'AllocateTag':
      return ownMacros(analysis, isPoolTag);
    default:
      return [];
  }
}

/** Sizes that an argument can be because of what stands in another one, or of what the call's result is stored in. */
function sizesOf(analysis: Analysis, written: ArgumentPlace, offset: number): readonly string[] {
  // RtlCopyMemory is a macro in front of memcpy, whose prototype tells.
  const { callee, index, before, after } = handedOn(analysis, written) ?? written;
  const parameters = typeOfCallee(callee)?.parameters;
  if (parameters === undefined) return [];
  const ofResult = callee.kind === 'function' ? resultSizes(callee.symbol.annotations) : resultSizesOfCall(callee);
  return sizesFor(analysis, { parameters, index, texts: [...before, '', ...after], ofResult }, offset);
}

function resultSizesOfCall(callee: ArgumentPlace['callee']): readonly string[] {
  const inner = callee.kind === 'call' ? stripConversions(callee.call.callee) : undefined;
  return inner?.kind === 'name' && inner.symbol.kind === 'function' ? resultSizes(inner.symbol.annotations) : [];
}

/** The third argument of what sends or formats a control request through an I/O target of the framework. */
function isFrameworkRequest(callee: ArgumentPlace['callee'], index: number): boolean {
  const name =
    callee.kind === 'unresolved' ? callee.name : callee.kind === 'function' ? callee.symbol.name : nameOfCall(callee);
  return index === 2 && /^WdfIoTarget(?:Send|FormatRequestFor)(?:Internal)?Ioctl/.test(name);
}

function nameOfCall(callee: ArgumentPlace['callee']): string {
  if (callee.kind !== 'call') return '';
  const inner = stripConversions(callee.call.callee);
  return inner.kind === 'name' ? inner.symbol.name : '';
}

/** A control code with what its buffers hold, or its method where it has none; the text beside the list tells both whole. */
function codeItem(analysis: Analysis, code: string, rank: number): CompletionItem {
  const ioctl = analysis.catalog.byName(code)[0]?.ioctl;
  const held = [ioctl?.input, ioctl?.output].flatMap((buffer) =>
    buffer === undefined ? [] : (typeIn(buffer) ?? buffer),
  );
  const detail = held.length > 0 ? [...new Set(held)].join(', ') : (ioctl?.method ?? 'of this driver');
  return constantItem(analysis, code, detail, rank);
}

function categoryOfCallee(
  analysis: Analysis,
  callee: ArgumentPlace['callee'],
  socket: string,
): SocketCategory | undefined {
  const inner = callee.kind === 'call' ? stripConversions(callee.call.callee) : undefined;
  const ofTable = inner?.kind === 'member' ? categoryOfTable(inner.object.type) : undefined;
  return ofTable === undefined || ofTable === 'basic' ? categoryOfSocket(analysis, socket) : ofTable;
}

/** Variables that hold what a control request takes, as an argument for a `PVOID`. */
function buffersOf(analysis: Analysis, typeName: string | undefined, offset: number): readonly string[] {
  if (typeName === undefined) return [];
  const pointed = (type: CType): string | undefined => (type.kind === 'pointer' ? type.target.alias : undefined);
  return [...localsAt(analysis, offset), ...globals(analysis)].flatMap(({ name, type }) =>
    type.alias === typeName ? [`&${name}`] : pointed(type) === typeName || type.alias === `P${typeName}` ? [name] : [],
  );
}

/** Control codes that the driver defines: their macros are spelt IOCTL_ by everybody. */
function ownControlCodes(analysis: Analysis): readonly string[] {
  return ownMacros(analysis, ({ name }) => name.startsWith('IOCTL_'));
}

function ownMacros({ unit }: Analysis, isWanted: (macro: MacroDefinition) => boolean): readonly string[] {
  return [...unit.macros.values()]
    .filter((macro) => macro.span !== undefined && !unit.isSystemFile(macro.span.file) && isWanted(macro))
    .map(({ name }) => name);
}

/** `'gaT1'`, mostly behind a cast and in parentheses. */
function isPoolTag({ parameters, body }: MacroDefinition): boolean {
  const [character, ...others] = body.filter(({ kind }) => kind !== 'identifier' && kind !== 'punctuator');
  return parameters === undefined && others.length === 0 && /^'[^'\\]{3,4}'$/.test(character?.text ?? '');
}

/** What an IRP for a device has to have room for. */
function stackSizes(variables: readonly VariableSymbol[]): readonly string[] {
  return variables.flatMap(({ name, type }) =>
    type.kind === 'pointer' && type.target.kind === 'record' && type.target.definition.tag === '_DEVICE_OBJECT'
      ? [`${name}->StackSize`]
      : [],
  );
}

/** How many bytes a request has moved, by its type any number. */
function isInformation(expected: Expected): boolean {
  return expected.kind === 'value' && expected.member?.name === 'Information';
}

/** What is kept in a type that C knows as a number only. */
const namesByType: Readonly<Record<string, readonly string[]>> = {
  BOOLEAN: ['TRUE', 'FALSE'],
  BOOL: ['TRUE', 'FALSE'],
  KIRQL: ['PASSIVE_LEVEL', 'APC_LEVEL', 'DISPATCH_LEVEL'],
  KPROCESSOR_MODE: ['KernelMode', 'UserMode'],
  ADDRESS_FAMILY: ['AF_INET', 'AF_INET6', 'AF_UNSPEC'],
};

function typeItems(analysis: Analysis, expected: Expected, offset: number): readonly CompletionItem[] {
  const { catalog } = analysis;
  const { kind: use, type } = expected;
  if (type === undefined) return [];
  const list = (labels: readonly string[]): readonly CompletionItem[] =>
    labels.map((label, i) => constantItem(analysis, label, typeText(type), 100 + i));
  const isStatus = type.alias === 'NTSTATUS';
  const known = isStatus
    ? statusesFor(analysis, offset)
    : (truths(analysis, expected) ?? namesByType[type.alias ?? '']);
  // What is handed on or returned is the status in a variable, as it is the level that was raised from.
  const isInVariable = type.alias === 'KIRQL' || (isStatus && (use === 'argument' || use === 'result'));
  const behind = isInVariable ? ranks.sameType : 0;
  if (known !== undefined) return list(known).map((item) => ({ ...item, rank: item.rank + behind }));
  if (type.kind === 'enum') return list(type.definition.constants?.map((c) => c.name) ?? []);
  const facts = callbackOfType(catalog, type);
  const wanted = type.kind === 'pointer' ? functionTypeOf(type) : undefined;
  if (wanted === undefined) return [];
  return ownFunctions(analysis).flatMap((symbol) => {
    const fits =
      facts === undefined ? compatibleUnqualified(symbol.type, wanted) : fitsRole(analysis, symbol, facts, wanted);
    if (!fits) return [];
    const { name } = symbol;
    const detail = typeText(symbol.type.result);
    return [{ label: name, kind: 'function' as const, detail, rank: ranks.fitting + 200, api: { name } }];
  });
}

/** The truth value first with which the catalog's note on the parameter begins: "FALSE in a driver." */
function truths({ catalog }: Analysis, expected: Expected): readonly string[] | undefined {
  if (expected.kind !== 'argument' || expected.type?.alias !== 'BOOLEAN') return undefined;
  const { callee, index } = expected.argument;
  const facts = apiOfCallee(callee, catalog);
  const name = typeOfCallee(callee)?.parameters[index]?.name;
  const note = facts === undefined || name === undefined ? undefined : parameterFact(facts, name)?.note;
  return note?.startsWith('FALSE') === true ? ['FALSE', 'TRUE'] : undefined;
}

/** Success, those that the file uses, the most used first, then what all drivers use. */
function statusesFor({ unit }: Analysis, offset: number): readonly string[] {
  const { text } = unit.file;
  const start = offset - wordBefore(text, offset).length;
  const names = ['STATUS_SUCCESS', ...wordsInUse(text, 'STATUS_', start), ...commonStatuses];
  return [...new Set(names)].filter((name) => name.startsWith('STATUS_') && unit.macros.has(name));
}

type FunctionSymbol = Parameters<typeof roleOf>[1];

function fitsRole(analysis: Analysis, symbol: FunctionSymbol, facts: ApiFacts, wanted: CType): boolean {
  const role = roleOf(analysis, symbol);
  return role === undefined ? compatibleUnqualified(symbol.type, wanted) : role === facts;
}

function constantItem({ catalog }: Analysis, label: string, detail: string, rank: number): CompletionItem {
  const known = catalog.byName(label)[0];
  return { label, kind: 'constant', detail, rank, ...ofFacts(known) };
}
