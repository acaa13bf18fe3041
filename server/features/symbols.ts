/** Document symbols: the functions, variables, types and macros that the file itself declares, in order. */
import type { Span } from '../../base/source.ts';
import { nodePlace } from '../../cfront/parse/walk.ts';
import { place } from '../../cfront/tokenize/token.ts';
import { functionText, typeText } from '../../cfront/types/text.ts';
import type { Analysis } from './analysis.ts';

export interface DocumentSymbol {
  readonly name: string;
  readonly kind: 'function' | 'variable' | 'type' | 'struct' | 'enum' | 'enum-member' | 'macro';
  readonly detail: string;
  readonly span: Span;
  readonly nameSpan: Span;
}

export function documentSymbols({ unit }: Analysis): readonly DocumentSymbol[] {
  const found: DocumentSymbol[] = [];
  const seen = new Set<string>();
  for (const node of unit.declarations) {
    const span = nodePlace(node);
    if (span.file !== unit.file || !('nameToken' in node) || node.nameToken === undefined) continue;
    const nameSpan = place(node.nameToken);
    if (nameSpan.file !== unit.file) continue;
    const symbol = (kind: DocumentSymbol['kind'], detail: string): void => {
      const name = node.nameToken?.text ?? '';
      const key = `${kind} ${name} ${nameSpan.start}`;
      if (seen.has(key)) return;
      seen.add(key);
      found.push({ name, kind, detail, span, nameSpan });
    };
    switch (node.kind) {
      case 'function-definition':
        symbol('function', functionText(node.symbol.type, node.symbol.name));
        break;
      case 'variable-declaration':
        symbol('variable', typeText(node.symbol.type));
        break;
      case 'typedef-declaration':
        symbol('type', typeText(node.symbol.type));
        break;
      case 'tag-declaration':
        symbol(node.definition.kind === 'enum' ? 'enum' : 'struct', '');
        break;
      case 'enum-constant-declaration':
        symbol('enum-member', String(node.symbol.value));
        break;
      case 'function-declaration':
        break;
    }
  }
  for (const { name, span, parameters } of unit.macros.values()) {
    if (span?.file !== unit.file) continue;
    const detail = parameters === undefined ? '' : `(${parameters.join(', ')})`;
    found.push({ name, kind: 'macro', detail, span, nameSpan: span });
  }
  return found.sort((a, b) => a.nameSpan.start - b.nameSpan.start);
}
