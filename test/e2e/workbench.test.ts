/**
 * What a newcomer does, in the real VS Code with the VSIX installed: reads a hover, takes a completion, looks at the
 * problems of the buggy sample, and debugs the driver with no launch.json. The steps are one story and share a window;
 * every one of them keeps a screenshot.
 */
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { samplesCopy, setup } from './support/setup.ts';
import {
  closeViews,
  hoverOver,
  line,
  openFile,
  openRunAndDebug,
  openView,
  raiseView,
  rowsWith,
  runCommand,
  serverReady,
  suggestions,
  timelineStep,
  turnHoverPage,
  widenSideBar,
  withWorkbench,
} from './support/workbench.ts';

const prepared = setup();

test('editing: hover, completion, problems', async (t) => {
  const samples = samplesCopy(prepared);
  const listen = join(samples, 'listen/listen.c');
  const buggy = join(samples, 'listen-buggy/listen-buggy.c');
  await withWorkbench(prepared, { name: 'editing', folder: samples }, async ({ page, browser, shot }) => {
    await step(t, 'a hover over WskSocket shows its signature, IRQL and parameters', async () => {
      await openFile(page, listen, 'Provider.Dispatch->WskSocket(', 'WskSocket');
      await serverReady(page, 'CreateListeningSocket');
      const text = await hoverOver(page, 'Provider.Dispatch->WskSocket(', 'WskSocket', 'NTSTATUS');
      for (const part of ['WskSocket', 'IRQL', 'DISPATCH_LEVEL', 'AddressFamily', 'SocketType', 'Flags', 'Irp'])
        assert.ok(text.includes(part), `${part} in:\n${text}`);
      await shot('picture-hover', { x: 352, y: 205, width: 924, height: 500 });
      await turnHoverPage(page);
      await shot('hover-parameters');
      await page.keyboard.press('Escape');
    });

    await step(t, 'completion in the argument Flags offers the flags of WskSocket', async () => {
      await openFile(page, listen, 'WSK_FLAG_LISTEN_SOCKET');
      await page.keyboard.press('End');
      await page.keyboard.press('Shift+Home');
      await page.keyboard.type('WSK_');
      const offered = await rowsWith(suggestions(page), 'WSK_FLAG_');
      for (const flag of ['WSK_FLAG_BASIC_SOCKET', 'WSK_FLAG_LISTEN_SOCKET', 'WSK_FLAG_CONNECTION_SOCKET'])
        assert.ok(
          offered.some((label) => label.includes(flag)),
          `${flag} in ${offered.join(' | ')}`,
        );
      // The argument before is SOCK_STREAM.
      assert.ok(!offered.some((label) => label.includes('WSK_FLAG_DATAGRAM_SOCKET')), offered.join(' | '));
      await shot('flags');
      await page.keyboard.press('Enter');
      await page.keyboard.type(',');
      await line(page, 'WSK_FLAG_LISTEN_SOCKET,').waitFor();
      await page.keyboard.press('Escape');
    });

    await step(t, 'a word at the start of a line offers whole patterns, and one of them is written', async () => {
      await openFile(page, join(samples, 'echo/echo.c'), '#include <wsk.h>');
      await serverReady(page, 'echo.c');
      await page.keyboard.press('End');
      for (let key = 0; key < 2; key += 1) await page.keyboard.press('Enter');
      await page.keyboard.type('wsk');
      await rowsWith(suggestions(page), 'wskregistration');
      await page.keyboard.press('Control+Space');
      await page.locator('.suggest-details', { hasText: 'completes by itself' }).first().waitFor();
      await shot('picture-patterns', { x: 352, y: 380, width: 924, height: 330 });
      await page.keyboard.type('s');
      await rowsWith(suggestions(page), 'wsksynchronouscall');
      await page.keyboard.press('Enter');
      // echo.c has a RequestComplete of its own.
      await line(page, 'Request2Initialize').waitFor();
      await shot('pattern-written');
      // The first name is chosen and all that use it change with it.
      await page.keyboard.type('Wait');
      await line(page, 'WaitComplete').waitFor();
      await page.keyboard.press('Escape');
      await page.waitForTimeout(1000);
      // On a busy machine what was said of the half-typed word may still stand there.
      await page.locator('.monaco-editor .squiggly-error').first().waitFor({ state: 'detached' });
      await shot('pattern-named');
    });

    await step(t, 'the buggy sample shows the findings of all eight rules', async () => {
      await openFile(page, buggy, 'eight mistakes');
      await runCommand(page, 'Problems: Focus on Problems View');
      const rows = page.locator('.markers-panel .monaco-list-row');
      await rowsWith(rows, 'completion-keeps-irp');
      await runCommand(page, 'View: Toggle Maximized Panel');
      await rowsWith(rows, 'completion-invoke-all');
      const text = (await rows.allTextContents()).join('\n');
      for (const rule of [
        'completion-keeps-irp',
        'irp-stack-size',
        'basic-socket-dispatch',
        'stack-buffer-outlives-call',
        'irp-touched-after-send',
        'completion-routine-missing',
        'irp-null-check',
        'completion-invoke-all',
      ])
        assert.ok(text.includes(rule), `${rule} in:\n${text}`);
      await shot('problems-all');
      await runCommand(page, 'View: Toggle Maximized Panel');
      await openFile(page, buggy, '&exclusive,');
      await shot('picture-problems', { x: 352, y: 36, width: 924, height: 732 });
    });

    await step(
      t,
      'scenarios are tests, and those that wait for real programs are left out of a run of all',
      async () => {
        await runCommand(page, 'Testing: Focus on Test Explorer View');
        const tests = page.locator('.test-explorer .monaco-list-row');
        await rowsWith(tests, 'accept.wsk.yaml');
        await runCommand(page, 'Test: Run All Tests');
        await page.locator('.test-explorer .monaco-list-row .codicon-testing-passed-icon').nth(1).waitFor();
        await shot('testing');
        await page.keyboard.press('Control+Shift+E');
      },
    );

    await step(t, 'a scenario is completed and checked as it is typed', async () => {
      await openFile(page, join(samples, 'listen/accept.wsk.yaml'), 'unloadAfterMs: 100');
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await page.keyboard.type('net');
      await rowsWith(suggestions(page), 'network');
      await page.keyboard.press('Enter');
      await page.keyboard.type('los');
      await rowsWith(suggestions(page), 'lossPercent');
      await page.keyboard.press('Enter');
      await page.keyboard.type('200');
      await line(page, '  lossPercent: 200').waitFor();
      await page.locator('.monaco-editor .squiggly-error').first().waitFor();
      await hoverOver(page, 'lossPercent: 200', '200', 'must be a number from 0 to 100');
      await shot('picture-scenario', { x: 352, y: 36, width: 924, height: 732 });
    });

    await step(t, 'a scenario runs with its button', async () => {
      for (let key = 0; key < 3; key += 1) await page.keyboard.press('Backspace');
      await page.keyboard.type('0');
      await page.locator('.monaco-editor .squiggly-error').first().waitFor({ state: 'hidden' });
      await page.locator('.editor-actions .action-label[aria-label^="Debug This File"]').click();
      await runCommand(page, 'Debug Console: Focus on Debug Console View');
      await rowsWith(page.locator('.repl .monaco-list-row'), 'listen: a peer connected from port');
      await shot('scenario-run');
    });

    await step(t, 'how a file is compiled is shown', async () => {
      await openFile(page, listen, 'Provider.Dispatch->WskSocket(');
      await runCommand(page, 'WSK: Show Configuration of This File');
      await page.locator('.view-line', { hasText: 'nothing but the defaults' }).first().waitFor();
      await shot('configuration');
    });

    await step(t, 'nothing asked for a host other than this machine', async () => {
      assert.deepEqual([...browser.outsideHosts], []);
    });
  });
});

