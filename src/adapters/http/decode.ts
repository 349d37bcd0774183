import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";

const decoders = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;

/**
 * Undoes `Content-Encoding`, the last coding first, to so many bytes at most: a small body may unfold into a
 * large one.
 */
export async function decodeBody(
  bytes: Buffer,
  encoding: string,
  limit: number,
): Promise<{ bytes: Buffer; isTruncated: boolean }> {
  let decoded = bytes;
  for (const name of encoding.toLowerCase().split(",").reverse()) {
    const decode = decoders[name.trim() as keyof typeof decoders];
    if (!decode || decoded.length === 0) continue;
    try {
      decoded = await decode(decoded, { maxOutputLength: limit });
    } catch (error) {
      const isTooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
      return { bytes: isTooLarge ? Buffer.alloc(0) : decoded, isTruncated: isTooLarge };
    }
  }
  return { bytes: decoded, isTruncated: false };
}
