/**
 * The category of a socket, where the text tells it: by the provider table that an expression's Dispatch is cast to
 * somewhere in the file, by the flags that a socket is made with, or by the only category that a function speaks of.
 * A guess from the text is enough, because it decides what is offered first and never what is reported.
 */
import type { SocketCategory } from '../../../catalog/model.ts';
import { nodePlace } from '../../../cfront/parse/walk.ts';
import type { CType } from '../../../cfront/types/types.ts';
import type { Analysis } from '../analysis.ts';
import { functionAt } from '../places/scope.ts';

/** Categories that have tables of their own; a basic table fits every socket and says nothing. */
const categories: readonly SocketCategory[] = ['listen', 'datagram', 'connection', 'stream'];

export function tableName(side: 'PROVIDER' | 'CLIENT', category: SocketCategory): string {
  return `WSK_${side}_${category.toUpperCase()}_DISPATCH`;
}

/** Of `WSK_PROVIDER_LISTEN_DISPATCH`, `PWSK_CLIENT_LISTEN_DISPATCH`, `WSK_FLAG_LISTEN_SOCKET`. */
export function categoryIn(name: string): SocketCategory | undefined {
  const word = /WSK_(?:PROVIDER|CLIENT|FLAG)_([A-Z]+)_(?:DISPATCH|SOCKET)/.exec(name)?.[1]?.toLowerCase();
  return word === 'basic' ? 'basic' : categories.find((category) => category === word);
}

/** Of a dispatch table, or a pointer to one. */
export function categoryOfTable(type: CType): SocketCategory | undefined {
  const target = type.kind === 'pointer' ? type.target : type;
  const name = target.kind === 'record' ? (target.definition.tag ?? target.definition.typedefName) : undefined;
  return name === undefined ? undefined : categoryIn(name);
}

/** Of the socket that an expression names, by the casts of its Dispatch. Other names for one socket are not followed. */
export function categoryOfSocket({ unit }: Analysis, socket: string): SocketCategory | undefined {
  const name = /(\w+)\s*$/.exec(socket)?.[1];
  if (name === undefined) return undefined;
  const found = new Set<SocketCategory>();
  const cast = new RegExp(
    `WSK_PROVIDER_([A-Z]+)_DISPATCH\\s*\\*?\\s*\\)\\s*\\(?[\\w.>-]*\\b${name}\\s*->\\s*Dispatch\\b`,
    'g',
  );
  const variable = new RegExp(
    `WSK_PROVIDER_([A-Z]+)_DISPATCH\\s*\\*?\\s*\\w+\\s*=[^;]*\\b${name}\\s*->\\s*Dispatch\\b`,
    'g',
  );
  for (const pattern of [cast, variable]) {
    for (const [whole] of unit.file.text.matchAll(pattern)) {
      const category = categoryIn(whole);
      if (category !== undefined && category !== 'basic') found.add(category);
    }
  }
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

/** The one category that the function around an offset speaks of, in casts, tables and flags. */
export function categoryOfFunction(analysis: Analysis, offset: number): SocketCategory | undefined {
  const around = functionAt(analysis, offset);
  if (around === undefined) return undefined;
  const { start, end } = nodePlace(around);
  const text = analysis.unit.file.text.slice(start, end);
  const found = categories.filter((category) =>
    new RegExp(`WSK_(?:PROVIDER|CLIENT|FLAG)_${category.toUpperCase()}_(?:DISPATCH|SOCKET)`).test(text),
  );
  return found.length === 1 ? found[0] : undefined;
}
