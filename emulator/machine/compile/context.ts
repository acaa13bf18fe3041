/**
 * What the compiler knows while it compiles one function: where its variables are, which registers are free, where
 * jumps go.
 *
 * Expressions, places, calls and statements refer to each other in circles; they meet in `parts`, which `function.ts`
 * fills in, so that no two files import each other.
 */
import { assert } from '../../../base/assert.ts';
import type { Span } from '../../../base/source.ts';
import type {
  CaseStatement,
  CompoundLiteralExpression,
  CompoundStatement,
  Expression,
  FunctionSymbol,
  Initializer,
  Statement,
  TryExceptStatement,
  TryFinallyStatement,
  VariableSymbol,
} from '../../../cfront/parse/ast.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { DEAD_FRAME, UNINITIALISED } from '../memory/shadow.ts';
import { hasPadding } from '../padding.ts';
import type { CallShape, TrapKind } from '../program.ts';
import { type Assembly, emit, type Label } from './assembly.ts';

/** A register of the function, by number. */
export type Register = number;

/** What linking gives to the compiler of a function: addresses, and tables to add to. */
export interface LinkServices {
  /** Offset in memory of a static object. */
  globalOffset(symbol: VariableSymbol): number;
  /** Offset of a compound literal that lives as long as the driver. */
  literalOffset(literal: CompoundLiteralExpression): number;
  /** True when 8 bytes at the offset lie among static objects, whatever memory's size. */
  isStatic(offset: number): boolean;
  /** Offset of a string's first byte; equal strings share it. */
  stringOffset(units: readonly number[], unitSize: number): number;
  /** Index in the code address space. */
  codeIndex(symbol: FunctionSymbol, span: Span): number;
  /** True when a guest function stands behind the index, or will. */
  isGuest(index: number): boolean;
  /** The function type with which the driver defines the function; undefined for natives. */
  definedAs(index: number): CType | undefined;
  /** Index of the native that is told of each call of this function before it is made; -1 where nobody is. */
  toldOf(symbol: FunctionSymbol, span: Span): number;
  addCall(call: CallShape): number;
  addStatement(span: Span, functionName: string): number;
  addCheckedName(name: string): number;
  addTrap(kind: TrapKind, detail: string): number;
  /** What can't be compiled; the instruction becomes a trap. */
  problem(span: Span, message: string): void;
}

export type Home =
  | { readonly kind: 'register'; readonly register: Register; readonly isChecked: boolean }
  | { readonly kind: 'frame'; readonly offset: number }
  | { readonly kind: 'global'; readonly offset: number };

/** Where a value lives that can be read or assigned. */
export type Place = (
  | { readonly kind: 'register'; readonly register: Register; readonly isChecked: boolean; readonly name: string }
  | { readonly kind: 'frame'; readonly offset: number }
  | { readonly kind: 'global'; readonly offset: number }
  | { readonly kind: 'pointer'; readonly base: Register; readonly offset: number }
) & { readonly bits?: { readonly offset: number; readonly width: number } | undefined };

/** A block of the frame that holds one object. */
export interface FrameSlot {
  readonly offset: number;
  readonly size: number;
  readonly alignment: number;
  /** Of an object of the source; undefined where a record is only on its way, with its bytes' state. */
  readonly type: CType | undefined;
}

/** A statement that jumps may leave. Innermost last in `FunctionContext.scopes`. */
export type Scope =
  | { readonly kind: 'loop'; readonly breakLabel: Label; readonly continueLabel: Label }
  | { readonly kind: 'switch'; readonly breakLabel: Label; readonly cases: ReadonlyMap<CaseStatement, Label> }
  | {
      readonly kind: 'try';
      readonly statement: TryExceptStatement | TryFinallyStatement;
      /** Where `__leave` goes. */
      readonly leaveLabel: Label;
      /** Code of the `__finally`, and the two registers that drive it. */
      readonly finalizer: { readonly label: Label; readonly register: Register } | undefined;
    }
  /**
   * A block whose objects in the frame are dead once it is left; `objects` are those that it has begun. Blocks that
   * control may enter past their start, and the function's own, have none.
   */
  | { readonly kind: 'block'; readonly statement: Statement; readonly objects: number[] | undefined }
  /** Inside a handler: its registers answer GetExceptionCode and AbnormalTermination. */
  | { readonly kind: 'handler'; readonly of: 'except' | 'finally'; readonly register: Register };

export interface PendingTry {
  readonly kind: 'except' | 'finally';
  readonly start: Label;
  readonly end: Label;
  readonly filter: Label | undefined;
  readonly handler: Label;
  readonly handlerEnd: Label;
  readonly register: Register;
}

export interface PendingVariable {
  readonly symbol: VariableSymbol;
  readonly start: Label;
  readonly end: Label;
  readonly depth: number;
}

