/**
 * Workspace symbols: what the driver's files declare, by words that a person half remembers. The letters must come in
 * their order; where they begin words of the name, or the name itself, the name comes first.
 */

/** The best first; at most `limit`. */
export function searchSymbols<S extends { readonly name: string }>(
  symbols: readonly S[],
  query: string,
  limit = 200,
): readonly S[] {
  const scored = symbols.flatMap((symbol) => {
    const score = matchScore(symbol.name, query);
    return score === undefined ? [] : [{ symbol, score }];
  });
  scored.sort((a, b) => b.score - a.score || compare(a.symbol.name, b.symbol.name));
  return scored.slice(0, limit).map(({ symbol }) => symbol);
}

/** Higher is better; undefined where a letter is missing. */
export function matchScore(name: string, query: string): number | undefined {
  const wanted = query.replace(/\s+/g, '').toLowerCase();
  const lower = name.toLowerCase();
  if (wanted === '') return 0;
  if (lower.startsWith(wanted)) return lower === wanted ? 1000 : 900 - name.length;
  const inside = lower.indexOf(wanted);
  if (inside >= 0) return 600 + (beginsWord(name, inside) ? 100 : 0) - name.length;
  const near = lettersScore(name, wanted, 'next letter');
  return near === undefined ? undefined : Math.max(near, lettersScore(name, wanted, 'next word') ?? near);
}

/** `next word` goes to the next word that begins with the letter, where there is one. */
function lettersScore(name: string, wanted: string, way: 'next letter' | 'next word'): number | undefined {
  const lower = name.toLowerCase();
  let score = 300 - name.length;
  let from = 0;
  for (const letter of wanted) {
    let at = lower.indexOf(letter, from);
    if (way === 'next word') {
      for (let later = at; later >= 0; later = lower.indexOf(letter, later + 1)) {
        if (!beginsWord(name, later)) continue;
        at = later;
        break;
      }
    }
    if (at < 0) return undefined;
    if (beginsWord(name, at)) score += 10;
    from = at + 1;
  }
  return score;
}

function beginsWord(name: string, at: number): boolean {
  const before = name.charAt(at - 1);
  return at === 0 || before === '_' || (/[A-Z]/.test(name.charAt(at)) && !/[A-Z]/.test(before));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
