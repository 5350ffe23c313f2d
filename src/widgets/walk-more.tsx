/** Bytes and capture of a station: loaded when asked for. */
import { useState } from 'preact/hooks';
import type { Words } from './context.tsx';
import type { Station } from './figure/index.ts';
import { Lazy } from './lazy.tsx';
import type { Shown } from './shown.ts';

export function More({ shown, station, words }: { shown: Shown; station: Station; words: Words }) {
	const [bytes, setBytes] = useState(false);
	const text = words.text.record;
	const save = async () => {
		const { captureOf } = await import('./capture.ts');
		const url = URL.createObjectURL(new Blob([captureOf(shown.run)], { type: 'application/octet-stream' }));
		const a = document.createElement('a');
		a.href = url;
		a.download = `${text.pcapName}.pcapng`;
		a.click();
		setTimeout(() => URL.revokeObjectURL(url), 10_000);
	};
	return (
		<div class="pw-more needs-script">
			<button type="button" class="pw-btn" aria-expanded={bytes} onClick={() => setBytes(!bytes)}>
				{text.bytes}
			</button>
			<button type="button" class="pw-btn" onClick={save}>
				{text.pcap}
			</button>
			{bytes ? (
				<Lazy
					open
					title={text.bytes}
					words={words}
					load={() => import('./bytes.tsx').then((m) => m.loadBytes())}
					props={{ run: shown.run, station }}
				/>
			) : null}
		</div>
	);
}
