/**
 * What an API asks of its caller, read from the annotations of its prototype, and checked before every call in this one
 * place: the IRQL (`_IRQL_requires_max_` and so on, also under `_When_` where the condition can be worked out from the
 * arguments) and pointers that must not be NULL (`_In_`, `_Out_`, `_Inout_`). What a prototype can't say, an API checks
 * itself.
 */
import { computesOnly } from '../../../catalog/computations.ts';
import type { Annotation, FunctionSymbol } from '../../../cfront/parse/ast.ts';
import type { Token } from '../../../cfront/tokenize/token.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import type { CType } from '../../../cfront/types/types.ts';
import type { NativeCall } from '../../machine/machine-types.ts';
import { type NativeResult, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { constantValue } from '../constant-value.ts';
import { readText } from '../guest-text.ts';
import { checkPromisedWait } from '../ke/promised-waits.ts';
import type { Api, Kernel } from '../kernel-types.ts';
import { tokenExpressionValue } from '../token-expression.ts';
import { checkSection } from './code-sections.ts';
import { irqlRules, irqlSubcode } from './irql-codes.ts';
import { checkCallUnderLock } from './lock-checks.ts';
import { settleReset } from './reset-after-send.ts';

interface IrqlRange {
  readonly min: number;
  readonly max: number;
}

/** A range that holds when its condition does. */
interface ConditionalRange {
  readonly condition: readonly Token[];
  readonly irql: IrqlRange;
  /** Indexes of the parameters that the condition names. All else in it is constants of headers. */
  readonly names: readonly number[];
  /** The last answer, and the arguments that it depended on: most calls have the same flags as the one before. */
  last: { readonly given: readonly (number | bigint | undefined)[]; readonly holds: boolean } | undefined;
}

export interface ApiRule {
  readonly irql: IrqlRange;
  /** It does its work at APC_LEVEL too, whatever its page asks for. */
  readonly isComputation: boolean;
  /** Ranges that hold when their condition does. */
  readonly conditional: readonly ConditionalRange[];
  readonly parameters: readonly {
    readonly name: string | undefined;
    readonly type: CType;
    readonly isNonNull: boolean;
    /** A handle to a system service, which declines NULL. */
    readonly isHandle: boolean;
    /** A handle of a file, a key or the like, which the pseudo handle of the current process is not. */
    readonly isNoProcess: boolean;
  }[];
  /** Another thread may run after it: it is no mere computation. */
  readonly isSwitchPoint: boolean;
}

const apcLevel = 1;
const highLevel = 15;
const anyIrql: IrqlRange = { min: 0, max: highLevel };
const irqlNames = ['PASSIVE_LEVEL', 'APC_LEVEL', 'DISPATCH_LEVEL'];
const computations =
  /^(Rtl|mem|str|wcs|wmem|_|to|is|printf|puts|putchar|Dbg|vDbg|KeGet|KeQuery|Mm|IoGet|IoSizeOf|Ps?Get)/;

/** Functions that look at an address itself, and not at what lies there. */
const asksForAddresses = new Set(['MmIsAddressValid', 'ProbeForRead', 'ProbeForWrite', 'MmIsDriverVerifyingByAddress']);

/**
 * ntstrsafe.h puts these into the driver itself, where nothing looks at the IRQL: above PASSIVE_LEVEL they do their work
 * as long as what they touch is resident, and what is not is found where it is touched.
 */
const safeStrings = /^Rtl(Unaligned)?(String(Cb|Cch)|UnicodeString(Init|Copy|Cat|Cb|Cch|V?Printf|Validate))/;

/** The name is annotated as required, but Windows makes an event without one where it is NULL; no id is nobody's. */
const takesNoName = /^(?:IoCreate(Notification|Synchronization)Event|PsLookup(Process|Thread)By\w+)$/;

/** System services, whose untyped arguments are handles. */
const takesHandles = /^(?:Zw|Nt|ObCloseHandle$)/;

/** They look at a NULL handle themselves. */
const declinesNull = /^ObReferenceObjectByHandle/;

/** Parameters of system services that are handles of something else than a process. */
const noProcess = /^(?:File|Key|Event|Section|Directory|Link|Timer|Semaphore|Token)Handle$/;

/** Functions that do no more than write to memory that is resident: whatever the IRQL, they do it. */
const mereWriters = new Set(['ExInitializeRundownProtection', 'ExReInitializeRundownProtection']);

/** Undefined when the call may go on; otherwise the run stops. */
export function checkPreconditions(kernel: Kernel, call: NativeCall, rule: ApiRule): NativeResult | undefined {
  const range = irqlRange(kernel, call, rule);
  if (isOutside(kernel, rule, range)) {
    if (!safeStrings.test(call.name) && !mereWriters.has(call.name)) return reportIrql(kernel, call.name, range);
    warnOfIrql(kernel, call.name, range);
  }
  const bad = checkSection(kernel, call);
  if (bad !== undefined) return bad;
  if (kernel.parts.lockOrder.held.size > 0) checkCallUnderLock(kernel, call);
  const { waitPromises, resetWarnings } = kernel.parts.scheduler;
  if (waitPromises.size > 0) checkPromisedWait(kernel, call.name);
  if (resetWarnings.size > 0) settleReset(kernel, call);
  for (let i = 0; i < rule.parameters.length; i++) {
    const parameter = rule.parameters[i];
    // The lower half tells it of nearly all, and makes no bigint.
    const isNull = parameter?.isNonNull && call.arguments.int(i) === 0 && call.arguments.pointer(i) === 0n;
    if (isNull && parameter.isHandle) warnOfNullHandle(kernel, call.name, parameter.name ?? 'a handle');
    else if (parameter?.isNoProcess && call.arguments.int(i) === -1 && call.arguments.int64(i) === -1n)
      warnOfPseudoHandle(kernel, call.name, parameter.name ?? 'a handle');
    else if (isNull && !takesNoName.test(call.name))
      return reportNull(kernel, call.name, parameter.name ?? `argument ${i + 1}`, parameter.type);
  }
  return undefined;
}

/** What functions of the kernel that are written in C call at their door, with their name. */
const KiCheckCaller: Api = (kernel, call) => {
  const name = readText(kernel, call.arguments.pointer(0), { unit: 1 });
  const rule = ruleOf(kernel, name);
  const range = irqlRange(kernel, call, rule);
  if (!isOutside(kernel, rule, range)) return returnsVoid;
  if (!safeStrings.test(name)) return reportIrql(kernel, name, range);
  warnOfIrql(kernel, name, range);
  return returnsVoid;
};

export const callerCheckApis = { KiCheckCaller };

export function ruleOf(kernel: Kernel, name: string): ApiRule {
  const { rules } = kernel.parts.tables;
  const known = rules.get(name);
  if (known !== undefined) return known;
  const rule = readRule(kernel, name);
  rules.set(name, rule);
  return rule;
}

function isOutside({ irql }: Kernel, { isComputation }: ApiRule, { min, max }: IrqlRange): boolean {
  return irql < min || (irql > max && !(isComputation && irql === apcLevel));
}

export function irqlText(irql: number): string {
  return irqlNames[irql] ?? `IRQL ${irql}`;
}

function irqlRange(kernel: Kernel, call: NativeCall, rule: ApiRule): IrqlRange {
  if (rule.conditional.length === 0) return rule.irql;
  let range = rule.irql;
  for (const conditional of rule.conditional) {
    const { irql } = conditional;
    // Nearly all conditions are of one range that lies in the other.
    if (holds(kernel, call, rule, conditional)) range = isWithin(irql, range) ? irql : narrowed(range, irql);
  }
  return range;
}

function isWithin(inner: IrqlRange, outer: IrqlRange): boolean {
  return inner.min >= outer.min && inner.max <= outer.max;
}

function holds(kernel: Kernel, call: NativeCall, rule: ApiRule, conditional: ConditionalRange): boolean {
  const { condition, names, last } = conditional;
  if (last !== undefined && isSame(call, rule, names, last.given)) return last.holds;
  const given = names.map((index) => argumentValue(call, index, rule.parameters[index]?.type));
  const value = tokenExpressionValue(condition, (name) => {
    const at = names.findIndex((index) => rule.parameters[index]?.name === name);
    if (at < 0) return constantValue([kernel.parts.tables.headers()], name);
    const argument = given[at];
    return argument === undefined ? undefined : BigInt(argument);
  });
  const answer = value !== undefined && value !== 0n;
  conditional.last = { given, holds: answer };
  return answer;
}

function isSame(
  call: NativeCall,
  rule: ApiRule,
  names: readonly number[],
  given: readonly (number | bigint | undefined)[],
): boolean {
  for (let i = 0; i < names.length; i++) {
    const index = names[i] as number;
    if (argumentValue(call, index, rule.parameters[index]?.type) !== given[i]) return false;
  }
  return true;
}

/** A number where its type is of 32 bits at most. */
function argumentValue(call: NativeCall, index: number, type: CType | undefined): number | bigint | undefined {
  if (type === undefined || index >= call.arguments.count) return undefined;
  const size = sizeOf(type);
  if (size === 1) return call.arguments.uint(index) & 0xff;
  if (size === 2) return call.arguments.uint(index) & 0xffff;
  if (size === 4) return call.arguments.int(index);
  return call.arguments.uint64(index);
}

function reportIrql(kernel: Kernel, name: string, range: IrqlRange): NativeResult {
  const isHigh = kernel.irql > range.max;
  const subcode = irqlSubcode(name, isHigh, range.max);
  return kernel.report({
    rule: isHigh ? 'irql-too-high' : 'irql-too-low',
    severity: 'error',
    message: `${irqlMessage(kernel, name, range)}.`,
    also: [...irqlRules(name), isHigh ? 'C28121' : 'C28120', `0xC4/0x${subcode.toString(16).toUpperCase()}`],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', subcode, kernel.irql, range.max, name),
  });
}

function warnOfIrql(kernel: Kernel, name: string, range: IrqlRange): void {
  kernel.report({
    rule: 'irql-too-high',
    severity: 'warning',
    message: `${irqlMessage(kernel, name, range)}: Windows does not check it, and ${mereWriters.has(name) ? 'all that the function does is to write to the memory that it is given' : 'it goes well only while the function and all of its strings are resident'}.`,
    also: ['C28121'],
  });
}

function irqlMessage(kernel: Kernel, name: string, range: IrqlRange): string {
  const allowed =
    range.min === range.max
      ? `IRQL = ${irqlText(range.max)}`
      : kernel.irql > range.max
        ? `IRQL <= ${irqlText(range.max)}`
        : `IRQL >= ${irqlText(range.min)}`;
  return `${name} is called at ${irqlText(kernel.irql)}, but must be called at ${allowed}`;
}

function warnOfNullHandle(kernel: Kernel, name: string, parameter: string): void {
  kernel.report({
    rule: 'bad-handle',
    severity: 'warning',
    message: `${name} is called with ${parameter} = NULL; it returns STATUS_INVALID_HANDLE. The call that was to open it has failed, or was never made.`,
  });
}

function warnOfPseudoHandle(kernel: Kernel, name: string, parameter: string): void {
  kernel.report({
    rule: 'bad-handle',
    severity: 'warning',
    message: `${name} is called with ${parameter} = (HANDLE)-1: in the kernel that stands for the current process, and is no invalid handle. A call that opens a handle says by its status whether it has; keep NULL where none is open.`,
  });
}

function reportNull(kernel: Kernel, name: string, parameter: string, type: CType): NativeResult {
  const isIrp = type.kind === 'pointer' && type.target.kind === 'record' && type.target.definition.tag === '_IRP';
  const failedAt = kernel.parts.io.failedIrpAllocationAt;
  return kernel.report({
    rule: isIrp ? 'irp-null-check' : 'null-dereference',
    severity: 'error',
    message: `${name} is called with ${parameter} = NULL${isIrp ? ': IoAllocateIrp returns NULL when memory is short' : ''}.`,
    docRules: isIrp ? ['R14'] : [],
    history:
      isIrp && failedAt !== undefined
        ? [{ what: 'IoAllocateIrp returned NULL here', span: failedAt, statements: kernel.machine.statements }]
        : [],
    bugCheck:
      kernel.irql >= 2
        ? bugCheck('DRIVER_IRQL_NOT_LESS_OR_EQUAL', 0, kernel.irql, 0, name)
        : bugCheck('SYSTEM_THREAD_EXCEPTION_NOT_HANDLED', 0xc0000005, name),
  });
}

// ---- reading prototypes ----

function readRule(kernel: Kernel, name: string): ApiRule {
  const isSwitchPoint = !computations.test(name);
  const symbol = prototypeOf(kernel, name);
  const isComputation = computesOnly(name);
  if (symbol === undefined) return { irql: anyIrql, isComputation, conditional: [], parameters: [], isSwitchPoint };
  let irql = anyIrql;
  const conditional: ConditionalRange[] = [];
  for (const annotation of symbol.annotations) {
    irql = narrowed(irql, annotationRange(kernel, annotation.name, annotation.arguments[0] ?? []));
    const [condition, effect] = annotation.arguments;
    if (annotation.name === '_When_' && condition !== undefined && effect !== undefined) {
      const range = effectRange(kernel, effect);
      if (range === undefined) continue;
      const names = symbol.type.parameters.flatMap(({ name }, index) =>
        condition.some((token) => token.text === name) ? [index] : [],
      );
      conditional.push({ condition, irql: range, names, last: undefined });
    }
  }
  const parameters = symbol.type.parameters.map(({ name: parameter, type, annotations }) => {
    const isPointer = type.kind === 'pointer';
    const isUntyped = isPointer && type.target.kind === 'void';
    const mayBeNull = asksForAddresses.has(name) || (isUntyped && declinesNull.test(name));
    const isHandle = isUntyped && takesHandles.test(name);
    return {
      name: parameter,
      type,
      isNonNull: isPointer && !mayBeNull && annotations.some(isNonNull),
      isHandle,
      isNoProcess: isHandle && noProcess.test(parameter ?? ''),
    };
  });
  return { irql, isComputation, conditional, parameters, isSwitchPoint };
}

function prototypeOf(kernel: Kernel, name: string): FunctionSymbol | undefined {
  const symbol = kernel.parts.tables.headers().symbols.get(name);
  return symbol?.kind === 'function' ? symbol : undefined;
}

function isNonNull(annotation: Annotation): boolean {
  return annotation.name === '_In_' || annotation.name === '_Out_' || annotation.name === '_Inout_';
}

function annotationRange(kernel: Kernel, name: string, argument: readonly Token[]): IrqlRange | undefined {
  if (!name.startsWith('_IRQL_requires_') || name === '_IRQL_requires_same_') return undefined;
  const level = tokenExpressionValue(argument, (word) => constantValue([kernel.parts.tables.headers()], word));
  if (level === undefined) return undefined;
  const irql = Number(level);
  if (name === '_IRQL_requires_max_') return { min: 0, max: irql };
  if (name === '_IRQL_requires_min_') return { min: irql, max: highLevel };
  return { min: irql, max: irql };
}

/** The second argument of `_When_`: `_IRQL_requires_max_(APC_LEVEL)`, alone or followed by others. */
function effectRange(kernel: Kernel, effect: readonly Token[]): IrqlRange | undefined {
  const name = effect[0]?.text;
  const close = effect.findIndex((token) => token.text === ')');
  if (name === undefined || effect[1]?.text !== '(' || close < 0) return undefined;
  return annotationRange(kernel, name, effect.slice(2, close));
}

function narrowed(range: IrqlRange, by: IrqlRange | undefined): IrqlRange {
  return by === undefined ? range : { min: Math.max(range.min, by.min), max: Math.min(range.max, by.max) };
}
