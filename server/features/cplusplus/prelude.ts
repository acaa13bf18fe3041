/**
 * What C has to know of classes before it reads a C++ text as C: each as a structure with its members, methods as
 * pointers to functions, and the members once more by their bare names, as methods use them. Of like names in two classes
 * the first one counts. The includes come before all that, for the types, and as a text of their own: what the file says
 * again of its classes is then nothing to the headers.
 */
import type { Work } from './work.ts';

export interface Prelude {
  readonly includes: string;
  readonly classes: string;
}

export function prelude(text: string, { classes, parameters }: Work): Prelude {
  if (classes.size === 0 && parameters.size === 0) return { includes: '', classes: '' };
  const includes = [...text.matchAll(/^[ \t]*#[ \t]*include[^\n]*$/gm)].map(([line]) => line.trim());
  // What a method says of itself.
  const own = classes.size > 0 ? ['extern void *this;'] : [];
  const types = [...parameters].filter((name) => !classes.has(name)).map((name) => `typedef int ${name};`);
  const names = [...classes.keys()].map((name) => `typedef struct ${name} ${name};`);
  const bodies: string[] = [];
  const bare = new Map<string, string>();
  for (const [name, { fields, methods }] of classes) {
    if (fields.size + methods.size === 0) continue;
    const members = [...fields.values(), ...[...methods].map(([method, result]) => `${result} (*${method})()`)];
    bodies.push(`struct ${name} { ${members.map((member) => `${member};`).join(' ')} };`);
    for (const [field, member] of fields) if (!bare.has(field)) bare.set(field, `extern ${member};`);
    for (const [method, result] of methods) if (!bare.has(method)) bare.set(method, `${result} ${method}();`);
  }
  const lines = [...own, ...types, ...names, ...bodies, ...bare.values()];
  return { includes: asText(includes), classes: asText(lines) };
}

function asText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
