/**
 * Variables that last, and members of the driver's own structures, to which nothing in a whole driver ever gives a pointer:
 * they are NULL wherever they are used.
 *
 * In: a whole driver. Out: the first use of each by which the driver relies on it. A member is the same one in all structures
 * of its type. Nothing is said of structures that come from elsewhere or are written as a whole, as bytes or through another
 * type, nor of what a condition on the way asks about.
 */

import { memo } from '../../../base/memo.ts';
import type { SourceFile } from '../../../base/source.ts';
import type {
  DeclarationNode,
  Expression,
  FunctionSymbol,
  Initializer,
  VariableSymbol,
} from '../../../cfront/parse/ast.ts';
import { constantValue, stripConversions, type TreeNode, walk } from '../../../cfront/parse/walk.ts';
import type { CType, RecordDefinition } from '../../../cfront/types/types.ts';
import { conditionsOf } from '../body/asked-names.ts';
import { ownDeclarations } from '../body/own-declarations.ts';
import { isInUnion, memberRecord, recordKey } from '../body/record-type.ts';
import { isContextGetter } from '../body/wdf-context.ts';
import { touchesMemory } from '../flow/calls/apis.ts';
import { keepsNothing } from '../flow/calls/kernel-apis.ts';
import { calledType } from '../flow/calls/recognise.ts';
import type { FunctionInfo, Session } from '../flow/run/session.ts';
import { calledName } from './callee.ts';
import { around, isWholeDriver, liveFunctions } from './reach.ts';
import { functionNamed } from './roles.ts';

export interface NeverGiven {
  readonly fn: FunctionInfo;
  readonly use: Expression;
  readonly name: string;
}

export function neverGiven(session: Session): readonly NeverGiven[] {
  if (!isWholeDriver(session)) return [];
  const given = new Set<Key>();
  const made = new Set<string>();
  const all: Mentions[] = [];
  for (const unit of session.units)
    for (const node of ownDeclarations(unit)) {
      const mentions = mentionsIn(node);
      for (const key of mentions.given) given.add(key);
      for (const key of mentions.made) made.add(key);
      all.push(mentions);
    }
  const open = new Set<Key>();
  for (const { uses } of all)
    for (const { key, member } of uses)
      if (!given.has(key) && (member === undefined || (isMade(member, made) && isUngiven(member, given))))
        open.add(key);
  if (open.size === 0) return [];
  const first = new Map<Key, NeverGiven>();
  for (const fn of liveFunctions(session))
    for (const use of mentionsIn(fn.definition).uses)
      if (open.has(use.key) && !first.has(use.key) && isRelied(session, fn, use) && !isFilled(session, fn, use, all))
        first.set(use.key, { fn, use: use.use, name: use.name });
  return [...first.values()];
}

/** The driver allocates such structures, has them as variables, or as extensions of devices that it creates. */
function isMade({ record }: Member, made: ReadonlySet<string>): boolean {
  return made.has(record) || (made.has(DEVICES) && made.has(extension(record)));
}

const DEVICES = 'devices';

function extension(record: string): string {
  return `extension ${record}`;
}

/** Nothing gives all members of the structure, nor what lies at the same place of another one. */
function isUngiven({ record, place }: Member, given: ReadonlySet<Key>): boolean {
  return !given.has(record) && !given.has(place);
}

/** The system looks behind it, or the driver does, and no condition asks about it. */
function isRelied(session: Session, fn: FunctionInfo, { by, key }: Use): boolean {
  if (by !== undefined && session.functionOf(by)?.isUsers === true) return false;
  return !isAskedAround(session, fn, key);
}

/** A function of the system gets the structure that has it, and may write there. */
function isFilled(session: Session, { unit }: FunctionInfo, { member }: Use, all: readonly Mentions[]): boolean {
  if (member === undefined) return false;
  const isSystems = unit.isSystemFile(member.file);
  return all.some(({ passed }) =>
    passed.some(
      ({ record, to, name }) =>
        record === member.record &&
        (to === undefined || session.functionOf(to)?.isUsers !== true) &&
        (isSystems || copies.test(name)) &&
        !(touchesMemory(name) ? !copies.test(name) : keepsNothing(name)),
    ),
  );
}

