import { GONE, type LinkedKernel, type Published } from '../../kernel';

/**
 * Notices that a kernel is another process than before. A window is not told of a restart that another one asked for, but
 * the new process says busy and idle under a session of its own. What the server says for it ("restarting", "dead")
 * carries the server's.
 */
export class ProcessWatch {
  private kernel: LinkedKernel | null = null;
  private session: string | null = null;

  constructor(private readonly onAnother: () => void) {}

  follow(kernel: LinkedKernel): void {
    this.end();
    this.kernel = kernel;
    kernel.iopubMessage.connect(this.onPublished);
  }

  /** The next process is not news: that the last one is gone is known. */
  forget(): void {
    this.session = null;
  }

  end(): void {
    this.kernel?.iopubMessage.disconnect(this.onPublished);
    this.kernel = null;
    this.session = null;
  }

  private readonly onPublished = (_: unknown, { header }: Published): void => {
    if (header.msg_type !== 'status' || this.kernel === null || GONE.has(this.kernel.status)) {
      return;
    }
    const isAnother = this.session !== null && this.session !== header.session;
    this.session = header.session;
    if (isAnother) {
      this.onAnother();
    }
  };
}
