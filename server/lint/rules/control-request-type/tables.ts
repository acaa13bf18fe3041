/**
 * Options that lie in records: a call of WskControlSocket reads code and level from two members of one kind of record, and
 * lists say what such records hold. Out: each code in such a list, with what its own record says beside it.
 */

import type { Expression, InitializerList, MemberExpression } from '../../../../cfront/parse/ast.ts';
import { constantValue, stripConversions, walk } from '../../../../cfront/parse/walk.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import type { CType } from '../../../../cfront/types/types.ts';
import type { TranslationUnit } from '../../../../cfront/unit.ts';
import { nodesIn } from '../../body/nodes.ts';
import { ownDeclarations } from '../../body/own-declarations.ts';
import { memberRecord, recordName } from '../../body/record-type.ts';
import { givenTo } from '../../driver/handed-on.ts';
import { callsOf } from '../../driver/roles.ts';
import { namesIn } from '../../driver/written.ts';
import type { Session } from '../../flow/run/session.ts';
import { type ControlRequest, requestOf } from '../../ways/socket-controls.ts';
import { controlNames } from './mistake.ts';

export interface TabledControl {
  readonly unit: TranslationUnit;
  readonly code: Expression;
  /** As it is written. */
  readonly name: string;
  readonly request: ControlRequest | undefined;
  readonly level: bigint | undefined;
}

/** Where records of one kind have what a call reads from them. */
interface Shape {
  readonly code: number;
  readonly level: number | undefined;
  readonly request: number | undefined;
  /** What all calls say that read from it. */
  readonly fixed: ControlRequest | undefined;
}

export function tabledControls(session: Session): readonly TabledControl[] {
  const shapes = shapesIn(session);
  if (shapes.size === 0) return [];
  const found: TabledControl[] = [];
  for (const unit of session.units)
    for (const declaration of ownDeclarations(unit))
      walk(declaration, (node) => {
        if (node.kind !== 'variable-declaration' || node.initializer?.kind !== 'list') return;
        const type = elementOf(node.symbol.type);
        const shape = shapes.get(recordName(type) ?? '');
        if (shape !== undefined) found.push(...controlsIn(unit, node.initializer, sizeOf(type), shape));
      });
  return found;
}

/** By the names of the records; none of which two calls read in two ways. */
function shapesIn(session: Session): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, Shape>();
  const lost = new Set<string>();
  if (callsOf(session, 'WskControlSocket').length === 0) return shapes;
  for (const { isUsers, definition } of session.functions) {
    if (!isUsers) continue;
    for (const call of nodesIn(definition, 'call')) {
      if (!call.arguments.some((e) => memberIn(e) !== undefined)) continue;
      const [request, code, level] = [1, 2, 3].map((at) => givenTo(session, call, 'WskControlSocket', at));
      const member = memberIn(code);
      const name = member === undefined ? undefined : recordName(memberRecord(member));
      if (member === undefined || name === undefined) continue;
      const offsetIn = (e: Expression | undefined): number | undefined => {
        const other = memberIn(e);
        return other !== undefined && recordName(memberRecord(other)) === name ? other.offset : undefined;
      };
      const fixed = request === undefined ? undefined : requestOf(constantValue(request));
      const shape = { code: member.offset, level: offsetIn(level), request: offsetIn(request), fixed };
      const known = shapes.get(name);
      if (known !== undefined && JSON.stringify(known) !== JSON.stringify(shape)) lost.add(name);
      shapes.set(name, shape);
    }
  }
  for (const name of lost) shapes.delete(name);
  return shapes;
}

function controlsIn(
  unit: TranslationUnit,
  { entries }: InitializerList,
  size: number,
  { code, level, request, fixed }: Shape,
): readonly TabledControl[] {
  return entries.flatMap((entry) => {
    const start = entry.offset - code;
    const names = start < 0 || start % size !== 0 ? [] : namesIn(entry.value, controlNames);
    const [name, more] = names;
    if (name === undefined || more !== undefined) return [];
    const numberAt = (member: number | undefined): bigint | undefined => {
      const other = member === undefined ? undefined : entries.find(({ offset }) => offset === start + member);
      // What a list leaves out is zero.
      if (other === undefined) return member === undefined ? undefined : 0n;
      return constantValue(other.value);
    };
    const own = request === undefined ? fixed : requestOf(numberAt(request));
    return [{ unit, code: entry.value, name, request: own, level: numberAt(level) }];
  });
}

function memberIn(e: Expression | undefined): MemberExpression | undefined {
  const inner = e === undefined ? undefined : stripConversions(e, { casts: true });
  return inner?.kind === 'member' ? inner : undefined;
}

function elementOf(type: CType): CType {
  return type.kind === 'array' ? elementOf(type.element) : type;
}