export interface FunctionContext {
  readonly link: LinkServices;
  readonly code: Assembly;
  readonly functionName: string;
  /** Index of the function in the code address space. */
  readonly ownIndex: number;
  readonly resultType: CType;
  /** `main` returns 0 at its end. */
  readonly isMain: boolean;
  readonly homes: Map<VariableSymbol, Home>;
  /** Locals that live in the frame because they only take bytes from one place to another (see `carriers.ts`). */
  readonly carriers: ReadonlySet<VariableSymbol>;
  /** Keeps a result while a `__finally` runs. */
  readonly resultRegister: Register;
  /** Registers of variables; temporaries lie above. */
  readonly firstTemporary: Register;
  nextTemporary: Register;
  registerCount: number;
  readonly slots: FrameSlot[];
  frameEnd: number;
  /** Bytes of objects in the frame, without red zones. */
  frameBytes: number;
  readonly scopes: Scope[];
  readonly labels: Map<
    string,
    { readonly label: Label; readonly tries: readonly Statement[]; readonly blocks: readonly Statement[] }
  >;
  /** Blocks that control may enter past their start, by a label or a case; the function's own is one of them. */
  readonly enteredBlocks: ReadonlySet<Statement>;
  /** By call, what its result is converted to point to. */
  readonly pointees: Map<Expression, CType>;
  readonly tries: PendingTry[];
  readonly variables: PendingVariable[];
  depth: number;
  /** Register of the `__finally` pairs and exception codes, taken in order of the tries in the body. */
  readonly tryRegisters: Map<Statement, Register>;
  /** First register of the variadic area's address; undefined in ordinary functions. */
  readonly variadicRegister: Register | undefined;
  readonly parameterRegisters: readonly Register[];
  readonly parts: CompilerParts;
}

/** `wantsValue` false lets the result be anything. */
export interface ValueWanted {
  readonly wantsValue: boolean;
  readonly target: Register | undefined;
}

/** The mutually recursive parts of the compiler. */
export interface CompilerParts {
  /** The value in a register: in `target` where given, else in any. */
  value(c: FunctionContext, e: Expression, target?: Register): Register;
  /** Computes an expression for its effects alone. */
  effect(c: FunctionContext, e: Expression): void;
  /** Jumps to `label` when the truth of `e` is `sense`; falls through otherwise. */
  branch(c: FunctionContext, e: Expression, label: Label, sense: boolean): void;
  place(c: FunctionContext, e: Expression): Place;
  call(c: FunctionContext, e: Expression & { kind: 'call' }, wanted: ValueWanted): Register;
  statement(c: FunctionContext, s: Statement): void;
  /** The block's statements but the last, which `last` compiles within its scope. */
  block(c: FunctionContext, s: CompoundStatement, last: () => void): void;
  initialize(c: FunctionContext, place: Place, type: CType, initializer: Initializer): void;
}

/** The next free register for a temporary value. Callers give temporaries back by resetting `nextTemporary`. */
export function temporary(c: FunctionContext): Register {
  const register = c.nextTemporary++;
  c.registerCount = Math.max(c.registerCount, c.nextTemporary);
  return register;
}

/** `target` or a new temporary; whatever was taken above it is free again. */
export function resultRegister(c: FunctionContext, mark: Register, target: Register | undefined): Register {
  c.nextTemporary = mark;
  return target ?? temporary(c);
}

/** A place in the frame for an object, with red zones to both sides. */
export function allocateSlot(c: FunctionContext, size: number, alignment: number, type?: CType): number {
  assert(alignment <= 4096, 'an alignment is at most a page');
  const offset = alignUp(c.frameEnd, Math.max(alignment, 4));
  c.slots.push({ offset, size, alignment, type });
  // Objects up to 32 bytes get 16 bytes of red zone, larger ones in proportion.
  c.frameEnd = offset + size + Math.min(1024, Math.max(16, size >> 1));
  c.frameBytes += Math.max(8, size);
  return offset;
}

/** An object of the frame begins its life without a value; the innermost block ends it. */
export function beginLife(c: FunctionContext, offset: number): void {
  const block = innermostBlock(c);
  if (block?.objects !== undefined && !block.objects.includes(offset)) block.objects.push(offset);
  const slot = slotAt(c, offset);
  if (slot?.type !== undefined && hasPadding(slot.type)) emit(c.code, 'BEGIN', offset, slot.size, c.ownIndex);
  else markSlot(c, offset, UNINITIALISED);
}

/** Gives all bytes of an object in the frame a shadow state. */
export function markSlot(c: FunctionContext, offset: number, state: number): void {
  emit(c.code, 'MARK', offset, slotAt(c, offset)?.size ?? 0, state);
}

function slotAt(c: FunctionContext, offset: number): FrameSlot | undefined {
  return c.slots.find((candidate) => candidate.offset === offset);
}

/** The objects of a block are dead: whoever still has their address must not use it. */
export function endLives(c: FunctionContext, block: Scope & { readonly kind: 'block' }): void {
  for (const offset of block.objects ?? []) markSlot(c, offset, DEAD_FRAME);
}

export function innermostBlock(c: FunctionContext): (Scope & { readonly kind: 'block' }) | undefined {
  for (let i = c.scopes.length - 1; i >= 0; i--) {
    const scope = c.scopes[i];
    if (scope?.kind === 'block') return scope;
  }
  return undefined;
}

/** The innermost handler of a kind: what GetExceptionCode and AbnormalTermination refer to. */
export function handlerRegister(c: FunctionContext, of: 'except' | 'finally'): Register | undefined {
  for (let i = c.scopes.length - 1; i >= 0; i--) {
    const scope = c.scopes[i];
    if (scope?.kind === 'handler' && scope.of === of) return scope.register;
  }
  return undefined;
}

function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}
