/** Archives of charts: POSIX tar within gzip, by the host's own DEFLATE. */

export interface ChartFile {
	/** Relative to the chart's folder. */
	readonly name: string;
	readonly data: Uint8Array;
}

/** helm refuses nothing so small; a page should not be filled by something packed well. */
const MOST = 8 * 1024 * 1024;

async function through(
	stream: CompressionStream | DecompressionStream,
	octets: Uint8Array,
): Promise<Uint8Array | undefined> {
	const reader = new Blob([octets as Uint8Array<ArrayBuffer>])
		.stream()
		.pipeThrough(stream as unknown as ReadableWritablePair<Uint8Array, Uint8Array>)
		.getReader();
	const pieces: Uint8Array[] = [];
	let size = 0;
	for (;;) {
		const { done, value } = await reader.read();
		if (done) break;
		size += value.length;
		if (size > MOST) {
			await reader.cancel();
			return undefined;
		}
		pieces.push(value);
	}
	const out = new Uint8Array(size);
	let at = 0;
	for (const piece of pieces) {
		out.set(piece, at);
		at += piece.length;
	}
	return out;
}

const text = new TextDecoder();
const octets = new TextEncoder();

/** Files of a `.tgz` without the folder they are in; or why it is none. */
export async function unpack(archive: Uint8Array): Promise<readonly ChartFile[] | { readonly error: string }> {
	if (archive[0] !== 0x1f || archive[1] !== 0x8b)
		return { error: "file does not appear to be a gzipped archive; got 'text/plain; charset=utf-8'" };
	let tar: Uint8Array | undefined;
	try {
		tar = await through(new DecompressionStream('gzip'), archive);
	} catch {
		return { error: 'unexpected EOF' };
	}
	if (!tar) return { error: 'the simulator unpacks charts of eight megabytes at most' };
	const out: ChartFile[] = [];
	for (let at = 0; at + 512 <= tar.length; ) {
		const field = (from: number, length: number): string =>
			text.decode(tar.subarray(at + from, at + from + length)).split('\0')[0]!;
		const name = field(0, 100);
		if (name === '') break;
		const size = Number.parseInt(field(124, 12).trim(), 8) || 0;
		const kind = field(156, 1);
		const prefix = field(345, 155);
		if (kind === '0' || kind === '') {
			const path = (prefix ? `${prefix}/${name}` : name).replace(/^\.\//, '');
			const inside = path.split('/').slice(1).join('/');
			if (inside === '') return { error: 'chart illegally contains content outside the base directory' };
			out.push({ name: inside, data: tar.slice(at + 512, at + 512 + size) });
		}
		at += 512 + Math.ceil(size / 512) * 512;
	}
	return out.length > 0 ? out : { error: 'no files in chart archive' };
}

/** A `.tgz` with all files in one folder; `now` in seconds since 1970. */
export async function pack(folder: string, files: readonly ChartFile[], now: number): Promise<Uint8Array> {
	const blocks: Uint8Array[] = [];
	for (const { name, data } of files) {
		const header = new Uint8Array(512);
		const put = (at: number, value: string): void => header.set(octets.encode(value), at);
		const whole = `${folder}/${name}`;
		const cut = whole.length > 100 ? whole.lastIndexOf('/', 154) : -1;
		put(0, (cut > 0 ? whole.slice(cut + 1) : whole).slice(0, 100));
		put(100, '0000644\0');
		put(108, '0000000\0');
		put(116, '0000000\0');
		put(124, `${data.length.toString(8).padStart(11, '0')}\0`);
		put(136, `${Math.floor(now).toString(8).padStart(11, '0')}\0`);
		put(148, '        ');
		put(156, '0');
		put(257, 'ustar\0' + '00');
		if (cut > 0) put(345, whole.slice(0, cut));
		const sum = header.reduce((a, b) => a + b, 0);
		put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
		blocks.push(header, data, new Uint8Array((512 - (data.length % 512)) % 512));
	}
	blocks.push(new Uint8Array(1024));
	const tar = new Uint8Array(blocks.reduce((size, block) => size + block.length, 0));
	let at = 0;
	for (const block of blocks) {
		tar.set(block, at);
		at += block.length;
	}
	return (await through(new CompressionStream('gzip'), tar))!;
}
