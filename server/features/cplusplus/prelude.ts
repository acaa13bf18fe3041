/**
 * What C has to know of classes before it reads a C++ text as C: each as a structure with its members, methods as
 * pointers to functions, and the members once more by their bare names, as methods use them. Of like names in two classes
 * the first one counts. The includes come first, for the types.
 */
import type { Work } from './work.ts';

export function prelude(text: string, { classes, parameters }: Work): string {
  if (classes.size === 0 && parameters.size === 0) return '';
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
  return [...includes, ...own, ...types, ...names, ...bodies, ...bare.values(), ''].join('\n');
}
