/**
 * What a `return` most likely gives back, by what the function has done on its way there: the status that a condition
 * around it has found to be a failure, STATUS_PENDING behind IoMarkIrpPending, what the request was completed with, the
 * variable that has the last status. In: a place. Out: names, the likeliest first; none where nothing tells.
 */
import type { Expression, FunctionDefinition, Statement, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { findPath, nodePlace, someNode, stripConversions, type TreeNode, walk } from '../../../cfront/parse/walk.ts';
import { calledName } from '../../lint/driver/callee.ts';
import type { Analysis } from '../analysis.ts';
import { roleOf } from '../driver/roles.ts';
import { functionAt, localsAt } from '../places/scope.ts';

export function likelyResults(analysis: Analysis, offset: number): readonly string[] {
  const definition = functionAt(analysis, offset);
  if (definition === undefined) return [];
  const role = roleOf(analysis, definition.symbol);
  const way = wayTo(analysis, definition, offset);
  if (role?.typeName === 'IO_COMPLETION_ROUTINE') {
    if (!way.calls.has('IoMarkIrpPending')) return [];
    const newer = 'STATUS_CONTINUE_COMPLETION';
    return [analysis.unit.file.text.includes(newer) ? newer : 'STATUS_SUCCESS'];
  }
  const variable = way.status ?? localsAt(analysis, offset).find(({ type }) => type.alias === 'NTSTATUS')?.name;
  const isPending = role?.typeName === 'DRIVER_DISPATCH' && way.calls.has('IoMarkIrpPending');
  const found = [way.failed, isPending ? 'STATUS_PENDING' : undefined, way.completedWith, variable];
  return [...new Set(found.filter((name) => name !== undefined))];
}

/** What is done and known on every way to a place, as far as the statements before it tell. */
interface Way {
  readonly calls: Set<string>;
  /** What was last put into the status block of a request. */
  completedWith: string | undefined;
  /** The variable that was last given a status. */
  status: string | undefined;
  /** What the condition next around the place says of a failure. */
  failed: string | undefined;
  /** Which function gave a variable its value, by their names. */
  readonly givers: Map<string, string>;
}

function wayTo({ unit }: Analysis, { nameToken }: FunctionDefinition, offset: number): Way {
  const way: Way = {
    calls: new Set(),
    completedWith: undefined,
    status: undefined,
    failed: undefined,
    givers: new Map(),
  };
  const textOf = (node: TreeNode): string => {
    const { file, start, end } = nodePlace(node);
    return file === nameToken.file ? file.text.slice(start, end) : '';
  };
  const path = findPath(unit, offset);
  for (const [i, node] of path.entries()) {
    if (node.kind === 'compound') {
      for (const item of before(node.items, offset)) {
        if (comesHere(item)) note(way, item, textOf);
        else if (item.kind === 'if') note(way, item.condition, textOf);
      }
    } else if (node.kind === 'if' && path[i + 1] === node.then) {
      note(way, node.condition, textOf);
      way.failed = failure(way, textOf(node.condition)) ?? way.failed;
    }
  }
  return way;
}

/** The statements of a block before a place, of a `switch` those behind the last label only. */
function before(items: readonly Statement[], offset: number): readonly Statement[] {
  const passed = items.filter((item) => nodePlace(item).end <= offset);
  const label = passed.findLastIndex(({ kind }) => kind === 'case');
  return label < 0 ? passed : passed.slice(label);
}

/** Whoever leaves in the midst of a statement does not come behind it. */
function comesHere(item: Statement): boolean {
  const isBranch = item.kind === 'if' || item.kind === 'compound';
  return !someNode(item, ({ kind }) => {
    return kind === 'return' || kind === 'goto' || (isBranch && (kind === 'break' || kind === 'continue'));
  });
}

function note(way: Way, done: TreeNode, textOf: (node: TreeNode) => string): void {
  walk(done, (node) => {
    if (node.kind === 'call') {
      const name = calledName(node);
      if (name !== undefined) way.calls.add(name);
    } else if (node.kind === 'variable-declaration') {
      if (node.initializer?.kind === 'expression') given(way, node.symbol, node.initializer.value);
    } else if (node.kind === 'assign' && node.operator === undefined) {
      const target = stripConversions(node.target);
      if (target.kind === 'name' && target.symbol.kind === 'variable') given(way, target.symbol, node.value);
      const value = textOf(node.value);
      if (/\bIoStatus\s*\.\s*Status$/.test(textOf(target)) && /^\w+$/.test(value)) way.completedWith = value;
    }
  });
}

function given(way: Way, { name, type }: VariableSymbol, value: Expression): void {
  if (type.alias === 'NTSTATUS') way.status = name;
  const giver = stripConversions(value, { casts: true });
  way.givers.set(name, giver.kind === 'call' ? (calledName(giver) ?? '') : '');
}

/** `!NT_SUCCESS(status)`, or a pointer that an allocation has left NULL. */
function failure({ givers }: Way, condition: string): string | undefined {
  const failed = /^(?:!\s*NT_SUCCESS|NT_ERROR)\s*\(\s*(\w+)\s*\)$|^(\w+)\s*!=\s*STATUS_SUCCESS$/.exec(condition);
  if (failed !== null) return failed[1] ?? failed[2];
  const [, ...names] = /^!\s*(\w+)$|^(\w+)\s*==\s*NULL$|^NULL\s*==\s*(\w+)$/.exec(condition) ?? [];
  const pointer = names.find((name) => name !== undefined);
  const isAllocated = pointer !== undefined && /^(?:Ex|Io|Mm)Allocate/.test(givers.get(pointer) ?? '');
  return isAllocated ? 'STATUS_INSUFFICIENT_RESOURCES' : undefined;
}