test('debugging: breakpoint, IRP tree, run to the next completion', async (t) => {
  const listen = join(samplesCopy(prepared), 'listen/listen.c');
  await withWorkbench(prepared, { name: 'debugging', folder: dirname(listen) }, async ({ page, browser, shot }) => {
    const topFrame = () =>
      page
        .locator('.debug-call-stack .monaco-list-row.selected, .debug-call-stack .monaco-list-row', {
          hasText: 'listen.c',
        })
        .first()
        .textContent();

    await step(t, 'F5 with no launch.json runs the open file and stops at a breakpoint', async () => {
      await openFile(page, listen, 'DriverObject->DriverUnload = ListenUnload;');
      await serverReady(page, 'DriverEntry');
      await page.keyboard.press('F9');
      await page.locator('.codicon-debug-breakpoint, .codicon-debug-breakpoint-unverified').first().waitFor();
      await openRunAndDebug(page);
      await page.keyboard.press('F5');
      await page.locator('.debug-toolbar').waitFor();
      await page.locator('.debug-top-stack-frame-line').first().waitFor();
      assert.match((await topFrame()) ?? '', /DriverEntry/);
    });

    await closeViews(page, ['Watch', 'Loaded Scripts', 'Breakpoints']);
    const view = await openView(page, 'IRP Completions');
    const rows = view.locator('.monaco-list-row');
    await widenSideBar(page, 430);
    await raiseView(page, 'Loaded Scripts', 230);
    await raiseView(page, 'Call Stack', -40);
    await step(t, 'the tree shows the pending IRP, and a click on its call goes there', async () => {
      const texts = await rowsWith(rows, /WskAccept.*pending/);
      for (const call of ['WskSocket', 'WskControlSocket', 'WskBind'])
        assert.ok(
          texts.some((row) => row.includes(call) && row.includes('STATUS_SUCCESS')),
          `${call} in ${texts.join(' | ')}`,
        );
      await page.locator('.monaco-list-row', { hasText: 'WskAccept' }).first().locator('.monaco-tl-twistie').click();
      await rowsWith(rows, 'AcceptComplete');
      await shot('irp-tree');
      await rows.locator('.monaco-icon-label', { hasText: 'issued at' }).first().click();
      await line(page, 'return dispatch->WskAccept(').waitFor();
      await shot('go-to-call');
    });

    await step(t, 'a step keeps the tree open', async () => {
      const before = await rowsWith(rows, 'AcceptComplete');
      await page.keyboard.press('F10');
      await line(page, 'return STATUS_SUCCESS;').waitFor();
      await page.waitForTimeout(500);
      assert.deepEqual(await rowsWith(rows, 'AcceptComplete'), before);
      await shot('after-step');
    });

    await step(t, '"Run to Next IRP Completion" lands in the completion routine', async () => {
      const button = page.locator('.debug-toolbar .action-label[aria-label^="Run to Next IRP Completion"]');
      await button.waitFor();
      await button.click();
      const stack = page.locator('.debug-call-stack .monaco-list-row');
      const issuer = page.locator('.debug-call-stack .monaco-list-row', { hasText: 'issued at' });
      await rowsWith(stack, 'AcceptComplete');
      // The view is low, and has only the rows that it shows: the issuer's may be below its edge.
      await page.locator('.debug-call-stack .monaco-list-row', { hasText: 'AcceptComplete' }).first().hover();
      for (let turns = 0; turns < 6 && (await issuer.allTextContents()).length === 0; turns += 1) {
        await page.mouse.wheel(0, 66);
        await page.waitForTimeout(300);
      }
      await rowsWith(stack, /issued at/);
      await rowsWith(page.locator('.debug-variables .monaco-list-row'), /^Irp/);
      await page.locator('.debug-top-stack-frame-line').first().waitFor();
      await line(page, 'PLISTENER listener = (PLISTENER)Context;').waitFor();
      await rowsWith(rows, /WskAccept.*completing STATUS_CANCELLED/);
      // Values stand behind the lines of the function.
      await page
        .locator('.editor-instance .view-line', { hasText: /Context\s=\s0xFFFF/ })
        .first()
        .waitFor();
      // Away from the rows, which tell their whole text where the mouse rests.
      await page.mouse.move(900, 660);
      await page.waitForTimeout(1000);
      await shot('picture-overview');
    });

    await step(t, 'an event of the timeline leads back to its statement, and another forward again', async () => {
      await closeViews(page, ['Variables', 'Call Stack', 'IRP Completions']);
      const timeline = await openView(page, 'IRP Timeline');
      await (await timelineStep(page, '→ WskBind')).click();
      await timelineStep(page, '→ WskBind', '[aria-current]');
      await line(page, 'dispatch->WskBind(').waitFor();
      await shot('timeline-back');
      await (await timelineStep(page, 'completion routine AcceptComplete')).click();
      await timelineStep(page, 'completion routine AcceptComplete', '[aria-current]');
      await line(page, 'PLISTENER listener = (PLISTENER)Context;').waitFor();
      await shot('picture-timeline', { x: 52, y: 480, width: 424, height: 284 });
      await timeline.locator('.pane-header').click();
      await openView(page, 'IRP Completions');
    });

    await step(t, 'the end of the driver leaves its last picture, greyed', async () => {
      await page.keyboard.press('F5');
      await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
      await rowsWith(rows, /WskAccept.*STATUS_CANCELLED/);
      await view.locator('.message', { hasText: 'The driver has ended' }).waitFor();
      await shot('ended');
      assert.deepEqual([...browser.outsideHosts], []);
    });
  });
});

