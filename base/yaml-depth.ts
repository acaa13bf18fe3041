/**
 * Tells of a YAML text whether its nesting is deeper than anybody writes. The library reads by recursion, and a text of
 * brackets alone uses up the stack at places that nothing can catch, so that this is asked before it is called.
 * Brackets within quotes count as well, which errs on the safe side.
 */

const bracketsMax = 200;

export function isDeepYaml(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
    if (depth > bracketsMax) return true;
  }
  // Sequences in sequences on one line, and indentation.
  return /(?:[-?:][ \t]){64}|^[ \t]{200}/m.test(text);
}
