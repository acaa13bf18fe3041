/** A type that differs from its base only for the compiler: counts, addresses and times that must not be mixed up. */
export type Brand<Base, Name extends string> = Base & { readonly __brand: Name };
