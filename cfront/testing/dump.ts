/**
 * For tests only: the tree as compact text, for golden texts: `(= x (to long (+ a 1)))`.
 *
 * Types stand where they are not evident: at conversions, casts, declarations and literals that are no int.
 */
import { unreachable } from '../../base/assert.ts';
import type { DeclarationNode, Expression, Initializer, Statement } from '../parse/ast.ts';
import { annotationText } from '../parse/declarations/entities.ts';
import { declarationText, functionText, typeText } from '../types/text.ts';

/** One declaration a line. */
export function dumpDeclarations(declarations: readonly DeclarationNode[]): string {
  return declarations.map(dumpDeclaration).join('\n');
}

function dumpDeclaration(node: DeclarationNode): string {
  switch (node.kind) {
    case 'variable-declaration': {
      const { symbol } = node;
      const storage =
        symbol.linkage === 'internal' || (symbol.linkage === 'none' && symbol.duration === 'static') ? 'static ' : '';
      const value = node.initializer === undefined ? '' : ` = ${dumpInitializer(node.initializer)}`;
      return `${storage}${declarationText(symbol.type, symbol.name)}${value}`;
    }
    case 'function-declaration':
      return declarationText(node.symbol.type, node.symbol.name);
    case 'function-definition': {
      const notes = node.symbol.annotations.map((a) => `${annotationText(a)} `).join('');
      return `${notes}${functionText(node.symbol.type, node.symbol.name)} ${dumpStatement(node.body)}`;
    }
    case 'typedef-declaration':
      return `typedef ${declarationText(withoutAlias(node), node.symbol.name)}`;
    case 'tag-declaration': {
      const { definition } = node;
      if (definition.kind === 'enum') {
        const constants = (definition.enumeration.constants ?? []).map((c) => `${c.name}=${c.value}`);
        return `enum ${definition.enumeration.tag ?? ''}{${constants.join(' ')}}`;
      }
      const { record } = definition;
      const fields = (record.fields ?? []).map((field) => {
        const bits = field.bits === undefined ? '' : `:${field.bits.offset}+${field.bits.width}`;
        return `${declarationText(field.type, field.name ?? '')}@${field.offset}${bits}`;
      });
      return `${record.isUnion ? 'union' : 'struct'} ${record.tag ?? ''}{${fields.join('; ')}} size ${record.size} align ${record.alignment}`;
    }
    case 'enum-constant-declaration':
      return `${node.symbol.name}=${node.symbol.value}`;
    case 'static-assert':
      return 'static-assert';
    case 'error-declaration':
      return '<error>';
    default:
      return unreachable(node);
  }
}

export function dumpStatement(s: Statement): string {
  switch (s.kind) {
    case 'compound':
      return s.items.length === 0 ? '{}' : `{ ${s.items.map(dumpStatement).join(' ')} }`;
    case 'expression':
      return `${dumpExpression(s.expression)};`;
    case 'declaration':
      return `[${s.declarations.map(dumpDeclaration).join(', ')}];`;
    case 'if': {
      const otherwise = s.otherwise === undefined ? '' : ` else ${dumpStatement(s.otherwise)}`;
      return `if ${dumpExpression(s.condition)} ${dumpStatement(s.then)}${otherwise}`;
    }
    case 'while':
      return `while ${dumpExpression(s.condition)} ${dumpStatement(s.body)}`;
    case 'do':
      return `do ${dumpStatement(s.body)} while ${dumpExpression(s.condition)};`;
    case 'for': {
      const initial = s.initial === undefined ? ';' : dumpStatement(s.initial);
      const condition = s.condition === undefined ? '' : ` ${dumpExpression(s.condition)}`;
      const step = s.step === undefined ? '' : ` ${dumpExpression(s.step)}`;
      return `for (${initial}${condition};${step}) ${dumpStatement(s.body)}`;
    }
    case 'switch':
      return `switch ${dumpExpression(s.condition)} ${dumpStatement(s.body)}`;
    case 'case': {
      if (s.value === undefined) return `default: ${dumpStatement(s.body)}`;
      const { low, high } = s.value;
      return `case ${low}${high === low ? '' : `...${high}`}: ${dumpStatement(s.body)}`;
    }
    case 'label':
      return `${s.name}: ${dumpStatement(s.body)}`;
    case 'goto':
      return `goto ${s.label};`;
    case 'break':
    case 'continue':
    case 'leave':
      return `${s.kind};`;
    case 'return':
      return s.value === undefined ? 'return;' : `return ${dumpExpression(s.value)};`;
    case 'try-except':
      return `try ${dumpStatement(s.body)} except ${dumpExpression(s.filter)} ${dumpStatement(s.handler)}`;
    case 'try-finally':
      return `try ${dumpStatement(s.body)} finally ${dumpStatement(s.handler)}`;
    case 'empty':
      return ';';
    case 'error':
      return '<error>;';
    default:
      return unreachable(s);
  }
}

