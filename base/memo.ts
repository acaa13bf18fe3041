/**
 * Answers that are worked out once for an object and kept as long as the object: of trees, for the most part, which stay
 * the same objects from keystroke to keystroke where nobody types in them.
 */
export function memo<Key extends WeakKey, Answer>(answer: (key: Key) => Answer): (key: Key) => Answer {
  const known = new WeakMap<Key, { readonly answer: Answer }>();
  return (key) => {
    let kept = known.get(key);
    if (kept === undefined) {
      kept = { answer: answer(key) };
      known.set(key, kept);
    }
    return kept.answer;
  };
}
