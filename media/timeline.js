// The page of the view "IRP Timeline": shows the picture that it is sent, and says which step of it somebody chose.
const vscode = acquireVsCodeApi();

const steps = () => [...document.querySelectorAll('.step')];

const choose = (target) => {
  const step = target.closest('.step');
  if (step) vscode.postMessage(Number(step.dataset.step));
};

window.addEventListener('message', ({ data }) => {
  document.body.innerHTML = data;
  const now = document.querySelector('.now') ?? steps().at(-1);
  now?.setAttribute('tabindex', 0);
  now?.scrollIntoView({ block: 'nearest', inline: 'start' });
  if (document.hasFocus()) now?.focus();
});

// Without a scroll, which would move what a click is for.
window.addEventListener('focus', () => document.querySelector('[tabindex="0"]')?.focus({ preventScroll: true }));

window.addEventListener('click', ({ target }) => choose(target));

window.addEventListener('keydown', (event) => {
  const all = steps();
  const at = all.indexOf(document.activeElement);
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
  if (to !== undefined) all[to]?.focus();
  else if (event.key === 'Enter' || event.key === ' ') choose(document.activeElement);
  else return;
  event.preventDefault();
});

// It can be sent to from now on.
vscode.postMessage(-1);
