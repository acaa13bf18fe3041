/** Names in a sentence: "A", "A and B", "A, B and C", "A, B and 7 more". In: at least one name. Out: the words. */
export function listed(names: readonly string[]): string {
  if (names.length === 1) return names[0] ?? '';
  if (names.length === 2) return names.join(' and ');
  if (names.length === 3) return `${names.slice(0, 2).join(', ')} and ${names[2]}`;
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}
