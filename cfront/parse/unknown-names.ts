/**
 * Names that nothing declares: reported once in a function, types and names at file scope once in a file, with the
 * declared name that is nearest where one is near.
 */
import type { Severity } from '../../base/finding.ts';
import { place, type Token } from '../tokenize/token.ts';
import { nearestName } from './nearest.ts';
import { isFull, type ProblemExtra, report } from './problems.ts';
import type { Parser } from './state.ts';

/** Searches for near names in one file; each looks at every name in scope, and a file without its headers has many. */
const searchesMax = 20;

/** What is missing: a value, a function that is called, a type, or a word that a macro should have taken away. */
export type UnknownKind = 'name' | 'function' | 'type' | 'macro';

/** Reports the name unless that was done before. */
export function reportUnknown(p: Parser, token: Token, kind: UnknownKind): void {
  const { text } = token;
  if (isReported(p, text)) return;
  if (kind !== 'function') (kind === 'type' || p.function === undefined ? p.unknown : p.function.unknown).add(text);
  const span = place(token);
  const near = isFull(p, span.file) ? undefined : nearDeclared(p, text, kind);
  const extra: ProblemExtra =
    near === undefined ? {} : { fix: { title: `Replace by '${near}'`, edits: [{ span, newText: near }] } };
  const hint = near === undefined ? adviceFor(kind) : ` '${near}' is meant, perhaps.`;
  const code = kind === 'function' ? 'implicit-function' : kind === 'type' ? 'unknown-type' : 'unknown-name';
  const severity: Severity = kind === 'function' ? 'warning' : 'error';
  report(p, severity, code, `${messageFor(kind, text)}${hint}`, span, extra);
}

/** The name was reported as unknown, here or at file scope. */
export function isReported(p: Parser, name: string): boolean {
  return p.unknown.has(name) || p.function?.unknown.has(name) === true;
}

function messageFor(kind: UnknownKind, name: string): string {
  switch (kind) {
    case 'name':
    case 'macro':
      return `'${name}' is not declared.`;
    case 'type':
      return `The type '${name}' is not declared.`;
    case 'function':
      return `'${name}' is not declared; it is taken for a function that returns int.`;
  }
}

function adviceFor(kind: UnknownKind): string {
  switch (kind) {
    case 'name':
      return '';
    case 'type':
    case 'function':
      return ' Is the header that declares it included?';
    case 'macro':
      return ' Is the header that defines it included?';
  }
}

/** The declared name nearest to a misspelt one: a type for a type, anything else for the rest. */
function nearDeclared(p: Parser, name: string, kind: UnknownKind): string | undefined {
  if (kind === 'macro' || p.nearSearches >= searchesMax) return undefined;
  p.nearSearches++;
  const candidates: string[] = [];
  for (let scope: typeof p.scope | undefined = p.scope; scope !== undefined; scope = scope.parent) {
    for (const symbol of scope.names?.values() ?? []) {
      const fits =
        kind === 'name' ? symbol.kind !== 'typedef' : symbol.kind === (kind === 'type' ? 'typedef' : 'function');
      if (fits) candidates.push(symbol.name);
    }
  }
  return nearestName(name, candidates);
}
