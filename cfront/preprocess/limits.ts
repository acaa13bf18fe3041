/**
 * Limits that keep hostile or broken text from taking all time or memory. Each is far above what real drivers need;
 * running into one gives a problem and the rest of the file is still read.
 */
export const limits = {
  /** Tokens that one macro use in a file may make, counting those that only pass through. */
  tokensPerInvocation: 500_000,
  /** The same for a whole translation unit, where a use that was left out for its length weighs more. */
  tokensPerUnit: 4_000_000,
  /** How much more: such uses hardly come alone, and each has cost its time for nothing. */
  weightOfLeftOut: 3,
  /** Macro calls inside arguments of macro calls: each level is ten frames of our own stack, some 3 KB. */
  argumentDepth: 100,
  /** Characters of one token that `#` or `##` makes. */
  pastedLength: 1 << 20,
  /** Files inside files. */
  includeDepth: 200,
  /** Raw tokens of all files that were opened, repeated ones counted each time. */
  rawTokensPerUnit: 10_000_000,
  /** Parentheses, signs and `?:` inside each other in `#if`. */
  conditionDepth: 200,
  /** Problems that are kept. */
  problems: 1000,
  /** Calls without `)` in one file after which the search for one ends early, so that it stays linear. */
  unclosedCalls: 40,
  /** How many tokens that early end allows. */
  unclosedSearch: 500,
  /** Parameters of one macro; Microsoft's compiler takes 127. */
  parameters: 1000,
  /** Invocations in a token's chain; of longer chains the middle is left out. */
  expansionChain: 100,
} as const;
