import { type RunnerTask, TestRunner } from 'vitest';

/** Real peers gossip at their own pace: on a busy machine a test with engines may try twice, and the log names each that did. */
export default class EngineRunner extends TestRunner {
  override async onBeforeRunTask(test: RunnerTask): Promise<void> {
    if (test.file.filepath.endsWith('.engine.test.ts')) test.retry ||= 1;
    await super.onBeforeRunTask(test);
  }
}
