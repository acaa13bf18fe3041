/**
 * What lowering writes into: the block that is open, and the constructs around it that jumps have to leave.
 *
 * A jump out of a `__try` … `__finally` runs the handler on its way, so the handler is lowered once for every way
 * out. `MAX_INSTRUCTIONS` bounds that; beyond it instructions are dropped and the graph says that it is cut.
 */
import type {
  CallExpression,
  CaseStatement,
  CompoundStatement,
  FunctionSymbol,
  NodeBase,
  Statement,
  VariableSymbol,
} from '../../../../cfront/parse/ast.ts';
import type { Block, Instruction, NewInstruction, Temporary, Terminator } from './ir.ts';

/** Instructions of one function; the largest of real drivers have a tenth of it. */
export const MAX_INSTRUCTIONS = 40_000;

/** As the tree names AbnormalTermination() and GetExceptionCode(). */
export const ABNORMAL_TERMINATION = '_abnormal_termination';
export const EXCEPTION_CODE = '_exception_code';

/** A construct around the open block, innermost last. */
export type Context =
  | { readonly kind: 'loop'; readonly breakTo: Block; readonly continueTo: Block }
  | { readonly kind: 'switch'; readonly breakTo: Block }
  | { readonly kind: 'except'; readonly leaveTo: Block; readonly filter: Block; readonly node: NodeBase }
  | { readonly kind: 'finally'; readonly leaveTo: Block; readonly handler: CompoundStatement; readonly node: NodeBase };

/** Lowering calls itself in circles: files import downwards, and upwards they call through this table. */
export interface Lowering {
  readonly call: (b: Builder, e: CallExpression) => Temporary;
  readonly statement: (b: Builder, statement: Statement) => void;
  /** The statements of `({ … })`, and the temporary with the value of the last one. */
  readonly items: (b: Builder, body: CompoundStatement) => Temporary | undefined;
}

export interface Builder {
  readonly lower: Lowering;
  readonly blocks: Block[];
  open: Block;
  contexts: readonly Context[];
  /** What AbnormalTermination() gives in the `__finally` that is being lowered, for the way that runs it. */
  isAbnormal: boolean | undefined;
  temporaries: number;
  instructions: number;
  isCut: boolean;
  readonly variableOf: Map<Temporary, VariableSymbol>;
  readonly exposedFields: Set<string>;
  readonly cases: Map<CaseStatement, Block>;
  readonly labels: Map<string, Block>;
  /** For each label the `__try` statements around it, outermost first. */
  readonly labelTries: ReadonlyMap<string, readonly NodeBase[]>;
  /** A file that it includes was not found: what is unknown may be declared there. */
  readonly lacksHeaders: boolean;
  /** In whose body a fault stands for all that may come up in the `__try` around it. */
  readonly faulting: Set<NodeBase>;
  readonly mayRaise: (callee: FunctionSymbol | undefined) => boolean;
}

export function newBlock(b: Builder): Block {
  const block: Block = {
    id: b.blocks.length,
    instructions: [],
    end: { kind: 'stop' },
    order: -1,
    isLoopHead: false,
    isRepeated: false,
  };
  b.blocks.push(block);
  return block;
}

export function newTemporary(b: Builder): Temporary {
  return b.temporaries++;
}

export function emit(b: Builder, instruction: NewInstruction): void {
  if (b.instructions >= MAX_INSTRUCTIONS) {
    b.isCut = true;
    return;
  }
  // The id completes the member of the union that the caller wrote.
  b.open.instructions.push({ ...instruction, id: b.instructions++ } as Instruction);
}

/** Ends the open block and opens `next`. */
export function endBlock(b: Builder, end: Terminator, next: Block): void {
  b.open.end = end;
  b.open = next;
}

export function jumpTo(b: Builder, target: Block, next: Block): void {
  endBlock(b, { kind: 'jump', to: target }, next);
}

/** Emits an instruction that makes one value, and gives the temporary that holds it. */
export function make(b: Builder, build: (to: Temporary) => NewInstruction): Temporary {
  const to = newTemporary(b);
  emit(b, build(to));
  return to;
}