test('debugging the buggy driver: it stops at its first mistake', async () => {
  const buggy = join(samplesCopy(prepared), 'listen-buggy/listen-buggy.c');
  await withWorkbench(prepared, { name: 'finding', folder: dirname(buggy) }, async ({ page, shot }) => {
    await openFile(page, buggy, 'CreateListeningSocket(');
    await serverReady(page, 'CreateListeningSocket');
    await openRunAndDebug(page);
    await page.keyboard.press('F5');
    const message = page.locator('.exception-widget');
    await message.waitFor();
    assert.match((await message.textContent()) ?? '', /NO_MORE_IRP_STACK_LOCATIONS/);
    await rowsWith(page.locator('.debug-call-stack .monaco-list-row'), 'CreateListeningSocket');
    await rowsWith(page.locator('.debug-variables .monaco-list-row'), /^irp/);
    const view = await openView(page, 'IRP Completions');
    await rowsWith(view.locator('.monaco-list-row'), 'IRP #1');
    await shot('picture-finding', { x: 352, y: 36, width: 924, height: 468 });
  });
});

/** One step of the story, as a subtest; the story ends at the first step that fails. */
async function step(t: { test: typeof test }, name: string, body: () => Promise<void>): Promise<void> {
  let failure: unknown;
  await t.test(name, async () => {
    try {
      await body();
    } catch (error) {
      failure = error;
      throw error;
    }
  });
  if (failure) throw failure;
}
