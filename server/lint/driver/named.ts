/**
 * The driver's functions by their name in C, as a `Where` names the helpers on the way to what they do. Two files may each
 * have one of a name, static or not.
 */
import { question } from '../flow/run/asked.ts';
import { type FunctionInfo, ofRun, type Session } from '../flow/run/session.ts';

export const functionsNamed: (session: Session, name: string) => readonly FunctionInfo[] = question(
  'functions named',
  (session, name: string): readonly FunctionInfo[] => byName(session).get(name) ?? [],
  (named) => named.map(({ key }) => key).join(),
);

const byName = ofRun(({ functions }: Session) => groupedByName(functions));

/** Those of one name in their order. */
export function groupedByName(functions: readonly FunctionInfo[]): ReadonlyMap<string, readonly FunctionInfo[]> {
  const named = new Map<string, FunctionInfo[]>();
  for (const fn of functions) {
    const { name } = fn.definition.symbol;
    const others = named.get(name);
    if (others === undefined) named.set(name, [fn]);
    else others.push(fn);
  }
  return named;
}
