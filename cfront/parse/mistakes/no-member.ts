/**
 * A record has no member of a name. What is meant may be another level: `d->Basic.WskSend` for `d->WskSend`, whose
 * members C has one level up, or `Irp->Status` for `Irp->IoStatus.Status`, one level down.
 *
 * In: the record, the name and what follows it. Out: a problem, with a fix where one member is meant. It ends because
 * records hold only smaller ones, and pointers are followed once.
 */

import type { Fix } from '../../../base/finding.ts';
import { nearestName } from '../../../base/nearest.ts';
import { place, type Token } from '../../tokenize/token.ts';
import { fieldNamed, namedFields } from '../../types/fields.ts';
import type { CType, RecordDefinition } from '../../types/types.ts';
import { type Parser, peek } from '../state.ts';
import { noteUnresolved } from './name-sources.ts';
import { isFull, report } from './problems.ts';

/** The parser stands behind the name. */
export function reportNoMember(p: Parser, record: RecordDefinition, token: Token): void {
  if (isFull(p, token.file)) return;
  const names = namedFields(record).map((f) => f.field.name ?? '');
  const near = nearestName(token.text, names);
  const isOtherCase = near?.toLowerCase() === token.text.toLowerCase();
  const hint = memberAbove(p, record, token) ?? (isOtherCase ? undefined : memberBelow(record, token));
  const shown = record.typedefName ?? record.tag ?? (record.isUnion ? 'this union' : 'this struct');
  const span = place(token);
  if (near === undefined && hint === undefined && p.names.missing.length > 0) {
    // Its type may have members of a header that is not there.
    noteUnresolved(p.names, { name: token.text, kind: 'member', span }, p.index - 1);
    return;
  }
  if (hint !== undefined) {
    const text = `'${shown}' has no member '${token.text}'; is '${hint.path}' meant?`;
    report(p, 'error', 'no-such-member', text, span, { fix: hint.fix });
    return;
  }
  const text = `'${shown}' has no member '${token.text}'${near === undefined ? '' : `; '${near}' is meant, perhaps`}.`;
  const fix = near === undefined ? undefined : { title: `Replace by '${near}'`, edits: [{ span, newText: near }] };
  report(p, 'error', 'no-such-member', text, span, fix === undefined ? {} : { fix });
}

interface MemberHint {
  /** As it is to be written: `IoStatus.Status`. */
  readonly path: string;
  readonly fix: Fix;
}

function memberAbove(p: Parser, record: RecordDefinition, name: Token): MemberHint | undefined {
  const next = peek(p, 1);
  if (!/^(?:\.|->)$/.test(p.token.text) || next.kind !== 'identifier') return undefined;
  if (fieldNamed(record, next.text) === undefined) return undefined;
  const from = place(name);
  const to = place(next);
  if (from.file !== to.file || to.start < from.end) return undefined;
  const written = `${name.text}${p.token.text}${next.text}`;
  return {
    path: next.text,
    fix: {
      title: `Replace '${written}' by '${next.text}'`,
      edits: [{ span: { file: from.file, start: from.start, end: to.start }, newText: '' }],
    },
  };
}

/** Undefined also where several members hold one of that name: nobody knows which is meant. */
function memberBelow(record: RecordDefinition, name: Token): MemberHint | undefined {
  const found = pathsBelow(record, name.text);
  const [path] = found;
  if (path === undefined || found.length > 1) return undefined;
  return { path, fix: { title: `Replace by '${path}'`, edits: [{ span: place(name), newText: path }] } };
}

/** Levels of records within records that are looked through: `Tail.Overlay.x` of an IRP has two. */
const levelsMax = 2;

/** The shortest ways to a member of that name; through a pointer where no record within the record has one. */
function pathsBelow(record: RecordDefinition, name: string): readonly string[] {
  let level: readonly { readonly path: string; readonly definition: RecordDefinition }[] = [
    { path: '', definition: record },
  ];
  for (let depth = 0; depth < levelsMax; depth++) {
    level = level.flatMap(({ path, definition }) => {
      return namedFields(definition).flatMap(({ field }) => {
        return field.type.kind === 'record'
          ? [{ path: `${path}${field.name}.`, definition: field.type.definition }]
          : [];
      });
    });
    const found = level.filter(({ definition }) => fieldNamed(definition, name) !== undefined);
    if (found.length > 0) return found.map(({ path }) => path + name);
  }
  return namedFields(record).flatMap(({ field }) => {
    const target = pointedRecord(field.type);
    const isOther = target !== undefined && target !== record;
    return isOther && fieldNamed(target, name) !== undefined ? [`${field.name}->${name}`] : [];
  });
}

function pointedRecord(type: CType): RecordDefinition | undefined {
  return type.kind === 'pointer' && type.target.kind === 'record' ? type.target.definition : undefined;
}
