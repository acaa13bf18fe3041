/**
 * The inside of a paragraph: HTML and Markdown mixed, to clean Markdown on one line.
 *
 * In: the paragraph's source. Out: text with `**bold**`, `*italic*` and `` `code` `` and nothing else: tags become
 * marks or go, references become characters, links become their text (the targets go to `links`), `\_` becomes `_`,
 * hard wraps and NBSP become one space; a line break of the page (`<br>`, two spaces at the end of a line) becomes
 * `\n`. One pass over the source; what may scan ahead (tags, code spans, link targets) either consumes what it saw
 * or remembers that there is nothing to find, so time is linear.
 */

import type { DocLink } from '../page.ts';
import { withoutDocfx } from './docfx.ts';
import { withoutStrayMarks } from './emphasis.ts';
import { decodeEntities, entityAt } from './entities.ts';
import type { Tag } from './tags.ts';
import { attribute, tagAt } from './tags.ts';

interface State {
  readonly out: string[];
  /** White space that was seen and is not written yet. */
  space: '' | ' ' | '\n';
  /** Emphasis that was opened and has no text yet. */
  opening: string[];
  /** Emphasis that is open, innermost last. */
  readonly open: string[];
  readonly links: DocLink[] | undefined;
  /** Open `[`: where in `out` its text starts. */
  readonly brackets: { readonly at: number; readonly image: boolean }[];
  anchor: { readonly at: number; readonly target: string } | undefined;
  /** Lengths of backtick runs that have no partner further on. */
  readonly lonely: Set<number>;
}

/** Characters of the longest address in angle brackets. */
const targetMax = 1000;

const word = /[^\s<&\\`[\]!_]+(?:_+[^\s<&\\`[\]!_]+)*/y;
const underscored = /_([A-Za-z0-9][A-Za-z0-9 ]{0,60})_(?!\w)/y;
/** `_Use_decl_annotations_`, `_IRQL_requires_max_`: capitals alone are a constant that is emphasised. */
const salWord = /_[A-Z][A-Za-z]*(?:_[A-Za-z]+)+_(?!\w)(?<=[a-z]\w*)/y;
const annotation =
  /^(?:In|Out|Inout|Outptr|Ret|Use|IRQL|Must|Success|Requires|When|Field|Struct|Null|Pre|Post|Check|Reserved)$/;
const unescaped = '_[]()#-.!>+|{}~:;,=/\'"&$%@^';

/** Clean Markdown of a paragraph's source. */
export function inlineMarkdown(written: string, links?: DocLink[]): string {
  const source = withoutDocfx(written);
  if (/^[\w .,;:()'"/=+%-]*$/.test(source) && !/^ | {2}| $|(?:^|\W)_/.test(source)) return source;
  const s: State = {
    out: [],
    space: '',
    opening: [],
    open: [],
    links,
    brackets: [],
    anchor: undefined,
    lonely: new Set(),
  };
  let i = 0;
  while (i < source.length) i = step(s, source, i);
  endAnchor(s);
  s.opening = [];
  while (s.open.length) s.out.push(s.open.pop() ?? '');
  return withoutStrayMarks(s.out.join(''));
}

/** The name and annotation in the heading of an item: `_x_` is a name there, not emphasis. */
export function itemHeading(text: string): string {
  return decodeEntities(text.replace(/<\/?[a-z][^<>]*>/gi, ''))
    .replace(/[*`\\]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Text without the marks: for names, titles and terminals. */
export function plainText(markdown: string): string {
  if (!/[*`\\]/.test(markdown)) return markdown;
  return markdown.replace(/\*\*|(?<!\\)\*(?=\S)|(?<=\S)(?<!\\)\*|`/g, '').replace(/\\([<*`\\])/g, '$1');
}

