/**
 * Which objects belong to the program, its tree or the scenario's scripts: a run's state refers to them, and no run changes
 * them. They carry no mark of their own, since who makes them knows nothing of runs; each kind is known by members that
 * only it has together. A compiler that finds a member renamed finds it missing here too.
 */
import type { SourceFile, Span } from '../../base/source.ts';
import type { CSymbol } from '../../cfront/parse/ast.ts';
import type { CType, EnumDefinition, RecordDefinition } from '../../cfront/types/types.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import type { CallShape, Routine } from '../machine/program.ts';
import type { PeerScript } from '../net/peer-types.ts';

/** The members by which a kind is known; the rarest comes first, because most objects lack it. */
function knownBy<Kind extends object>(...members: readonly (keyof Kind & string)[]): readonly string[] {
  return members;
}

const kinds: readonly (readonly string[])[] = [
  knownBy<SourceFile>('lineStarts', 'path', 'text'),
  knownBy<Span>('file', 'start', 'end'),
  knownBy<CType>('isConst', 'isVolatile', 'kind'),
  knownBy<RecordDefinition>('isUnion', 'tag', 'fields'),
  knownBy<EnumDefinition>('constants', 'tag', 'span'),
  knownBy<CSymbol>('declarations', 'name', 'kind'),
  knownBy<TranslationUnit>('declarations', 'functions', 'symbols'),
  knownBy<Routine>('signature', 'symbol', 'entry'),
  knownBy<CallShape>('calleeType', 'signature', 'functionName'),
  knownBy<PeerScript>('role', 'steps', 'afterMs'),
];

export function isOfProgram(value: object): boolean {
  return kinds.some((members) => members.every((member) => member in value));
}
