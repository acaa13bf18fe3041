/** What is said where declarations of one tag do not go together; the tag stays what it was declared as first. */
import { place, type Token } from '../../tokenize/token.ts';
import { report } from '../mistakes/problems.ts';
import type { Tag } from '../scopes.ts';
import type { Parser } from '../state.ts';

type TagWord = 'struct' | 'union' | 'enum';

/** `struct X` where X is the tag of an enum or a union. */
export function reportOtherTag(p: Parser, nameToken: Token, wanted: TagWord, tag: Tag): void {
  const was: TagWord = tag.kind === 'enum' ? 'enum' : tag.record.isUnion ? 'union' : 'struct';
  const text = `'${nameToken.text}' is the tag of ${articled(was)}, not of ${articled(wanted)}.`;
  const related = [{ span: definitionOf(tag).span, message: 'It is declared here.' }];
  report(p, 'error', 'redefinition', text, place(nameToken), { related });
}

/** A second body for a tag that has one. */
export function reportSecondBody(p: Parser, nameToken: Token, word: TagWord, tag: Tag): void {
  const related = [{ span: definitionOf(tag).span, message: 'The first definition stands here.' }];
  const text = `'${word} ${nameToken.text}' is defined twice.`;
  report(p, 'error', 'redefinition', text, place(nameToken), { related });
}

function definitionOf(tag: Tag) {
  return tag.kind === 'enum' ? tag.enumeration : tag.record;
}

function articled(word: TagWord): string {
  return word === 'struct' ? 'a struct' : word === 'union' ? 'a union' : 'an enum';
}
