/** Values of the variables in an expression, for the message of a fault: "i = 17, p = NULL". */
import type { NodeBase, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { children, type TreeNode } from '../../../cfront/parse/walk.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { classOf, isSignedType } from '../compile/classes.ts';
import { createGuestMemory } from '../memory/guest-memory.ts';
import { frameStates, homeOf } from './frames.ts';
import type { MachineState } from './state.ts';
import type { ThreadState } from './thread.ts';

const VARIABLES_MAX = 4;

export function valuesIn(m: MachineState, thread: ThreadState, node: NodeBase): string {
  const index = frameStates(m, thread).findIndex((state) => state.kind === 'guest');
  if (index < 0 || !isTree(node)) return '';
  const texts: string[] = [];
  for (const symbol of variablesIn(node)) {
    const text = texts.length < VARIABLES_MAX ? variableText(m, thread, index, symbol) : undefined;
    if (text !== undefined) texts.push(`${symbol.name} = ${text}`);
  }
  return texts.join(', ');
}

function isTree(node: NodeBase): node is TreeNode {
  return 'kind' in node;
}

/** In order of mention. */
function variablesIn(node: TreeNode, found = new Set<VariableSymbol>()): Set<VariableSymbol> {
  if (node.kind === 'name' && node.symbol.kind === 'variable') found.add(node.symbol);
  else for (const child of children(node)) variablesIn(child, found);
  return found;
}

/** Undefined for what is no scalar or has no value yet. */
function variableText(m: MachineState, thread: ThreadState, index: number, symbol: VariableSymbol): string | undefined {
  const { type } = symbol;
  const valueClass = classOf(type);
  if (type.kind === 'array' || type.kind === 'function' || valueClass === 'record' || valueClass === 'void')
    return undefined;
  const home = homeOf(m, thread, index, symbol);
  if (home.kind === 'unavailable') return undefined;
  if (home.kind === 'register') return home.isInitialised ? scalarText(type, home.value) : undefined;
  const memory = createGuestMemory(m.store);
  const size = sizeOf(type);
  const bytes = memory.peek(home.address, size);
  if (bytes === undefined || memory.isPoisoned(home.address)) return undefined;
  return scalarText(
    type,
    bytes.reduceRight((whole, byte) => (whole << 8n) | BigInt(byte), 0n),
  );
}

function scalarText(type: CType, bits: bigint): string {
  if (type.kind === 'pointer') return bits === 0n ? 'NULL' : `0x${BigInt.asUintN(64, bits).toString(16).toUpperCase()}`;
  if (type.kind === 'float') {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt.asUintN(64, bits), true);
    return String(type.size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true));
  }
  const width = sizeOf(type) * 8;
  return String(isSignedType(type) ? BigInt.asIntN(width, bits) : BigInt.asUintN(width, bits));
}