const copies = /Copy|Move|cpy|move|Control|Query|Read/;

/** A condition asks about it, in the function, in those that lead there, or in a helper that answers one of them. */
function isAskedAround(session: Session, fn: FunctionInfo, key: Key): boolean {
  const asks = (one: FunctionInfo): boolean => mentionsIn(one.definition).asked.has(key);
  return around(session, fn).some(
    (one) =>
      asks(one) ||
      [...mentionsIn(one.definition).answers].some((symbol) => {
        const helper = session.functionOf(symbol);
        return helper?.isUsers === true && asks(helper);
      }),
  );
}

interface Member {
  /** The structure, as `recordKey` names it. */
  readonly record: string;
  /** So many bytes into whatever structure, a pointer to this. */
  readonly place: string;
  readonly file: SourceFile;
}

/** A member by its structure's name and its own, a variable that other files may name by that name, any other by itself. */
type Key = string | VariableSymbol;

interface Holder {
  readonly key: Key;
  readonly name: string;
  readonly member: Member | undefined;
}

interface Use extends Holder {
  readonly use: Expression;
  /** The function that is given it. */
  readonly by?: FunctionSymbol | undefined;
}

/** A function gets the address of a structure. */
interface Passed {
  readonly record: string;
  readonly to: FunctionSymbol | undefined;
  readonly name: string;
}

interface Mentions {
  /** What may be given something other than NULL, and structures of which any member may. */
  readonly given: ReadonlySet<Key>;
  /** Structures that are made here, or are the extensions of devices; and whether devices are. */
  readonly made: ReadonlySet<string>;
  /** What a condition asks about. */
  readonly asked: ReadonlySet<Key>;
  /** Functions that are called for what they return. */
  readonly answers: ReadonlySet<FunctionSymbol>;
  /** What somebody looks behind, or gives to a function of the system that takes no NULL. */
  readonly uses: readonly Use[];
  readonly passed: readonly Passed[];
}

const mentionsIn = memo((root: DeclarationNode): Mentions => {
  const given = new Set<Key>();
  const made = new Set<string>();
  const asked = new Set<Key>();
  const answers = new Set<FunctionSymbol>();
  const uses: Use[] = [];
  const passed: Passed[] = [];
  const give = (place: Expression): void => {
    const holder = holderOf(stripConversions(place));
    if (holder !== undefined) given.add(holder.key);
    if (holder?.member !== undefined) given.add(holder.member.place);
    giveAll(place.type);
  };
  const giveAll = (type: CType): void => {
    for (const record of recordsIn(type)) given.add(record);
  };
  const ask = (condition: Expression): void =>
    walk(condition, (node) => {
      const key = holderOf(node)?.key;
      if (key !== undefined) asked.add(key);
    });
  const use = (e: Expression | undefined, by?: FunctionSymbol): void => {
    const inner = e === undefined ? undefined : stripConversions(e, { casts: true });
    const holder = inner === undefined ? undefined : holderOf(inner);
    const isElsewhere =
      inner?.kind === 'name' && inner.symbol.kind === 'variable' && inner.symbol.definition === undefined;
    if (inner !== undefined && holder !== undefined && !isElsewhere && leadsToRecord(inner.type))
      uses.push({ ...holder, use: inner, by });
  };
  /** What a pointer of no type is taken for: memory that was made for it, or something of other people's. */
  const take = (to: CType, operand: Expression): void => {
    const from = stripConversions(operand, { casts: true });
    const [a, b] = [to, from.type].map((type) => (type.kind === 'pointer' ? type.target : undefined));
    if (a?.kind !== 'record' || b === undefined) return;
    if (b.kind === 'record') {
      if (a.definition !== b.definition) for (const type of [a, b]) giveAll(type);
    } else if (b.kind === 'void') {
      const name = from.kind === 'call' ? (calledName(from) ?? '') : from.kind === 'member' ? from.name : '';
      if (name === 'DeviceExtension') for (const record of recordsIn(a)) made.add(extension(record));
      else if (makes.test(name)) for (const record of recordsIn(a)) made.add(record);
      else if (others.test(name)) giveAll(a);
    }
  };
  walk(root, (node) => {
    conditionsOf(node).forEach(ask);
    switch (node.kind) {
      case 'sizeof':
        return false;
      case 'assign':
        if (constantValue(node.value) !== 0n) give(node.target);
        break;
      case 'increment':
        give(node.operand);
        break;
      case 'address-of':
        if (stripConversions(node.operand).type.kind !== 'record') give(node.operand);
        break;
      case 'variable-declaration':
        for (const record of recordsIn(node.symbol.type)) made.add(record);
        if (node.initializer !== undefined) giveInitial(node.symbol, node.initializer, given);
        break;
      case 'cast':
      case 'convert':
        take(node.type, node.operand);
        break;
      case 'member':
        if (node.isArrow) use(node.object);
        break;
      case 'dereference':
        use(node.operand);
        break;
      case 'call': {
        const to = functionNamed(node.callee);
        const name = calledName(node) ?? '';
        if (/^(?:Wdmlib)?IoCreateDevice/.test(name)) made.add(DEVICES);
        if (to !== undefined && isContextGetter(to) && node.type.kind === 'pointer')
          for (const record of recordsIn(node.type.target)) made.add(record);
        if (to !== undefined && node.type.kind !== 'void') answers.add(to);
        for (const [index, argument] of node.arguments.entries()) {
          const parameter = calledType(node)?.parameters[index];
          const { type } = stripConversions(argument, { casts: true });
          if (parameter?.annotations.some((one) => /^_In(?:out)?_$/.test(one.name)) === true) use(argument, to);
          if (type.kind === 'pointer') for (const record of recordsIn(type.target)) passed.push({ record, to, name });
        }
        break;
      }
      default:
    }
    return true;
  });
  return { given, made, asked, answers, uses, passed };
});