export function dumpExpression(e: Expression): string {
  switch (e.kind) {
    case 'integer':
      return e.type.kind === 'integer' && e.type.name === 'int' ? `${e.value}` : `${e.value}:${typeText(e.type)}`;
    case 'float':
      return `${e.value}:${typeText(e.type)}`;
    case 'string': {
      const text = e.units
        .slice(0, -1)
        .map((unit) => (unit >= 32 && unit < 127 ? String.fromCharCode(unit) : `\\x${unit.toString(16)}`));
      return `${e.type.kind === 'array' && e.type.element.kind === 'integer' && e.type.element.size > 1 ? 'L' : ''}"${text.join('')}"`;
    }
    case 'name':
    case 'enum-constant':
      return e.symbol.name;
    case 'unary':
      return `(${e.operator} ${dumpExpression(e.operand)})`;
    case 'address-of':
      return `(& ${dumpExpression(e.operand)})`;
    case 'dereference':
      return `(* ${dumpExpression(e.operand)})`;
    case 'increment':
      return e.isPrefix
        ? `(${e.operator} ${dumpExpression(e.operand)})`
        : `(${dumpExpression(e.operand)} ${e.operator})`;
    case 'binary':
    case 'logical':
      return `(${e.operator} ${dumpExpression(e.left)} ${dumpExpression(e.right)})`;
    case 'comma':
      return `(, ${dumpExpression(e.left)} ${dumpExpression(e.right)})`;
    case 'assign': {
      const computation = e.computation === undefined ? '' : ` as ${typeText(e.computation)}`;
      return `(${e.operator ?? ''}= ${dumpExpression(e.target)} ${dumpExpression(e.value)}${computation})`;
    }
    case 'conditional':
      return `(? ${dumpExpression(e.condition)} ${e.then === undefined ? '-' : dumpExpression(e.then)} ${dumpExpression(e.otherwise)})`;
    case 'call':
      return `(call ${[e.callee, ...e.arguments].map(dumpExpression).join(' ')}${e.closed ? '' : ' …'})`;
    case 'member':
      return `(${e.isArrow ? '->' : '.'} ${dumpExpression(e.object)} ${e.field === undefined ? `${e.name}?` : `${e.name}@${e.offset}`})`;
    case 'index':
      return `([] ${dumpExpression(e.base)} ${dumpExpression(e.index)})`;
    case 'cast':
      return `(cast ${typeText(e.type)} ${dumpExpression(e.operand)})`;
    case 'convert':
      return `(to ${typeText(e.type)} ${dumpExpression(e.operand)})`;
    case 'decay':
      return `(decay ${dumpExpression(e.operand)})`;
    case 'sizeof':
      return `${e.operator}(${typeText(e.ofType)})=${e.value}`;
    case 'compound-literal':
      return `(literal ${typeText(e.type)} ${dumpInitializer(e.initializer)})`;
    case 'statement-expression':
      return `(${dumpStatement(e.body)})`;
    case 'va-arg':
      return `(va_arg ${dumpExpression(e.list)} ${typeText(e.type)})`;
    case 'builtin':
      return `(${[e.name, ...e.arguments.map(dumpExpression)].join(' ')})`;
    case 'error':
      return e.parts.length === 0 ? '<?>' : `<? ${e.parts.map(dumpExpression).join(' ')}>`;
    default:
      return unreachable(e);
  }
}

function dumpInitializer(initializer: Initializer): string {
  if (initializer.kind === 'expression') return dumpExpression(initializer.value);
  const entries = initializer.entries.map((entry) => {
    const bits = entry.bits === undefined ? '' : `:${entry.bits.offset}+${entry.bits.width}`;
    return `${entry.offset}${bits}: ${dumpExpression(entry.value)}`;
  });
  return `{${entries.join(', ')}}`;
}

function withoutAlias(node: Extract<DeclarationNode, { kind: 'typedef-declaration' }>): typeof node.symbol.type {
  const { alias: _, ...type } = node.symbol.type;
  // The rest of a type without its display name is a type of the same kind.
  return type as typeof node.symbol.type;
}
