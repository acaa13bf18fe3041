/**
 * The control-flow graph of a function: blocks of small instructions on numbered temporaries.
 *
 * Every C construct is lowered to these few operations, so that the interpreter knows nothing of C's control flow:
 * short circuits, conditionals and statement expressions are edges, places are addresses, implicit conversions are
 * instructions. A temporary is written by one instruction, but for the result of `&&`, `||` and `?:`, which each
 * branch writes. What could not be read is `anything`: after it, nothing is known.
 */
import type {
  BinaryOperator,
  CallExpression,
  Expression,
  FunctionSymbol,
  NodeBase,
  VariableSymbol,
} from '../../../../cfront/parse/ast.ts';
import type { CType } from '../../../../cfront/types/types.ts';

export type Temporary = number;

interface InstructionBase {
  /** Unique in the function, in order of lowering: names what the instruction makes ("result of 17"). */
  readonly id: number;
  readonly node: NodeBase;
}

export interface CallInstruction extends InstructionBase {
  readonly op: 'call';
  readonly to: Temporary;
  readonly callee: Temporary;
  readonly arguments: readonly Temporary[];
  readonly call: CallExpression;
}

export type Instruction =
  | (InstructionBase & { readonly op: 'integer'; readonly to: Temporary; readonly value: bigint })
  | (InstructionBase & { readonly op: 'function'; readonly to: Temporary; readonly symbol: FunctionSymbol })
  /** The address of a variable. */
  | (InstructionBase & { readonly op: 'variable'; readonly to: Temporary; readonly symbol: VariableSymbol })
  /** The address of a string. */
  | (InstructionBase & { readonly op: 'literal'; readonly to: Temporary })
  | (InstructionBase & { readonly op: 'unknown'; readonly to: Temporary })
  /** `base` moved by bytes: a member's address. */
  | (InstructionBase & {
      readonly op: 'shift';
      readonly to: Temporary;
      readonly base: Temporary;
      readonly bytes: number;
    })
  | (InstructionBase & {
      readonly op: 'element';
      readonly to: Temporary;
      readonly base: Temporary;
      readonly index: Temporary;
      /** Bytes of an element; negative where the index is subtracted. */
      readonly size: number;
      /** Elements of the array that is indexed, where it has that many: what lies behind them is something else. */
      readonly length?: number | undefined;
      /** It is read or written, and not only its address taken. */
      readonly isReached?: boolean;
    })
  | (InstructionBase & {
      readonly op: 'load';
      readonly to: Temporary;
      readonly from: Temporary;
      readonly type: CType;
      /** The member that holds an IRP, where that is read. */
      readonly field?: string | undefined;
      /** A device's extension: it is the same as long as there is the device. */
      readonly isFixed?: boolean;
    })
  | (InstructionBase & {
      readonly op: 'store';
      readonly address: Temporary;
      readonly value: Temporary;
      readonly type: CType;
      /** As for `load`. */
      readonly field?: string | undefined;
      /** What is assigned to; none for an initializer. */
      readonly target?: Expression | undefined;
    })
  /** A record assigned as a whole; both are addresses. */
  | (InstructionBase & {
      readonly op: 'copy';
      readonly address: Temporary;
      readonly from: Temporary;
      readonly size: number;
    })
  | (InstructionBase & {
      readonly op: 'binary';
      readonly to: Temporary;
      readonly operator: BinaryOperator;
      readonly left: Temporary;
      readonly right: Temporary;
      /** Of the operands. */
      readonly type: CType;
    })
  | (InstructionBase & {
      readonly op: 'convert';
      readonly to: Temporary;
      readonly from: Temporary;
      readonly fromType: CType;
      readonly type: CType;
    })
  | (InstructionBase & { readonly op: 'move'; readonly to: Temporary; readonly from: Temporary })
  | CallInstruction
  /** A local begins: all zero where an initializer list follows, otherwise unknown. */
  | (InstructionBase & { readonly op: 'declare'; readonly symbol: VariableSymbol; readonly isZeroed: boolean })
  | (InstructionBase & { readonly op: 'assume'; readonly condition: Temporary })
  /** An IRP, or a stack location of one, is read or written through this pointer. */
  | (InstructionBase & { readonly op: 'touch'; readonly what: 'irp' | 'location'; readonly pointer: Temporary })
  /** A loop asks memory again: by now another thread may have run, and what was in flight may be done. */
  | (InstructionBase & { readonly op: 'poll' })
  | (InstructionBase & { readonly op: 'anything' });

/** An instruction before it has its id: the builder numbers it. */
export type NewInstruction = Instruction extends infer I ? (I extends Instruction ? Omit<I, 'id'> : never) : never;

export interface SwitchCase {
  readonly low: bigint;
  readonly high: bigint;
  readonly block: Block;
}

export type Terminator =
  | { readonly kind: 'jump'; readonly to: Block }
  | { readonly kind: 'branch'; readonly condition: Temporary; readonly then: Block; readonly otherwise: Block }
  | {
      readonly kind: 'switch';
      readonly value: Temporary;
      readonly type: CType;
      readonly cases: readonly SwitchCase[];
      readonly otherwise: Block;
    }
  /** Either way can be taken: an exception may be raised here. */
  | { readonly kind: 'either'; readonly to: readonly Block[] }
  | { readonly kind: 'return'; readonly value: Temporary | undefined; readonly node: NodeBase }
  /** Control does not come out: an endless loop's end, a bug check, an exception that nobody here handles, a thread's end. */
  | { readonly kind: 'stop'; readonly endsThread?: true };

export interface Block {
  readonly id: number;
  readonly instructions: Instruction[];
  end: Terminator;
  /** Place in reverse postorder; blocks that cannot be reached have none (-1). */
  order: number;
  /** The target of an edge from a later block. */
  isLoopHead: boolean;
  /** Inside a loop, so that its instructions may run again. */
  isRepeated: boolean;
}

export interface Graph {
  readonly entry: Block;
  /** Those that can be reached, in reverse postorder. */
  readonly blocks: readonly Block[];
  readonly temporaries: number;
  /** Temporaries that hold the address of a variable: its loads and stores are uses of the variable itself. */
  readonly variableOf: ReadonlyMap<Temporary, VariableSymbol>;
  /** Members that hold an IRP and whose address is taken: anything may be written there. */
  readonly exposedFields: ReadonlySet<string>;
  /** The function is larger than the engine reads: the graph stops short. */
  readonly isCut: boolean;
}

export function successors(end: Terminator): readonly Block[] {
  switch (end.kind) {
    case 'jump':
      return [end.to];
    case 'branch':
      return [end.then, end.otherwise];
    case 'switch':
      return [...end.cases.map((c) => c.block), end.otherwise];
    case 'either':
      return end.to;
    case 'return':
    case 'stop':
      return [];
  }
}