/** Calls that lead to what the driver itself has made of this type. */
const makes = /Alloc|TypedContext|GetDriverObjectExtension/;
/** Those that lead to what others have: a request's buffers and parameters. */
const others = /Buffer|Mapped|SystemAddress|^(?:Argument|Others|Parameters?|Context|Data)\d?$/;

/** A structure, or an array of them, with values in front: which member gets which is not looked at. */
function giveInitial(symbol: VariableSymbol, initializer: Initializer, given: Set<Key>): void {
  const isZero = initializer.kind === 'expression' && constantValue(initializer.value) === 0n;
  if (symbol.duration === 'static' && !isZero) given.add(variableKey(symbol));
  const values = initializer.kind === 'list' ? initializer.entries.map(({ value }) => value) : [];
  if (values.some((value) => constantValue(value) !== 0n) || initializer.kind === 'expression')
    for (const record of recordsIn(symbol.type)) given.add(record);
}

/** The record and those that lie in it. */
function recordsIn(type: CType): readonly string[] {
  if (type.kind === 'array') return recordsIn(type.element);
  if (type.kind !== 'record') return [];
  return [recordKey(type.definition), ...(type.definition.fields ?? []).flatMap((field) => recordsIn(field.type))];
}

function leadsToRecord(type: CType): boolean {
  return type.kind === 'pointer' && type.target.kind === 'record';
}

function holderOf(e: TreeNode): Holder | undefined {
  if (e.kind === 'name' && e.symbol.kind === 'variable')
    return e.symbol.duration === 'static'
      ? { key: variableKey(e.symbol), name: e.symbol.name, member: undefined }
      : undefined;
  if (e.kind !== 'member' || isInUnion(e)) return undefined;
  const record = memberRecord(e);
  if (record.kind !== 'record') return undefined;
  const name = recordKey(record.definition);
  const member = { record: name, place: placeIn(record.definition, e), file: record.definition.span.file };
  return { key: `${name}.${e.name}`, name: e.name, member };
}

function placeIn({ fields }: RecordDefinition, { name, type }: Extract<Expression, { kind: 'member' }>): string {
  const target = type.kind === 'pointer' && type.target.kind === 'record' ? type.target.definition : undefined;
  return `${fields?.find((field) => field.name === name)?.offset} ${target === undefined ? '' : recordKey(target)}`;
}

function variableKey(symbol: VariableSymbol): Key {
  return symbol.linkage === 'external' ? symbol.name : symbol;
}
