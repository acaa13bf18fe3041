/**
 * What an analysis asks of the driver as a whole is written down with it: when another body changes, it stands as long
 * as all that it asked is answered as it was.
 *
 * There are three ways to ask. A question is repeated, and its answers are compared. Who looks for the calls of a name
 * (roles.ts) depends on all bodies that have such a call. Whoever goes over all functions in another way depends on all
 * of them: that is seen by itself, where the session's functions are read.
 *
 * Rules that ask at the end of a run (`when`, `finish`) ask anew in each; for them nothing is written down.
 */
import type { FunctionInfo, Session } from './session.ts';

export interface Asked {
  /** Names whose calls were looked for. */
  readonly names: Set<string>;
  /** By the question with all that it is about. */
  readonly questions: Map<string, Question>;
  /** It looked at all functions. */
  isOfAll: boolean;
}

interface Question {
  readonly answer: unknown;
  readonly isAnsweredAlike: (later: Session) => boolean;
}

type Subject = FunctionInfo | string | readonly string[] | undefined;

/** As it is kept: a function by its key, because a later session has another record for one that has changed. */
type KeptSubject = { readonly key: string } | string | readonly string[] | undefined;

export function nothingAsked(): Asked {
  return { names: new Set(), questions: new Map(), isOfAll: false };
}

/**
 * The function itself, as one whose answers are written down. An answer comes from the functions' text, never from their
 * analyses. `told` gives what is compared of an answer.
 */
export function question<Subjects extends readonly Subject[], Answer>(
  name: string,
  answerOf: (session: Session, ...subjects: Subjects) => Answer,
  told: (answer: Answer) => unknown = (answer) => answer,
): (session: Session, ...subjects: Subjects) => Answer {
  return (session, ...subjects) => {
    const { asking } = session;
    if (asking === undefined) return answerOf(session, ...subjects);
    const { questions } = asking.asked;
    const key = keyOf(name, subjects);
    const known = questions.get(key);
    if (known !== undefined) return known.answer as Answer;
    const answer = unnoted(session, () => answerOf(session, ...subjects));
    questions.set(key, { answer, isAnsweredAlike: repeated(answerOf, subjects.map(kept), told, told(answer)) });
    return answer;
  };
}

function repeated<Subjects extends readonly Subject[], Answer>(
  answerOf: (session: Session, ...subjects: Subjects) => Answer,
  subjects: readonly KeptSubject[],
  told: (answer: Answer) => unknown,
  before: unknown,
): Question['isAnsweredAlike'] {
  return (later) => {
    const now: Subject[] = [];
    for (const subject of subjects) {
      const isFunction = typeof subject === 'object' && 'key' in subject;
      const found = isFunction ? later.functionAt(subject.key) : subject;
      // Which of two functions of one name it was about is not known any more.
      if (isFunction && (found === undefined || later.isAmbiguous(subject.key))) return false;
      now.push(found);
    }
    return told(answerOf(later, ...(now as readonly Subject[] as Subjects))) === before;
  };
}

/** All that the analysis asked is answered in a later session as it was. */
export function isAnsweredAlike({ asked }: FunctionInfo, later: Session): boolean {
  return [...asked.questions.values()].every((question) => question.isAnsweredAlike(later));
}

/** The analysis that is running, if one is, looks at all functions. */
export function noteAll({ asking }: Session): void {
  if (asking !== undefined) asking.asked.isOfAll = true;
}

/** What a question itself looks at is not noted: its answer is. */
export function unnoted<T>(session: Session, work: () => T): T {
  const { asking } = session;
  session.asking = undefined;
  const done = work();
  session.asking = asking;
  return done;
}

function keyOf(name: string, subjects: readonly Subject[]): string {
  let key = name;
  for (const subject of subjects) {
    const named = kept(subject);
    key += ` ${typeof named === 'object' && 'key' in named ? named.key : String(named)}`;
  }
  return key;
}

function kept(subject: Subject): KeptSubject {
  return typeof subject === 'object' && 'key' in subject ? { key: subject.key } : subject;
}
