/**
 * Whether a driver has several objects of a kind that one could take for another: two queues of one type in a device, two
 * pools in variables. What is locked in one of them says nothing about the other. In: a record's tag. Out: whether there
 * is a record that has two members, or an array, of it, or whether there are two variables.
 */
import type { VariableSymbol } from '../../../../cfront/parse/ast.ts';
import type { CType, RecordDefinition } from '../../../../cfront/types/types.ts';
import { nodesIn } from '../../body/nodes.ts';
import { memberRecord, recordName } from '../../body/record-type.ts';
import { ofRun, type Session } from '../../flow/run/session.ts';

export function hasSeveral(session: Session, tag: string): boolean {
  return severalOf(session).has(tag);
}

const severalOf = ofRun((session: Session): ReadonlySet<string> => {
  const records = new Set<RecordDefinition>();
  const variables = new Set<VariableSymbol>();
  for (const { isUsers, definition } of session.functions) {
    if (!isUsers) continue;
    for (const member of nodesIn(definition, 'member')) {
      const record = memberRecord(member);
      if (record.kind === 'record') records.add(record.definition);
    }
    for (const { symbol } of nodesIn(definition, 'name'))
      if (symbol.kind === 'variable' && symbol.duration === 'static') variables.add(symbol);
  }
  const several = new Set<string>();
  const count = (types: readonly CType[], own: string | undefined): void => {
    const seen = new Set<string>();
    for (const type of types) {
      const tag = tagOf(type);
      // A tree or a list of its own kind is one thing.
      if (tag === undefined || tag === own) continue;
      if (seen.has(tag) || type.kind === 'array') several.add(tag);
      seen.add(tag);
    }
  };
  for (const { fields, tag, typedefName } of records)
    count(
      (fields ?? []).map(({ type }) => type),
      tag ?? typedefName,
    );
  const byName = new Map([...variables].map((variable) => [session.names.variable(variable), variable.type]));
  count([...byName.values()], undefined);
  return several;
});

/** Of the record that it is, points to, or has elements of. */
function tagOf(type: CType): string | undefined {
  if (type.kind === 'pointer') return tagOf(type.target);
  if (type.kind === 'array') return tagOf(type.element);
  return recordName(type);
}
