/**
 * A linked driver as the machine runs it: what `link` makes and `createMachine` takes.
 *
 * Everything is immutable and shared by all machines that run it: the code, the first state of global memory, and the
 * tables that lead from an instruction back to the source.
 */
import type { Span } from '../../base/source.ts';
import type { FunctionSymbol, NodeBase, VariableSymbol } from '../../cfront/parse/ast.ts';
import type { CType } from '../../cfront/types/types.ts';
import type { ValueForm } from './compile/value-form.ts';
import type { Program, Region } from './machine-types.ts';

/**
 * How the machine passes a value: `s`/`u` up to 32 bits by signedness, `q` 64 bits, `f` floating, `r` a record's
 * address.
 */
export type PassingClass = 's' | 'u' | 'q' | 'f' | 'r';

/** What callers and callees must agree on. Records carry their size. */
export interface Signature {
  readonly parameters: readonly string[];
  readonly result: string;
  readonly isVariadic: boolean;
  /** False for `f()`: nothing is known of the parameters. */
  readonly hasPrototype: boolean;
}

/** A call in the source, or the shape of a call that the kernel makes. */
export interface CallShape {
  readonly span: Span;
  readonly functionName: string;
  readonly arguments: readonly PassingClass[];
  readonly signature: Signature;
  readonly resultType: CType;
  readonly resultForm: ValueForm;
  readonly isResultUsed: boolean;
  /** What the result points to where it becomes a pointer to something else than it was: the type of new memory. */
  readonly pointee: CType | undefined;
  /** The function's type as the call sees it. */
  readonly calleeType: CType;
  /** The callee's name where the call is direct; the expression's text elsewhere. */
  readonly calleeText: string;
}

export type VariablePlace =
  | { readonly kind: 'register'; readonly register: number; readonly flag: number | undefined }
  | { readonly kind: 'frame'; readonly offset: number }
  | { readonly kind: 'global'; readonly offset: number };

/** A variable and the instructions (word positions) at which its name means it. */
export interface DebugVariable {
  readonly symbol: VariableSymbol;
  readonly place: VariablePlace;
  readonly start: number;
  readonly end: number;
  /** Depth of the block that declares it; parameters 0. */
  readonly depth: number;
}

/** A `__try` and what belongs to it; positions are word positions in the code. */
export interface TryRange {
  readonly kind: 'except' | 'finally';
  readonly start: number;
  readonly end: number;
  /** Where the filter's code starts; `except` only. */
  readonly filter: number;
  readonly handler: number;
  readonly handlerEnd: number;
  /**
   * Exception code, then its EXCEPTION_POINTERS (`except`); return position and abnormal flag in two registers
   * (`finally`).
   */
  readonly register: number;
}

/** One guest function. */
export interface Routine {
  readonly name: string;
  readonly symbol: FunctionSymbol;
  readonly signature: Signature;
  readonly parameterForms: readonly ValueForm[];
  readonly resultForm: ValueForm;
  readonly entry: number;
  readonly end: number;
  /** Registers of its own; the windows of its calls lie within or beyond them. */
  readonly registers: number;
  /** Registers below this hold variables; above it temporaries. */
  readonly firstTemporary: number;
  /** Bytes of stack memory with red zones; 0 for none. */
  readonly frameSize: number;
  /** Shadow state of the frame on entry, in words. */
  readonly frameShadow: Int32Array;
  readonly frameAlignment: number;
  /** Bytes that a frame costs of the thread's stack, besides registers. */
  readonly charge: number;
  /** Parameters in registers, with the hidden result pointer. */
  readonly fixedParameters: number;
  readonly variables: readonly DebugVariable[];
  /** Innermost first. */
  readonly tries: readonly TryRange[];
  /** By statement: register variables that surely have a value there, one bit per register. */
  readonly assigned: ReadonlyMap<number, Uint32Array>;
  /** Register of each bit of `assigned`. */
  readonly trackedRegisters: readonly number[];
}

/** What a TRAP instruction stands for. */
export type TrapKind = 'breakpoint' | 'unreachable' | 'unsupported' | 'fast-fail';

/** What has a code address: a guest function, or a name that a native must stand behind. */
export interface CodeSymbol {
  readonly name: string;
  readonly symbol: FunctionSymbol;
  readonly routine: Routine | undefined;
}

/** A global, a static local or a string, at a fixed offset. */
export interface GlobalObject {
  readonly name: string;
  readonly symbol: VariableSymbol | undefined;
  readonly offset: number;
  readonly size: number;
  readonly redBefore: number;
  readonly redAfter: number;
  readonly kind: Region['kind'];
  readonly label: string;
  readonly isReadOnly: boolean;
  /** Declared but defined nowhere: its bytes count as never written until the kernel writes them. */
  readonly isUndefined: boolean;
}

export interface LinkedProgram extends Program {
  readonly code: Int32Array;
  /** By instruction: the statement it belongs to. */
  readonly statementOf: Int32Array;
  /** By instruction: the expression it was made for, for messages. */
  readonly nodeOf: readonly (NodeBase | undefined)[];
  readonly jumpTables: readonly Int32Array[];
  /** By index in the code address space. */
  readonly codeSymbols: readonly CodeSymbol[];
  /** Per code symbol `ROUTINE_WORDS` words for the VM's calls: see `vm.ts`. */
  readonly routineTable: Int32Array;
  readonly calls: readonly CallShape[];
  /** Names of locals in messages of CHECK. */
  readonly checkedNames: readonly string[];
  readonly traps: readonly { readonly kind: TrapKind; readonly detail: string }[];
  readonly globals: readonly GlobalObject[];
  readonly globalsByName: ReadonlyMap<string, GlobalObject>;
  readonly globalOf: ReadonlyMap<VariableSymbol, GlobalObject>;
  /** First bytes of memory, from offset 0, and their shadow. */
  readonly image: Uint8Array;
  readonly imageShadow: Uint8Array;
}

export const ROUTINE_WORDS = 8;