/** Reads one piece of the source at `i`; returns where the next starts. */
function step(s: State, source: string, i: number): number {
  const c = source[i] ?? '';
  switch (c) {
    case '<':
      return angle(s, source, i);
    case '&': {
      const entity = entityAt(source, i);
      if (!entity) write(s, '&');
      else if (entity.character === ' ') s.space ||= ' ';
      else write(s, entity.character === '<' ? lessThan(source, entity.end) : entity.character);
      return entity?.end ?? i + 1;
    }
    case '\\':
      return backslash(s, source, i);
    case '`':
      return codeSpan(s, source, i);
    case '[':
      write(s, '[');
      s.brackets.push({ at: s.out.length, image: false });
      return i + 1;
    case ']':
      return endBracket(s, source, i);
    case '!':
      if (source[i + 1] !== '[') return writeThrough(s, '!', i + 1);
      write(s, '[');
      s.brackets.push({ at: s.out.length, image: true });
      return i + 2;
    case '_':
      return underscore(s, source, i);
  }
  if (/\s/.test(c)) return whiteSpace(s, source, i);
  word.lastIndex = i;
  const run = word.exec(source)?.[0] ?? c;
  // `**_Use_decl_annotations_**`: what begins behind the marks is looked at by itself.
  const own = /^\W+(?=_)/.exec(run)?.[0] ?? run;
  return writeThrough(s, own, i + own.length);
}

function writeThrough(s: State, text: string, next: number): number {
  write(s, text);
  return next;
}

/** Writes text after the white space and the marks that wait for it. */
function write(s: State, text: string): void {
  const adjoins = s.space === '';
  // The converters left a space between '(' and a link.
  if (!adjoins && s.out.length && s.out.at(-1)?.endsWith('(') !== true) s.out.push(s.space);
  s.space = '';
  for (const mark of s.opening) {
    // `**a**` next to `**b**` would read as `**a****b**`: join the two.
    if (adjoins && s.out.at(-1) === mark && s.out.length > 1) s.out.pop();
    else s.out.push(mark);
    s.open.push(mark);
  }
  s.opening = [];
  s.out.push(text);
}

function whiteSpace(s: State, source: string, from: number): number {
  let i = from;
  while (i < source.length && /\s/.test(source[i] ?? '')) i++;
  const run = source.slice(from, i);
  if (/^ {2,3}\n ?$/.test(run)) s.space = '\n';
  else s.space ||= ' ';
  return i;
}

/** A tag, a comment, an address in angle brackets, or the character `<`. */
function angle(s: State, source: string, i: number): number {
  const tag = tagAt(source, i);
  if (tag) {
    inlineTag(s, tag);
    return tag.end;
  }
  if (source.startsWith('<!--', i)) {
    const end = source.indexOf('-->', i + 4);
    return end < 0 ? source.length : end + 3;
  }
  const address = /<((?:https?|mailto):[^\s<>]{1,500})>/y;
  address.lastIndex = i;
  const target = address.exec(source)?.[1];
  if (target) return writeThrough(s, target, i + target.length + 2);
  return writeThrough(s, lessThan(source, i + 1), i + 1);
}

/** A `<` that a Markdown reader would take for a tag gets a backslash. */
function lessThan(source: string, next: number): string {
  // The text of a link comes without its bracket.
  const after = source[next] === '[' ? source[next + 1] : source[next];
  return /[A-Za-z/!?]/.test(after ?? '') ? '\\<' : '<';
}

function inlineTag(s: State, tag: Tag): void {
  switch (tag.name) {
    case 'b':
    case 'strong':
      emphasis(s, '**', tag.closing);
      return;
    case 'i':
    case 'em':
    case 'cite':
    case 'var':
      emphasis(s, '*', tag.closing);
      return;
    case 'code':
    case 'tt':
    case 'kbd':
    case 'samp':
      emphasis(s, '`', tag.closing);
      return;
    case 'br':
      s.space = '\n';
      return;
    case 'sup':
      if (!tag.closing) write(s, '^');
      return;
    case 'img': {
      const alternative = attribute(tag, 'alt');
      if (alternative) write(s, `[${alternative}]`);
      return;
    }
    case 'a':
      endAnchor(s);
      if (!tag.closing) s.anchor = { at: s.out.length, target: attribute(tag, 'href') ?? '' };
      return;
    default:
      // The text of every other tag stays, the tag goes.
      return;
  }
}

function emphasis(s: State, mark: string, closing: boolean): void {
  if (!closing) {
    if (!s.open.includes(mark) && !s.opening.includes(mark)) s.opening.push(mark);
    return;
  }
  if (s.opening.includes(mark)) {
    s.opening = s.opening.filter((m) => m !== mark);
    return;
  }
  const at = s.open.lastIndexOf(mark);
  if (at < 0) return;
  // Marks opened inside end here too, so that they nest.
  for (const inner of s.open.splice(at).reverse()) s.out.push(inner);
}

