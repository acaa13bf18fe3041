/**
 * A declaration as the docs print it, read lightly.
 *
 * In: the text of a `-syntax`, `-prototype` or `## Syntax` block. It is not always C: `NTSTATUS WSKAPI * WskSocket( … );`,
 * `PFN_X X;` and then the function with `{ ... }`, SAL before `const`, columns padded with NBSP. Out: return type,
 * parameters, members or enumerators as texts with their name, type and annotation where they can be told. Nothing is
 * resolved; what can't be told is left out.
 */
import type { DocSignature, SignatureItem } from '../page.ts';

/** Longest declaration that is looked into; the text of a longer one is kept as it is. */
const signatureMax = 20_000;

/** Longest part of one that is: it bounds what the expressions below can cost. */
const partMax = 1_000;

/** Reads a declaration. */
export function readSignature(source: string): DocSignature {
  const text = source.replaceAll('\u00A0', ' ').trim();
  const none = { text, parameters: [], members: [], declares: [] };
  if (text.length > signatureMax) return none;
  const code = withoutComments(text);
  const brace = code.indexOf('{');
  if (/^\s*(?:typedef\s+)?(?:struct|union|enum|class)\b/.test(code) && brace >= 0)
    return readAggregate(text, code, brace);
  return readFunction(text, code) ?? none;
}

function readAggregate(text: string, code: string, brace: number): DocSignature {
  const head = code.slice(0, brace);
  const end = closing(code, brace, '{', '}');
  const inside = code.slice(brace + 1, end);
  const isEnum = /\benum\b/.test(head);
  const parts = split(inside, isEnum ? ',' : ';').filter((part) => part !== '');
  const members = parts.map(isEnum ? enumerator : member);
  const tag = /(?:struct|union|enum|class)\s+(?:__declspec\([^()]*\)\s*|[A-Z_]+\([^()]*\)\s*)?([A-Za-z_]\w*)/.exec(
    head,
  )?.[1];
  const names = split(code.slice(end + 1).split(';', 1)[0] ?? '', ',').map(
    (part) => /([A-Za-z_]\w*)\s*$/.exec(part)?.[1],
  );
  const declares = [...new Set([tag, ...names].filter((name) => name !== undefined))];
  return { text, parameters: [], members, declares };
}

function readFunction(text: string, code: string): DocSignature | undefined {
  // '#define NAME(a, b) …' has a list of names and nothing else to tell.
  const macro = /^\s*#\s*define\s+([A-Za-z_]\w*)\(([^()]*)\)/.exec(code);
  if (macro) {
    const parameters = split(macro[2] ?? '', ',')
      .filter((p) => p !== '')
      .map((p) => ({ text: p, name: p }));
    return { text, name: macro[1] ?? '', parameters, members: [], declares: [] };
  }
  for (let open = code.indexOf('('); open >= 0; open = code.indexOf('(', open + 1)) {
    let head = code.slice(0, open);
    let list = open;
    const pointer = /^\(\s*(?:[A-Z_]+\s+)?\*\s*([A-Za-z_]\w*)\s*\)\s*\(/.exec(code.slice(open, open + 200));
    if (pointer) {
      head = `${head} * ${pointer[1]}`;
      list = open + pointer[0].length - 1;
    }
    const name = /([A-Za-z_~][\w:~]*)\s*$/.exec(head.slice(-200))?.[1];
    if (name === undefined) return undefined;
    const end = closing(code, list, '(', ')');
    if (/^(?:__declspec|declspec|__attribute__|DECLSPEC_\w+|_\w*_)$/.test(name)) {
      open = end; // An annotation's own list: the function's name comes after it.
      continue;
    }
    const before = head.slice(0, head.lastIndexOf(name));
    const returnType = collapse(
      (before.split(/[;}]/).at(-1) ?? '').replace(/\btypedef\b|\b_[A-Z]\w*_(?:\([^()]*\))?/g, ''),
    );
    const parameters = split(code.slice(list + 1, end), ',')
      .flatMap(lost)
      .filter((p) => p !== '' && !/^void$/i.test(p))
      .map(parameter);
    return { text, name, ...(returnType === '' ? {} : { returnType }), parameters, members: [], declares: [] };
  }
  return undefined;
}

