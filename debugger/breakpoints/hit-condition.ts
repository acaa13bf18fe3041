/** The hit conditions of breakpoints: "5" or "== 5" stops at the fifth hit, "> 3", ">= 3", "< 3", "<= 3", "% 10". */

export type HitCondition = (hits: number) => boolean;

/** Undefined where the text is no hit condition. */
export function readHitCondition(text: string): HitCondition | undefined {
  const [, operator = '', digits = ''] = /^\s*(==?|>=?|<=?|%)?\s*(\d{1,15})\s*$/.exec(text) ?? [];
  if (digits === '') return undefined;
  const count = Number(digits);
  switch (operator) {
    case '>':
      return (hits) => hits > count;
    case '>=':
      return (hits) => hits >= count;
    case '<':
      return (hits) => hits < count;
    case '<=':
      return (hits) => hits <= count;
    case '%':
      return count === 0 ? undefined : (hits) => hits % count === 0;
    default:
      return (hits) => hits === count;
  }
}