function endAnchor(s: State): void {
  if (!s.anchor) return;
  addLink(s, s.out.slice(s.anchor.at).join(''), s.anchor.target);
  s.anchor = undefined;
}

function addLink(s: State, text: string, target: string): void {
  const name = plainText(text).replace(/\s+/g, ' ').trim();
  if (name !== '' && target !== '') s.links?.push({ text: name, target });
}

/** `]`: with `(target)` after it the brackets go and the text stays. */
function endBracket(s: State, source: string, i: number): number {
  const bracket = s.brackets.pop();
  const end = bracket && source[i + 1] === '(' ? targetEnd(source, i + 2) : undefined;
  if (!bracket || end === undefined) return writeThrough(s, ']', i + 1);
  const target = source
    .slice(i + 2, end - 1)
    .replace(/\s+["'].*$/s, '')
    .trim()
    .replace(/^<(.*)>$/s, '$1');
  if (!bracket.image) {
    s.out[bracket.at - 1] = '';
    addLink(s, s.out.slice(bracket.at).join(''), target);
  } else write(s, ']');
  return end;
}

/**
 * Offset after the `)` of a link's target, which may hold pairs of parentheses, stand in angle brackets and end in a quoted
 * title.
 */
function targetEnd(source: string, from: number): number | undefined {
  let depth = 1;
  let quoted = false;
  const bracketed = /^<[^<>\n]*>/.exec(source.slice(from, from + targetMax))?.[0].length ?? 0;
  for (let i = from + bracketed; i < source.length; i++) {
    const c = source[i] ?? '';
    if (c === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return i + 1;
    else if (c === '[' || c === ']' || c === '<') return undefined;
    else if (/\s/.test(c)) {
      const start = i;
      while (/\s/.test(source[i + 1] ?? '')) i++;
      if (start !== from && !`"')`.includes(source[i + 1] ?? ' ')) return undefined;
    }
  }
  return undefined;
}

function backslash(s: State, source: string, i: number): number {
  const next = source[i + 1] ?? '';
  // `Services\<i>Name</i>` is the end of a path in front of a tag; what is no tag is written `\<int\>`, or `\<int>`.
  if (next === '<' && isTag(source, i + 1)) return writeThrough(s, '\\\\', i + 1);
  if (next !== '' && unescaped.includes(next)) return writeThrough(s, next, i + 2);
  if (next === '*' || next === '`' || next === '\\' || next === '<') return writeThrough(s, `\\${next}`, i + 2);
  if (next === '\n') {
    s.space = '\n';
    return i + 2;
  }
  return writeThrough(s, '\\', i + 1);
}

function isTag(source: string, at: number): boolean {
  const tag = tagAt(source, at);
  return tag !== undefined && !tag.attributes.endsWith('\\');
}

function codeSpan(s: State, source: string, i: number): number {
  let length = 1;
  while (source[i + length] === '`' && length < 8) length++;
  const marks = '`'.repeat(length);
  const end = s.lonely.has(length) ? -1 : source.indexOf(marks, i + length);
  if (end < 0) {
    s.lonely.add(length);
    return writeThrough(s, marks, i + length);
  }
  const code = source
    .slice(i + length, end)
    .replace(/\s+/g, ' ')
    .replace(/&(?:lt|gt|amp|quot|#39|nbsp);/g, (e) => entityAt(e, 0)?.character ?? e);
  return writeThrough(s, marks + code + marks, end + length);
}

/** `_Irp_` is emphasis, `_In_` is an annotation, `_WSK_BUF` a name. */
function underscore(s: State, source: string, i: number): number {
  salWord.lastIndex = i;
  const sal = /\w/.test(source[i - 1] ?? '') ? undefined : salWord.exec(source)?.[0];
  // Bare, its ends would be marks of emphasis.
  if (sal !== undefined) return writeThrough(s, `\`${sal}\``, i + sal.length);
  underscored.lastIndex = i;
  const match = /\w/.test(source[i - 1] ?? '') ? null : underscored.exec(source);
  if (match) {
    const text = annotation.test(match[1] ?? '') ? `\`${match[0]}\`` : `*${match[1]}*`;
    return writeThrough(s, text, i + match[0].length);
  }
  return writeThrough(s, '_', i + 1);
}