/** Parts that stand on lines of their own and have lost the comma between them: each is a type and a name. */
function lost(part: string): string[] {
  const lines = part
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const whole = (line: string): boolean =>
    line === '...' || (line.length < partMax && /^[A-Za-z_][^*(]*[\s*]+[A-Za-z_]\w*(?:\[\w*\])?$/.test(line));
  return lines.length > 1 && lines.every(whole) ? lines : [collapse(part)];
}

/** `_In_opt_ const VOID *Dispatch`: annotation, type and name. */
function parameter(text: string): SignatureItem {
  if (text === '...') return { text, name: text };
  if (text.length > partMax) return { text };
  const annotation = /^(?:(?:\[[^\]]*\]|_[A-Z]\w*_(?:\((?:[^()]|\([^()]*\))*\))?|IN|OUT|OPTIONAL|__\w+)\s*)+/
    .exec(text)?.[0]
    .trim();
  const rest = annotation === undefined ? text : text.slice(annotation.length).trim();
  const pointer = /\(\s*\*\s*([A-Za-z_]\w*)\s*\)/.exec(rest)?.[1];
  const match = /^(.*?)([A-Za-z_]\w*)\s*((?:\[[^\]]*\]\s*)*)$/s.exec(rest);
  const type = collapse(`${match?.[1] ?? ''}${match?.[3] ?? ''}`);
  const named =
    pointer !== undefined
      ? { name: pointer }
      : match?.[2] && type !== ''
        ? { name: match[2], type }
        : match?.[2]
          ? { type: match[2] }
          : {};
  return { text, ...named, ...(annotation === undefined ? {} : { annotation }) };
}

function member(text: string): SignatureItem {
  const bare = text.replace(/#[^\n]*(?:\n|$)/g, '').trim();
  const whole = collapse(bare);
  if (bare.length > partMax) return { text: whole, ...lastName(bare.slice(-partMax)) };
  const match = /^([\s\S]*?)([A-Za-z_]\w*)\s*((?:\[[^\]]*\]\s*)*(?::\s*\w+\s*)?)$/.exec(bare);
  const pointer = /\(\s*[\w\s]*\*\s*([A-Za-z_]\w*)\s*\)/.exec(bare)?.[1];
  if (pointer !== undefined && !bare.includes('{')) return { text: whole, name: pointer };
  if (!match?.[2]) return { text: whole };
  const type = collapse(`${match[1] ?? ''}${match[3] ?? ''}`);
  return type === '' ? { text: whole, type: match[2] } : { text: whole, name: match[2], type };
}

/** `Parameters` of a long union that ends in `} Parameters`. */
function lastName(text: string): { name?: string } {
  const name = /\}\s*([A-Za-z_]\w*)$/.exec(text)?.[1];
  return name === undefined ? {} : { name };
}

function enumerator(text: string): SignatureItem {
  if (text.length > partMax) return { text: collapse(text) };
  const match = /([A-Za-z_]\w*)\s*(?:=\s*([\s\S]+))?$/.exec(text.replace(/#[^\n]*(?:\n|$)/g, ''));
  if (!match?.[1]) return { text: collapse(text) };
  return { text: collapse(text), name: match[1], ...(match[2] === undefined ? {} : { value: collapse(match[2]) }) };
}

/** Index of the bracket that closes the one at `open`; the end of the text where none does. */
function closing(text: string, open: number, left: string, right: string): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === left) depth++;
    else if (text[i] === right && --depth === 0) return i;
  }
  return text.length;
}

/** Parts at `separator` outside of all brackets, with their spaces trimmed. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) depth--;
    else if (c === separator && depth <= 0) {
      parts.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ').replace(/\/\/[^\n]*/g, '');
}

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
