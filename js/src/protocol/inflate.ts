import { ProtocolError } from './fields';

/** Unpacks zlib's format into so many bytes, no more and no less. */
export type Inflate = (packed: Uint8Array<ArrayBuffer>, size: number) => Promise<Uint8Array>;

/** @throws ProtocolError for what is not packed, or unpacks to another size: it stops reading there. */
export async function inflate(packed: Uint8Array<ArrayBuffer>, size: number): Promise<Uint8Array> {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  const bytes = new Uint8Array(size);
  let written = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new ProtocolError('A buffer cannot be unpacked: it is damaged.');
    });
    if (done) {
      break;
    }
    if (written + value.length > size) {
      void reader.cancel();
      throw new ProtocolError(`A buffer unpacks to more than the ${size} bytes that it says.`);
    }
    bytes.set(value, written);
    written += value.length;
  }
  if (written < size) {
    throw new ProtocolError(`A buffer unpacks to ${written} bytes, and says ${size}.`);
  }
  return bytes;
}
