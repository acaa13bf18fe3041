/**
 * Which temporaries and unshared locals are still read after the start of a block.
 *
 * Backward data flow to a fixed point; sets only grow and are bounded, so it ends. What is not live is dropped from a
 * state when it enters the block: states that differ only in dead values are the same state.
 */
import type { VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { type Block, type Graph, type Instruction, successors, type Temporary, type Terminator } from './ir.ts';

export interface Live {
  readonly temporaries: ReadonlySet<Temporary>;
  readonly variables: ReadonlySet<VariableSymbol>;
}

type Slot = Temporary | VariableSymbol;

export interface Liveness {
  /** Live at the start of each block, by its order. */
  readonly blocks: readonly Live[];
  /** Temporaries that are still read after a call, by the call's id. */
  readonly afterCall: ReadonlyMap<number, ReadonlySet<Temporary>>;
}

export function findLive(graph: Graph): Liveness {
  const unshared = new Set([...graph.variableOf.values()].filter(isUnshared));
  const effects = graph.blocks.map((block) => blockEffects(graph, block, unshared));
  const live: Set<Slot>[] = graph.blocks.map(() => new Set());
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = graph.blocks.length - 1; i >= 0; i--) {
      const block = graph.blocks[i] as Block;
      const { uses, sets } = effects[i] as Effects;
      const own = live[i] as Set<Slot>;
      const before = own.size;
      for (const slot of uses) own.add(slot);
      for (const next of successors(block.end)) {
        for (const slot of live[next.order] as Set<Slot>) if (!sets.has(slot)) own.add(slot);
      }
      if (own.size !== before) changed = true;
    }
  }
  return { blocks: live.map(split), afterCall: findAfterCalls(graph, live) };
}

function split(slots: ReadonlySet<Slot>): Live {
  const temporaries = new Set<Temporary>();
  const variables = new Set<VariableSymbol>();
  for (const slot of slots) {
    if (typeof slot === 'number') temporaries.add(slot);
    else variables.add(slot);
  }
  return { temporaries, variables };
}

function findAfterCalls(graph: Graph, live: readonly ReadonlySet<Slot>[]): ReadonlyMap<number, ReadonlySet<Temporary>> {
  const after = new Map<number, ReadonlySet<Temporary>>();
  for (const block of graph.blocks) {
    const current = new Set<Temporary>();
    for (const next of successors(block.end))
      for (const slot of live[next.order] ?? []) if (typeof slot === 'number') current.add(slot);
    for (const slot of endOperands(block.end)) current.add(slot);
    for (const instruction of block.instructions.toReversed()) {
      if (instruction.op === 'call') after.set(instruction.id, new Set(current));
      if ('to' in instruction) current.delete(instruction.to);
      for (const operand of operands(instruction)) current.add(operand);
    }
  }
  return after;
}

function endOperands(end: Terminator): readonly Temporary[] {
  if (end.kind === 'branch') return [end.condition];
  if (end.kind === 'switch') return [end.value];
  return end.kind === 'return' && end.value !== undefined ? [end.value] : [];
}

/** A local that only its own name reaches. */
export function isUnshared(variable: VariableSymbol): boolean {
  return (
    variable.duration === 'automatic' &&
    !variable.isAddressTaken &&
    variable.type.kind !== 'record' &&
    variable.type.kind !== 'array'
  );
}

interface Effects {
  readonly uses: ReadonlySet<Slot>;
  readonly sets: ReadonlySet<Slot>;
}

/** `unshared`: the function's variables that only their names reach, each once. */
function blockEffects(graph: Graph, block: Block, unshared: ReadonlySet<VariableSymbol>): Effects {
  const uses = new Set<Slot>();
  const sets = new Set<Slot>();
  const use = (slot: Slot): void => {
    if (!sets.has(slot)) uses.add(slot);
  };
  const variable = (temporary: Temporary): VariableSymbol | undefined => {
    const symbol = graph.variableOf.get(temporary);
    return symbol !== undefined && unshared.has(symbol) ? symbol : undefined;
  };
  for (const instruction of block.instructions) {
    for (const operand of operands(instruction)) use(operand);
    if (instruction.op === 'load') {
      const symbol = variable(instruction.from);
      if (symbol !== undefined) use(symbol);
    } else if (instruction.op === 'store') {
      const symbol = variable(instruction.address);
      if (symbol !== undefined) sets.add(symbol);
    } else if (instruction.op === 'declare' && isUnshared(instruction.symbol)) sets.add(instruction.symbol);
    // What could not be read may use any of them.
    if (instruction.op === 'anything') for (const symbol of unshared) use(symbol);
    if ('to' in instruction) sets.add(instruction.to);
  }
  for (const operand of endOperands(block.end)) use(operand);
  return { uses, sets };
}

function operands(instruction: Instruction): readonly Temporary[] {
  switch (instruction.op) {
    case 'integer':
    case 'function':
    case 'variable':
    case 'literal':
    case 'unknown':
    case 'declare':
    case 'poll':
    case 'anything':
      return [];
    case 'shift':
      return [instruction.base];
    case 'element':
      return [instruction.base, instruction.index];
    case 'load':
    case 'convert':
    case 'move':
      return [instruction.from];
    case 'store':
      return [instruction.address, instruction.value];
    case 'copy':
      return [instruction.address, instruction.from];
    case 'binary':
      return [instruction.left, instruction.right];
    case 'call':
      return [instruction.callee, ...instruction.arguments];
    case 'assume':
      return [instruction.condition];
    case 'touch':
      return [instruction.pointer];
  }
}
