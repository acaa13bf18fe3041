/**
 * Questions to the thread that has the docs. Each gets one answer: the thread's, or undefined when that does not come
 * within the limit, or the thread has ended.
 */
import type { Answers, Question } from '../../../host/docs/messages.ts';

type Answer = Answers[keyof Answers] | undefined;

export interface Questions {
  ask<K extends Question['kind']>(
    question: Question & { readonly kind: K },
    limitMs: number,
  ): Promise<Answers[K] | undefined>;
  answered(id: number, answer: Answer): void;
  /** Nobody is there any more to answer those that wait. */
  giveUp(): void;
}

export function createQuestions(send: (id: number, question: Question) => void): Questions {
  let nextId = 1;
  const waiting = new Map<number, (answer: Answer) => void>();
  return {
    ask: <K extends Question['kind']>(question: Question & { readonly kind: K }, limitMs: number) =>
      new Promise<Answers[K] | undefined>((done) => {
        const id = nextId++;
        const timer = setTimeout(() => settle(undefined), limitMs);
        const settle = (answer: Answer): void => {
          clearTimeout(timer);
          waiting.delete(id);
          // The thread answers a question with what its kind has.
          done(answer as Answers[K] | undefined);
        };
        waiting.set(id, settle);
        send(id, question);
      }),
    answered: (id, answer) => waiting.get(id)?.(answer),
    giveUp() {
      for (const settle of [...waiting.values()]) settle(undefined);
    },
  };
}
