/**
 * For tests only: C text in; dumps, problems and nodes as short strings out.
 *
 * Problems are written `line:column severity code`, counted from 1.
 */
import { defined } from '../../base/assert.ts';
import { positionAt, type Span, sourceFile } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import { parseTranslationUnit } from '../index.ts';
import { dumpDeclarations, dumpStatement } from '../testing/dump.ts';
import { place } from '../tokenize/token.ts';
import type { ParseOptions, TranslationUnit } from '../unit.ts';
import type { FunctionDefinition } from './ast.ts';

const withoutHeaders: ParseOptions['include'] = () => ({ kind: 'missing', searched: [] });

export function parse(
  text: string,
  include: ParseOptions['include'] = withoutHeaders,
  options: Omit<ParseOptions, 'include'> = {},
): TranslationUnit {
  return parseTranslationUnit(sourceFile('test.c', text), { ...options, include });
}

/** The declarations of the text itself, one a line; the text must have no problem. */
export function dump(text: string): string {
  const unit = parse(text);
  const problems = shownProblems(unit);
  return problems === ''
    ? dumpDeclarations(unit.declarations)
    : `${dumpDeclarations(unit.declarations)}\n! ${problems}`;
}

/** Statements inside a function that has some variables of each kind to use. */
export function dumpBody(statements: string): string {
  const unit = parse(`${scene}void test(void) { ${statements} }`);
  const body = dumpStatement(functionNamed(unit, 'test').body);
  const problems = shownProblems(unit);
  const inner = body.replace(/^\{ ?| ?\}$/g, '');
  return problems === '' ? inner : `${inner} ! ${problems}`;
}

/** What `dumpBody` declares beforehand, in one line, so that columns count from there. */
export const scene =
  'struct S { int a; char b; unsigned c : 3; struct S *next; union { short u; long v; }; int arr[4]; }; ' +
  'typedef struct S *PS; enum E { E0, E1 = 7 }; int f(int, char); int v(char *, ...); void g(void); ' +
  'char c; short s; unsigned short us; int i, j; unsigned u; long l; unsigned long ul; long long ll; unsigned long long ull; ' +
  'float fl; double d; _Bool bo; char *pc; void *pv; int *pi; const int *pci; int a[3]; struct S st; PS ps; enum E e; ' +
  'int (*pf)(int, char);\n';

export function functionNamed(unit: TranslationUnit, name: string): FunctionDefinition {
  const found = unit.functions.find((f) => f.symbol.name === name);
  return defined(found, name);
}

/** `2:5 error expected-token`, joined by `; `. */
export function shownProblems(unit: Pick<TranslationUnit, 'problems'>): string {
  return unit.problems.map(shownProblem).join('; ');
}

export function shownProblem({ severity, code, span }: SyntaxProblem): string {
  return `${shownPlace(span)} ${severity} ${code}`;
}

function shownPlace(span: Span): string {
  const { line, column } = positionAt(span.file, span.start);
  const name = span.file.path === 'test.c' ? '' : `${span.file.path}:`;
  return `${name}${line + 1}:${column + 1}`;
}

/** The text that a span covers. */
export function covered(span: Span): string {
  return span.file.text.slice(span.start, span.end);
}

/** Declarations that stand in the main file. */
export function ownDeclarations(unit: TranslationUnit): TranslationUnit['declarations'] {
  return unit.declarations.filter((node) => place(node.first).file === unit.file);
}
