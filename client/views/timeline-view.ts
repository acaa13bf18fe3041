/**
 * The view "IRP Timeline" of Run and Debug: what the debug adapter tells of the run, drawn (timeline-picture.ts) in a page
 * that runs media/timeline.js and nothing else. A click on an event takes the driver there, back or forward again; once
 * it has ended, to the line that caused the event.
 */
import {
  commands,
  type DebugSession,
  Disposable,
  type ExtensionContext,
  Uri,
  type WebviewView,
  window,
  workspace,
} from 'vscode';
import {
  type GoToMomentArguments,
  goToMomentRequest,
  type ProtocolStep,
  type TimelineResponse,
  timelineRequest,
} from '../../debugger/protocol.ts';
import { goToPlaceCommand } from '../commands/go-to-place.ts';
import { trackSessions } from '../debug/tracker.ts';
import { noTimeline, timelineOf, timelinePicture } from './timeline-picture.ts';

const nothingYet = 'What a driver does is drawn here: each event a row, each IRP a lane. A click goes to that moment.';

export function registerTimeline({ extensionUri }: ExtensionContext): Disposable {
  const media = Uri.joinPath(extensionUri, 'media');
  let view: WebviewView | undefined;
  let session: DebugSession | undefined;
  let timeline = noTimeline;

  const draw = () => view?.webview.postMessage(timeline.steps.length === 0 ? nothingYet : timelinePicture(timeline));

  /** Of the session as it stands; nothing comes of it where it is over. */
  const refresh = async () => {
    const asked = session;
    try {
      const answer: TimelineResponse | undefined = await asked?.customRequest(timelineRequest);
      if (answer !== undefined && asked === session) timeline = timelineOf(answer, timeline);
    } catch {
      // What is drawn is the last that can be known.
    }
    draw();
  };

  const choose = async (step: ProtocolStep) => {
    try {
      const to: GoToMomentArguments = step;
      if (session === undefined) await commands.executeCommand(goToPlaceCommand, step);
      else await session.customRequest(goToMomentRequest, to);
    } catch (error) {
      void window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
  };

  const save = async () => {
    const target = await window.showSaveDialog({ filters: { SVG: ['svg'] } });
    if (target === undefined) return;
    const style = new TextDecoder().decode(await workspace.fs.readFile(Uri.joinPath(media, 'timeline.css')));
    const picture = timelinePicture(timeline).replace('>', `><style>${style}</style>`);
    await workspace.fs.writeFile(target, new TextEncoder().encode(picture));
  };

  return Disposable.from(
    commands.registerCommand('wsk.saveTimeline', save),
    window.registerWebviewViewProvider('wsk.timeline', {
      resolveWebviewView(opened) {
        view = opened;
        const { webview } = opened;
        webview.options = { enableScripts: true, localResourceRoots: [media] };
        const source = (name: string) => webview.asWebviewUri(Uri.joinPath(media, name)).toString();
        const { cspSource } = webview;
        webview.html = `<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${cspSource}; script-src ${cspSource}"><link rel="stylesheet" href="${source('timeline.css')}"><body><script src="${source('timeline.js')}"></script>`;
        // The page says first that it listens, and then which row was chosen.
        webview.onDidReceiveMessage((row: number) => {
          const step = timeline.steps[row];
          void (step === undefined ? refresh() : choose(step));
        });
        opened.onDidDispose(() => {
          view = undefined;
        });
      },
    }),
    trackSessions({
      started: (started) => {
        session = started;
        timeline = noTimeline;
        draw();
      },
      stopped: () => {
        if (view?.visible) void refresh();
      },
      ended: async (over) => {
        await refresh();
        if (session !== over) return;
        session = undefined;
        timeline = { ...timeline, now: -1 };
        draw();
      },
    }),
  );
}
